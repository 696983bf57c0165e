import type { ListOptions } from '../registry/listing.js';
import { Roll } from '../registry/roll.js';
import { Catalog } from './catalog.js';
import type { CompiledPrompt } from './prompts/prompt.js';
import type { CompiledResource, CompiledTemplate } from './resources/resource.js';
import { SkillShelf } from './skills/skill-shelf.js';
import type { CompiledTool } from './tools/tool.js';

/** The mutable registries of a server. */
export class Rolls {
  readonly tools: Roll<CompiledTool>;
  readonly resources: Roll<CompiledResource>;
  readonly templates: Roll<CompiledTemplate>;
  readonly prompts: Roll<CompiledPrompt>;
  skills: SkillShelf;

  constructor(options: ListOptions) {
    this.tools = new Roll('tools', options);
    this.resources = new Roll('resources', options);
    this.templates = new Roll('resourceTemplates', options);
    this.prompts = new Roll('prompts', options);
    this.skills = new SkillShelf(options.pageSize);
  }

  /** The current catalog. Unchanged lists are the same objects as before. */
  get catalog(): Catalog {
    const { tools, resources, templates, prompts, skills } = this;
    return new Catalog(tools.listing, resources.listing, templates.listing, prompts.listing, skills);
  }
}
