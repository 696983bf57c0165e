import type { ListName } from '../protocol/mcp.js';
import { uriKey } from '../protocol/uri.js';
import type { Listing } from '../registry/listing.js';
import type { Viewer } from '../registry/visibility.js';
import type { CompiledPrompt } from './prompts/prompt.js';
import type { CompiledResource, CompiledTemplate } from './resources/resource.js';
import type { SkillCatalog } from './skills/skill-catalog.js';
import type { CompiledTool } from './tools/tool.js';

/** The registered entries of a server at one time. Immutable. */
export class Catalog {
  #hasHooks: boolean | undefined;

  constructor(
    readonly tools: Listing<CompiledTool>,
    readonly resources: Listing<CompiledResource>,
    readonly templates: Listing<CompiledTemplate>,
    readonly prompts: Listing<CompiledPrompt>,
    readonly skills: SkillCatalog,
    /** Any URI may be that of a resource: only a hosted server knows which ones it has. */
    readonly readsAny = false,
    /** The part of `tools` that `tools/list` shows: all of them, unless the server has a tool search. */
    readonly listedTools: Listing<CompiledTool> = tools,
  ) {}

  /** The same catalog, for a hosted server. */
  asOpaque(): Catalog {
    return new Catalog(this.tools, this.resources, this.templates, this.prompts, this.skills, true, this.listedTools);
  }

  /** The part that exists for this caller. */
  for(viewer: Viewer): Catalog {
    const tools = this.tools.for(viewer);
    const listed = this.listedTools === this.tools ? tools : this.listedTools.for(viewer);
    const resources = this.resources.for(viewer);
    const templates = this.templates.for(viewer);
    const prompts = this.prompts.for(viewer);
    const whole =
      tools === this.tools &&
      listed === this.listedTools &&
      resources === this.resources &&
      templates === this.templates &&
      prompts === this.prompts;
    return whole ? this : new Catalog(tools, resources, templates, prompts, this.skills, this.readsAny, listed);
  }

  /** The static resource with this URI. An exact match comes first, then a resource whose URI is equivalent. */
  resourceAt(uri: string): CompiledResource | undefined {
    const exact = this.resources.entries.get(uri);
    if (exact !== undefined) return exact;
    const spelling = uriKey(uri);
    for (const resource of this.resources.entries.values()) if (resource.canonicalKey === spelling) return resource;
    return undefined;
  }

  /** Whether any prompt argument or template variable has a completer. */
  get hasCompleters(): boolean {
    const all = [
      ...this.prompts.all.map((prompt) => prompt.completers),
      ...this.templates.all.map(({ template }) => template.options.complete ?? {}),
    ];
    return all.some((completers) => Object.keys(completers).length > 0);
  }

  /** Whether any resource or template has hooks for its subscriptions. */
  get hasSubscriptionHooks(): boolean {
    this.#hasHooks ??= [...this.resources.all, ...this.templates.all].some(({ hooks }) => hooks !== undefined);
    return this.#hasHooks;
  }

  /** A short hash of each list, to detect changes. */
  get fingerprints(): Readonly<Record<ListName, string>> {
    return {
      tools: this.listedTools.fingerprint,
      resources: `${this.resources.fingerprint}${this.templates.fingerprint}${this.skills.fingerprint}`,
      prompts: this.prompts.fingerprint,
    };
  }
}
