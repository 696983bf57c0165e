import type { Principal } from '../auth/principal.js';
import { assertKnown, ConfigurationError, kindOf } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';
import type { Implementation } from '../protocol/mcp.js';
import type { Listed } from '../registry/listing.js';
import { memberFault } from '../registry/optional-members.js';
import type { Roll } from '../registry/roll.js';
import type { SchemaSource } from '../schema/schema.js';
import type { Catalog } from './catalog.js';
import { compilePrompt, type PromptConfig, type PromptHandler } from './prompts/prompt.js';
import {
  compileResource,
  compileTemplate,
  type ReadResource,
  type ReadTemplate,
  type ResourceConfig,
  type ResourceTemplate,
} from './resources/resource.js';
import { Rolls } from './rolls.js';
import { manualResource } from './skills/manual.js';
import { compileSkill, type SkillSource } from './skills/skill.js';
import { compileTool, type ToolConfig, type ToolHandler } from './tools/tool.js';

export interface McpServerOptions {
  /** How to use this server, for the model; sent with the answer to `initialize`. @default none */
  readonly instructions?: string;
  /** Entries on one page of a list. @default 1000 */
  readonly pageSize?: number;
  /**
   * Milliseconds for which clients of 2026-07-28 may take lists, and what `server/discover` says, for fresh. A client that
   * listens for changes is told of them in any case. @default 0
   */
  readonly listTtlMs?: number;
  /**
   * What is announced to clients although nothing of it is registered yet, because it may be later. What is registered is
   * announced in any case, and tools always. @default []
   */
  readonly announce?: readonly ('resources' | 'prompts')[];
}

/** A registration that can be taken back. */
export interface Registered {
  /** Takes it away. Calls that are running finish. Idempotent. */
  remove(): void;
}

/** The client whose roots have changed. */
export interface RootsChange {
  readonly sessionId: string | undefined;
  readonly principal: Principal | undefined;
}

type AnyHandler = (...args: unknown[]) => unknown;

/** Far more than servers have; a client that reads no further pages misses nothing. */
const DEFAULT_PAGE_SIZE = 1_000;

function assertInfo(info: unknown): void {
  if (!isObject(info)) {
    throw new ConfigurationError(`McpServer takes { name, version } first; it was given ${kindOf(info)}`);
  }
  for (const member of ['name', 'version']) {
    if (typeof info[member] === 'string' && info[member] !== '') continue;
    throw new ConfigurationError(`McpServer needs a "${member}", a text; it is ${kindOf(info[member])}`);
  }
  const fault = memberFault(info);
  if (fault !== undefined) throw new ConfigurationError(`McpServer: ${fault}`);
}

const ANNOUNCED: readonly unknown[] = ['resources', 'prompts'];

function checkedOptions(options: McpServerOptions): McpServerOptions {
  assertKnown(options, ['instructions', 'pageSize', 'listTtlMs', 'announce'], 'McpServer');
  const { instructions = '', pageSize = 1, listTtlMs = 0, announce = [] } = options;
  if (typeof instructions !== 'string') throw wrongOption('instructions', 'a text', instructions);
  if (!Number.isSafeInteger(pageSize) || pageSize < 1) {
    throw wrongOption('pageSize', 'a whole number of at least 1', pageSize);
  }
  if (!Number.isSafeInteger(listTtlMs) || listTtlMs < 0) {
    throw wrongOption('listTtlMs', 'a whole number of milliseconds of at least 0', listTtlMs);
  }
  const given: unknown = announce;
  if (!Array.isArray(given) || !given.every((each) => ANNOUNCED.includes(each))) {
    throw wrongOption('announce', 'a list of "resources" and "prompts"', given);
  }
  return options;
}

function wrongOption(name: string, wanted: string, given: unknown): ConfigurationError {
  const shown = typeof given === 'object' ? JSON.stringify(given) : kindOf(given);
  return new ConfigurationError(`McpServer option "${name}" must be ${wanted}; it is ${shown}`);
}

/**
 * What a server offers: defined once, shared by every client, session and node. It knows nothing of connections.
 *
 * Registering is possible at any time. A change makes a new immutable catalog, which the requests that follow see, and
 * clients are told with `notifications/…/list_changed`.
 */
export class McpServer {
  readonly info: Implementation;
  readonly options: McpServerOptions;
  readonly #rolls: Rolls;
  #catalog: Catalog | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #rootsListeners = new Set<(client: RootsChange) => void>();

  /** @throws ConfigurationError when the name or version is missing or an option is wrong. */
  constructor(info: Implementation, options: McpServerOptions = {}) {
    assertInfo(info);
    const { pageSize = DEFAULT_PAGE_SIZE, listTtlMs = 0 } = checkedOptions(options);
    this.info = Object.freeze({ ...info });
    this.options = Object.freeze({ ...options });
    this.#rolls = new Rolls({ pageSize, ttlMs: listTtlMs });
  }

  /**
   * Adds a tool.
   *
   * @throws ConfigurationError when the name is taken or not allowed, or a schema cannot be used.
   */
  registerTool<
    const I extends SchemaSource | undefined = undefined,
    const O extends SchemaSource | undefined = undefined,
  >(name: string, config: ToolConfig<I, O>, handler: ToolHandler<I, O>): Registered {
    const tool = compileTool(name, config, handler as AnyHandler);
    return this.#add(this.#rolls.tools, tool, `Tool "${name}"`);
  }

  /** Adds a resource with a URI of its own. @throws ConfigurationError when the URI is taken or none. */
  registerResource(name: string, uri: string, config: ResourceConfig, read: ReadResource): Registered;
  /** Adds a family of resources. @throws ConfigurationError when the template is taken. */
  registerResource(name: string, template: ResourceTemplate, config: ResourceConfig, read: ReadTemplate): Registered;
  registerResource(
    name: string,
    where: string | ResourceTemplate,
    config: ResourceConfig,
    read: ReadResource | ReadTemplate,
  ): Registered {
    if (typeof where === 'string') {
      const resource = compileResource(where, name, config, read as ReadResource);
      return this.#add(this.#rolls.resources, resource, `Resource ${where}`);
    }
    const template = compileTemplate(where, name, config, read as ReadTemplate);
    return this.#add(this.#rolls.templates, template, `Resource template ${template.key}`);
  }

  /** Adds a prompt. @throws ConfigurationError when the name is taken, or the schema cannot be used. */
  registerPrompt<const A extends SchemaSource | undefined = undefined>(
    name: string,
    config: PromptConfig<A>,
    handler: PromptHandler<A>,
  ): Registered {
    return this.#add(this.#rolls.prompts, compilePrompt(name, config, handler as AnyHandler), `Prompt "${name}"`);
  }

  /**
   * Adds a skill: a folder of files that tell a model how to do something, from `loadSkill` or made up. Its SKILL.md is
   * also listed as a resource, and every file of it can be read as one, by clients of every revision.
   *
   * @throws ConfigurationError when something of it is wrong, or its URI is taken.
   */
  registerSkill(source: SkillSource): Registered {
    const skill = compileSkill(source);
    const manual = manualResource(skill);
    const skills = this.#rolls.skills.with(skill);
    this.#rolls.resources.add(manual, `Skill ${skill.key}`);
    this.#rolls.skills = skills;
    this.#changed();
    const remove = (): void => {
      if (!this.#rolls.resources.remove(manual)) return;
      this.#rolls.skills = this.#rolls.skills.without(skill);
      this.#changed();
    };
    return { remove };
  }

  /** Calls `listener` when a client says that its roots have changed, until the returned function is called. */
  onRootsChanged(listener: (client: RootsChange) => void): () => void {
    this.#rootsListeners.add(listener);
    return () => this.#rootsListeners.delete(listener);
  }

  /** A client's roots have changed. Called by the transport, which is told what the listeners threw. */
  rootsChanged(client: RootsChange): readonly unknown[] {
    const thrown: unknown[] = [];
    for (const listener of this.#rootsListeners) {
      try {
        listener(client);
      } catch (cause) {
        thrown.push(cause);
      }
    }
    return thrown;
  }

  /** What is registered now: immutable, compiled once, and put together when it is first asked for. */
  get catalog(): Catalog {
    this.#catalog ??= this.#rolls.catalog;
    return this.#catalog;
  }

  /**
   * Calls `listener` after each change of the catalog, until the returned function is called. Many changes may come in one
   * turn: what looks at the catalog should wait for the end of it.
   */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #add<T extends Listed>(roll: Roll<T>, entry: T, what: string): Registered {
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
