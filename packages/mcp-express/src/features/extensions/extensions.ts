import { hasExtension } from '../../protocol/client-capabilities.js';
import { ConfigurationError } from '../../protocol/errors.js';
import type { JsonRpcNotification, Params } from '../../protocol/json-rpc.js';
import { isVisible, type Viewer } from '../../registry/visibility.js';
import { HandlerClient } from '../../request/handler-client.js';
import type { RequestContext } from '../../request/request-context.js';
import { issuesText, type ValidationResult } from '../../schema/compiled-schema.js';
import type { FeatureMethod, FeatureNotification } from '../feature.js';
import type { McpServer } from '../mcp-server.js';
import { skillsFeature } from '../skills/skill-methods.js';
import { tasksFeature } from '../tasks/task-methods.js';
import type { CompiledExtension } from './compile-extension.js';
import { isReserved } from './extension-names.js';

/** The sender or receiver of a message. */
type Peer = Pick<RequestContext, 'principal' | 'client' | 'revision' | 'sessionId'> & Viewer;

/** The extensions of this package, which are announced once they are used. */
const OWN: readonly CompiledExtension[] = [tasksFeature, skillsFeature];

/** The extensions of a server: tasks, skills, and those that the application registers. */
export class Extensions {
  readonly #all = new Map<string, CompiledExtension>();
  readonly #methods = new Map<string, FeatureMethod>();
  readonly #notifications = new Map<string, FeatureNotification>();

  /** @param isCore whether a method belongs to MCP itself */
  constructor(private readonly isCore: (method: string) => boolean) {
    for (const extension of OWN) this.add(extension);
  }

  /** @throws ConfigurationError when the id, a method or a notification is taken */
  add(extension: CompiledExtension): void {
    const { id } = extension.extension;
    const methods = Object.entries(extension.methods);
    const notifications = Object.entries(extension.notifications ?? {});
    if (this.#all.has(id)) throw new ConfigurationError(`Extension "${id}" is registered already`);
    for (const [name] of methods) {
      const what = `Method "${name}" of extension "${id}"`;
      if (this.isCore(name) || isReserved(name)) throw new ConfigurationError(`${what} is a method of MCP`);
      if (this.#methods.has(name)) throw new ConfigurationError(`${what} belongs to another extension already`);
    }
    for (const [name] of notifications) {
      if (!this.#notifications.has(name)) continue;
      throw new ConfigurationError(`Notification "${name}" of extension "${id}" belongs to another extension already`);
    }
    this.#all.set(id, extension);
    for (const [name, method] of methods) this.#methods.set(name, method);
    for (const [name, notification] of notifications) this.#notifications.set(name, notification);
  }

  /** Returns false if it was not registered. */
  remove(extension: CompiledExtension): boolean {
    const { id } = extension.extension;
    if (this.#all.get(id) !== extension) return false;
    this.#all.delete(id);
    for (const name of Object.keys(extension.methods)) this.#methods.delete(name);
    for (const name of Object.keys(extension.notifications ?? {})) this.#notifications.delete(name);
    return true;
  }

  /** The method of an extension with this name. */
  method(name: string): FeatureMethod | undefined {
    return this.#methods.get(name);
  }

  /** Whether an extension has a method or a notification of this name. */
  has(name: string): boolean {
    return this.#methods.has(name) || this.#notifications.has(name);
  }

  /** Whether the announced extensions differ between callers. */
  get areRestricted(): boolean {
    return [...this.#all.values()].some(({ extension }) => extension.visible !== undefined);
  }

  /** The announced extensions with their settings, as far as they exist for this caller. */
  announced(server: McpServer, caller: Viewer, era: 'sessions' | 'stateless'): Params {
    const announced = [...this.#all.values()].flatMap(({ extension, methods }) => {
      const { id, settings, visible } = extension;
      const served = Object.values(methods);
      const isServed = served.length === 0 || served.some(({ only = era }) => only === era);
      const own = isServed && isVisible(visible, caller) ? settings(server) : undefined;
      return own === undefined ? [] : [[id, own] as const];
    });
    return Object.fromEntries(announced);
  }

  /**
   * The params of a notification for this client, checked. `undefined` if the client has not declared the extension, or
   * the extension does not exist for it.
   * @throws ConfigurationError when no extension has the notification, or its schema does not allow the params
   */
  outgoing(method: string, params: Params, peer: Peer): Params | undefined | Promise<Params> {
    const notification = this.#notifications.get(method);
    if (notification === undefined) {
      throw new ConfigurationError(`No extension has the notification "${method}": see registerExtension`);
    }
    const { extension, visible } = notification;
    if (!hasExtension(peer.client.capabilities, extension) || !isVisible(visible, peer)) return undefined;
    const { _meta } = params;
    const checked = notification.check(params);
    const withMeta = (result: ValidationResult): Params => {
      if ('value' in result) return { ...(result.value as Params), ...(_meta === undefined ? {} : { _meta }) };
      throw new ConfigurationError(`Invalid params of ${method}: ${issuesText(result)}`);
    };
    return checked instanceof Promise ? checked.then(withMeta) : withMeta(checked);
  }

  /** Gives a notification of a client to its handler. Invalid and unknown ones are ignored, as JSON-RPC requires. */
  async receive({ method, params }: JsonRpcNotification, from: Peer): Promise<void> {
    const notification = this.#notifications.get(method);
    if (notification?.receive === undefined) return;
    const { extension, visible } = notification;
    if (!hasExtension(from.client.capabilities, extension) || !isVisible(visible, from)) return;
    const checked = await notification.check(params ?? {});
    if (!('value' in checked)) return;
    const { principal, client, revision, sessionId } = from;
    await notification.receive(checked.value, {
      principal,
      client: new HandlerClient(client),
      revision: revision.id,
      sessionId,
    });
  }
}
