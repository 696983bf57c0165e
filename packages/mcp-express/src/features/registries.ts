import type { ListOptions } from '../registry/listing.js';
import { Registry } from '../registry/registry.js';
import { Catalog } from './catalog.js';
import type { CompiledPrompt } from './prompts/prompt.js';
import type { CompiledResource, CompiledTemplate } from './resources/resource.js';
import { SkillCatalog } from './skills/skill-catalog.js';
import type { CompiledTool } from './tools/tool.js';

/** The mutable registries of a server. */
export class Registries {
  readonly tools: Registry<CompiledTool>;
  readonly resources: Registry<CompiledResource>;
  readonly templates: Registry<CompiledTemplate>;
  readonly prompts: Registry<CompiledPrompt>;
  skills: SkillCatalog;
  /** The tools that `tools/list` shows. Absent: all. */
  listedTools: ReadonlySet<string> | undefined;

  constructor(options: ListOptions) {
    this.tools = new Registry('tools', options);
    this.resources = new Registry('resources', options);
    this.templates = new Registry('resourceTemplates', options);
    this.prompts = new Registry('prompts', options);
    this.skills = new SkillCatalog(options.pageSize);
  }

  /** The current catalog. Unchanged lists are the same objects as before. */
  get catalog(): Catalog {
    const { listedTools: listed, tools, resources, templates, prompts, skills } = this;
    const list = listed === undefined ? tools.listing : tools.subset(({ key }) => listed.has(key));
    return new Catalog(tools.listing, resources.listing, templates.listing, prompts.listing, skills, false, list);
  }
}
