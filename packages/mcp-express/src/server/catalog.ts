import type { ListName } from '../ground/mcp.js';
import { Listing } from './listing.js';
import type { CompiledPrompt } from './prompt.js';
import type { CompiledResource, CompiledTemplate } from './resource.js';
import type { CompiledTool } from './tool.js';

/** Everything a server offers at one moment. Immutable. */
export class Catalog {
  constructor(
    readonly tools: Listing<CompiledTool>,
    readonly resources: Listing<CompiledResource>,
    readonly templates: Listing<CompiledTemplate>,
    readonly prompts: Listing<CompiledPrompt>,
  ) {}

  static empty(pageSize: number): Catalog {
    return new Catalog(
      new Listing('tools', pageSize),
      new Listing('resources', pageSize),
      new Listing('resourceTemplates', pageSize),
      new Listing('prompts', pageSize),
    );
  }

  with(changes: Partial<Pick<Catalog, 'tools' | 'resources' | 'templates' | 'prompts'>>): Catalog {
    return new Catalog(
      changes.tools ?? this.tools,
      changes.resources ?? this.resources,
      changes.templates ?? this.templates,
      changes.prompts ?? this.prompts,
    );
  }

  /** Some argument of a prompt or variable of a template has values that can be suggested. */
  get hasCompleters(): boolean {
    const all = [
      ...this.prompts.all.map((prompt) => prompt.completers),
      ...this.templates.all.map(({ template }) => template.options.complete ?? {}),
    ];
    return all.some((completers) => Object.keys(completers).length > 0);
  }

  /** What each list looks like, in few characters. */
  get fingerprints(): Readonly<Record<ListName, string>> {
    return {
      tools: this.tools.fingerprint,
      resources: `${this.resources.fingerprint}${this.templates.fingerprint}`,
      prompts: this.prompts.fingerprint,
    };
  }
}
