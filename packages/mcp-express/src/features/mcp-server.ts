import { ConfigurationError } from '../protocol/errors.js';
import type { Implementation } from '../protocol/mcp.js';
import type { Listed } from '../registry/listing.js';
import type { Registry } from '../registry/registry.js';
import type { SchemaSource } from '../schema/schema.js';
import type { Catalog } from './catalog.js';
import type { Delegate } from './delegate.js';
import { compileExtension } from './extensions/compile-extension.js';
import type { Extension } from './extensions/extension.js';
import { Extensions } from './extensions/extensions.js';
import { isCoreMethod } from './features.js';
import type { Middleware, MiddlewareFor, MiddlewareMethod, MiddlewareOptions } from './middleware/middleware.js';
import { RegisteredMiddleware } from './middleware/registered-middleware.js';
import { compilePrompt, type PromptConfig, type PromptHandler } from './prompts/prompt.js';
import { Registries } from './registries.js';
import {
  compileResource,
  compileTemplate,
  type ReadResource,
  type ReadTemplate,
  type ResourceConfig,
  type ResourceTemplate,
} from './resources/resource.js';
import { type InitializedSession, type RootsChange, ServerEvents, type SessionEnd } from './server-events.js';
import { assertInfo, checkedOptions, DEFAULT_PAGE_SIZE, type McpServerOptions } from './server-options.js';
import { compileSkill, type SkillSource } from './skills/skill.js';
import { skillDocumentResource } from './skills/skill-document.js';
import { compileTool, type ToolConfig, type ToolHandler } from './tools/tool.js';
import { compileToolSearch, type ToolSearchOptions } from './tools/tool-search.js';

/** A registration that can be undone. */
export interface Registered {
  /** Removes the entry. Running calls finish. Idempotent. */
  remove(): void;
}

type AnyHandler = (...args: unknown[]) => unknown;

/**
 * The tools, resources, prompts and skills of a server, defined once and shared by all clients, sessions and nodes.
 * Independent of connections.
 *
 * Entries can be registered at any time. A change creates a new immutable catalog, which later requests use, and
 * clients get `notifications/…/list_changed`.
 */
export class McpServer {
  readonly info: Implementation;
  readonly options: McpServerOptions;
  readonly #registries: Registries;
  #catalog: Catalog | undefined;
  readonly #listeners = new Set<() => void>();
  /** The extensions of this server, for the router. */
  readonly extensions = new Extensions(isCoreMethod);
  /** The middleware, for the router to run. `undefined` if none was registered. */
  middleware: RegisteredMiddleware | undefined;
  /** Listeners of the application, for the router to call. */
  readonly events = new ServerEvents();

  /** @throws ConfigurationError when the name or version is missing or an option is invalid */
  constructor(info: Implementation, options: McpServerOptions = {}) {
    assertInfo(info);
    const { pageSize = DEFAULT_PAGE_SIZE, listTtlMs = 0 } = checkedOptions(options);
    this.info = Object.freeze({ ...info });
    this.options = Object.freeze({ ...options });
    this.#registries = new Registries({ pageSize, ttlMs: listTtlMs });
  }

  /**
   * Registers a tool.
   * @throws ConfigurationError when the name is taken or invalid, or a schema is unusable
   */
  registerTool<
    const I extends SchemaSource | undefined = undefined,
    const O extends SchemaSource | undefined = undefined,
  >(name: string, config: ToolConfig<I, O>, handler: ToolHandler<I, O>): Registered {
    const tool = compileTool(name, config, handler as AnyHandler);
    return this.#add(this.#registries.tools, tool, `Tool "${name}"`);
  }

  /**
   * Replaces the list of tools by a search: `tools/list` shows two tools that find and describe the others, and the
   * tools that `listed` names. All tools can be called by name as before.
   * @throws ConfigurationError when an option is invalid, a name is taken, or there is a search already
   */
  registerToolSearch(options: ToolSearchOptions = {}): Registered {
    if (this.#registries.listedTools !== undefined) throw new ConfigurationError('There is a tool search already');
    const { tools, listed } = compileToolSearch(options, () => this.catalog);
    for (const { key } of tools) {
      if (this.#registries.tools.has(key)) throw new ConfigurationError(`Tool "${key}" is registered already`);
    }
    const registered = tools.map((tool) => this.#add(this.#registries.tools, tool, `Tool "${tool.key}"`));
    this.#registries.listedTools = listed;
    return {
      remove: () => {
        if (this.#registries.listedTools === listed) this.#registries.listedTools = undefined;
        for (const tool of registered) tool.remove();
      },
    };
  }

  /**
   * Registers a resource with a fixed URI.
   * @throws ConfigurationError when the URI is taken or invalid
   */
  registerResource(name: string, uri: string, config: ResourceConfig, read: ReadResource): Registered;
  /**
   * Registers a template, which serves all resources whose URI matches.
   * @throws ConfigurationError when the template is taken
   */
  registerResource(name: string, template: ResourceTemplate, config: ResourceConfig, read: ReadTemplate): Registered;
  registerResource(
    name: string,
    where: string | ResourceTemplate,
    config: ResourceConfig,
    read: ReadResource | ReadTemplate,
  ): Registered {
    if (typeof where === 'string') {
      const resource = compileResource(where, name, config, read as ReadResource);
      return this.#add(this.#registries.resources, resource, `Resource ${where}`);
    }
    const template = compileTemplate(where, name, config, read as ReadTemplate);
    return this.#add(this.#registries.templates, template, `Resource template ${template.key}`);
  }

  /**
   * Registers a prompt.
   * @throws ConfigurationError when the name is taken or the schema is unusable
   */
  registerPrompt<const A extends SchemaSource | undefined = undefined>(
    name: string,
    config: PromptConfig<A>,
    handler: PromptHandler<A>,
  ): Registered {
    return this.#add(this.#registries.prompts, compilePrompt(name, config, handler as AnyHandler), `Prompt "${name}"`);
  }

  /**
   * Registers a skill: a folder of files that instruct a model, from `loadSkill` or built in code. Its SKILL.md is also
   * listed as a resource, and clients of every revision can read all its files as resources.
   * @throws ConfigurationError when the skill is invalid or its URI is taken
   */
  registerSkill(source: SkillSource): Registered {
    const skill = compileSkill(source);
    const manual = skillDocumentResource(skill);
    const skills = this.#registries.skills.with(skill);
    this.#registries.resources.add(manual, `Skill ${skill.key}`);
    this.#registries.skills = skills;
    this.#changed();
    const remove = (): void => {
      if (!this.#registries.resources.remove(manual)) return;
      this.#registries.skills = this.#registries.skills.without(skill);
      this.#changed();
    };
    return { remove };
  }

  /**
   * Registers an extension of MCP: announced to clients, with methods and notifications for those that declare it.
   * @throws ConfigurationError when the id, a name, a schema or a handler is invalid, or a name is taken
   */
  registerExtension<
    const M extends Readonly<Record<string, SchemaSource>>,
    const N extends Readonly<Record<string, SchemaSource>>,
  >(extension: Extension<M, N>): Registered {
    const compiled = compileExtension(extension as Extension);
    this.extensions.add(compiled);
    this.#changed();
    return {
      remove: () => {
        if (this.extensions.remove(compiled)) this.#changed();
      },
    };
  }

  /**
   * Registers middleware: a function around the requests of clients, of every method or of one. The first is the outermost.
   * @throws ConfigurationError when the method or an option is unknown, or the middleware is not a function
   */
  use(middleware: Middleware, options?: MiddlewareOptions): Registered;
  use<M extends MiddlewareMethod>(method: M, middleware: MiddlewareFor<M>, options?: MiddlewareOptions): Registered;
  use(...given: readonly unknown[]): Registered {
    this.middleware ??= new RegisteredMiddleware();
    return { remove: this.middleware.add(given) };
  }

  /**
   * Calls `listener` when a client announces a change of its roots.
   * @returns removes the listener
   * @deprecated with roots by MCP 2026-07-28 (SEP-2577), which has no such notification.
   */
  onRootsChanged(listener: (client: RootsChange) => unknown): () => void {
    return this.events.rootsChanged.add(listener);
  }

  /**
   * Calls `listener` when the client of a session has sent `notifications/initialized`, on the node that received it.
   * Stateless requests (2026-07-28) have no such message.
   * @returns removes the listener
   */
  onInitialized(listener: (session: InitializedSession) => unknown): () => void {
    return this.events.initialized.add(listener);
  }

  /**
   * Calls `listener` when a session has ended, on every node that runs then, so that each can release what it keeps for
   * the session. A node that stops does not end sessions.
   * @returns removes the listener
   */
  onSessionEnd(listener: (end: SessionEnd) => unknown): () => void {
    return this.events.sessionEnded.add(listener);
  }

  /** Answers in place of the registered features. Absent for a server that has registered features. */
  get delegate(): Delegate | undefined {
    return undefined;
  }

  /** The current entries, compiled. Immutable, and built on first access. */
  get catalog(): Catalog {
    this.#catalog ??= this.#registries.catalog;
    return this.#catalog;
  }

  /**
   * Calls `listener` after each change of the catalog. Several changes may happen in one turn of the event loop, so
   * listeners that read the catalog should defer that to its end.
   * @returns removes the listener
   */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #add<T extends Listed>(roll: Registry<T>, entry: T, what: string): Registered {
    roll.add(entry, what);
    this.#changed();
    return {
      remove: () => {
        if (roll.remove(entry)) this.#changed();
      },
    };
  }

  #changed(): void {
    this.#catalog = undefined;
    for (const listener of this.#listeners) listener();
  }
}
