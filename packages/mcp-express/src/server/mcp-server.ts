import { ConfigurationError } from '../ground/errors.js';
import type { Implementation } from '../ground/mcp.js';
import { Catalog } from './catalog.js';
import type { SchemaSource } from './schema.js';
import { compileTool, type ToolConfig, type ToolHandler } from './tool.js';

export interface McpServerOptions {
  /** How to use this server, for the model; sent with the answer to `initialize`. @default none */
  readonly instructions?: string;
}

/** A registration that can be taken back. */
export interface RegisteredTool {
  readonly name: string;
  /** Takes the tool away. Calls that are running finish. Idempotent. */
  remove(): void;
}

/**
 * What a server offers: defined once, shared by every client, session and node. It knows nothing of connections.
 *
 * Registering is possible at any time. A change makes a new immutable catalog, which the requests that follow see, and
 * clients are told with `notifications/tools/list_changed`.
 */
export class McpServer {
  readonly info: Implementation;
  readonly instructions: string | undefined;
  #catalog = new Catalog([]);
  readonly #listeners = new Set<() => void>();

  constructor(info: Implementation, options: McpServerOptions = {}) {
    if (typeof info?.name !== 'string' || info.name === '') throw new ConfigurationError('McpServer needs a "name"');
    if (typeof info.version !== 'string') throw new ConfigurationError('McpServer needs a "version"');
    this.info = Object.freeze({ ...info });
    this.instructions = options.instructions;
  }

  /**
   * Adds a tool.
   *
   * @throws ConfigurationError when the name is taken or not allowed, or a schema cannot be used.
   */
  registerTool<
    const I extends SchemaSource | undefined = undefined,
    const O extends SchemaSource | undefined = undefined,
  >(name: string, config: ToolConfig<I, O>, handler: ToolHandler<I, O>): RegisteredTool {
    if (this.#catalog.tools.has(name)) throw new ConfigurationError(`Tool "${name}" is registered already`);
    const tool = compileTool(name, config, handler as (...args: unknown[]) => unknown);
    this.#replace([...this.#catalog.tools.values(), tool]);
    return { name, remove: () => this.#replace([...this.#catalog.tools.values()].filter((other) => other !== tool)) };
  }

  /** What is registered now: immutable, and compiled once. */
  get catalog(): Catalog {
    return this.#catalog;
  }

  /** Calls `listener` after each change of the catalog, until the returned function is called. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #replace(tools: ConstructorParameters<typeof Catalog>[0]): void {
    this.#catalog = new Catalog(tools);
    for (const listener of this.#listeners) listener();
  }
}
