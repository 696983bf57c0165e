import { isPromise } from 'node:util/types';
import { uriKey } from '../../protocol/uri.js';
import type { Call } from '../../request/call.js';
import { HandlerClient } from '../../request/handler-client.js';
import type { Bus, SessionId, SessionStore } from '../../store/store.js';
import type { McpServer } from '../mcp-server.js';
import { resourceFor } from '../resources/resource-methods.js';
import type { Subscription, SubscriptionHooks } from './subscription-hooks.js';

/** Bus topic of ended subscriptions of sessions, which may have begun on another node. Message: session and key. */
const TOPIC = 'unsubscribed';

/** Longest interval between searches for expired sessions. Milliseconds. */
const SEARCH_MS = 60_000;

interface Watched {
  readonly hooks: SubscriptionHooks;
  readonly subscription: Subscription;
}

/** The parts of a node that hooks of subscriptions need. */
export interface WatchedResourcesDeps {
  readonly server: McpServer;
  readonly bus: Bus;
  readonly sessions: Pick<SessionStore, 'read'>;
  /** Milliseconds after which an idle session expires. */
  readonly idleMs: number;
  readonly failed: (where: string, cause: unknown) => void;
}

/** The subscriptions that began on this node to resources with hooks. Without such resources it does nothing. */
export class WatchedResources {
  /** By session, and by the key that all spellings of a URI share. */
  readonly #sessions = new Map<SessionId, Map<string, Watched>>();
  readonly #stop: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly deps: WatchedResourcesDeps) {
    this.#stop = deps.bus.subscribe(TOPIC, (message) => {
      const [session, key] = JSON.parse(message) as [SessionId, string];
      this.#end(session, key);
    });
  }

  /** A session has subscribed to a resource. */
  subscribed(call: Call, uri: string): void {
    const watched = this.#watchedBy(call, uri);
    if (watched === undefined) return;
    const known = this.#sessions.get(call.key) ?? new Map<string, Watched>();
    const key = uriKey(uri);
    if (known.has(key)) return;
    this.#sessions.set(call.key, known.set(key, watched));
    this.#timer ??= setInterval(() => void this.#search(), Math.min(SEARCH_MS, this.deps.idleMs)).unref();
    this.#begin(watched);
  }

  /** A session has unsubscribed from a resource. */
  async unsubscribed(session: SessionId, uri: string): Promise<void> {
    if (!this.deps.server.catalog.hasSubscriptionHooks && this.#sessions.size === 0) return;
    const key = uriKey(uri);
    this.#end(session, key);
    await this.deps.bus.publish(TOPIC, JSON.stringify([session, key]));
  }

  /** A session has ended. */
  sessionEnded(session: SessionId): void {
    for (const key of [...(this.#sessions.get(session)?.keys() ?? [])]) this.#end(session, key);
  }

  /**
   * A stateless client listens for changes of these resources.
   * @returns ends the subscriptions
   */
  listening(call: Call, uris: readonly string[]): () => void {
    const watched = uris.flatMap((uri) => this.#watchedBy(call, uri) ?? []);
    for (const each of watched) this.#begin(each);
    return () => {
      for (const each of watched) this.#finish(each);
    };
  }

  close(): void {
    this.#stop();
    clearInterval(this.#timer);
    for (const session of [...this.#sessions.keys()]) this.sessionEnded(session);
  }

  #watchedBy(call: Call, uri: string): Watched | undefined {
    const { catalog } = this.deps.server;
    if (!catalog.hasSubscriptionHooks) return undefined;
    const hooks = resourceFor(catalog.for(call.context), uri)?.hooks;
    if (hooks === undefined) return undefined;
    const { principal, revision, sessionId } = call;
    const client = new HandlerClient(call.client);
    return { hooks, subscription: { uri, principal, sessionId, client, revision } };
  }

  #end(session: SessionId, key: string): void {
    const known = this.#sessions.get(session);
    const watched = known?.get(key);
    if (known === undefined || watched === undefined) return;
    known.delete(key);
    if (known.size === 0) this.#sessions.delete(session);
    if (this.#sessions.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    this.#finish(watched);
  }

  #begin({ hooks, subscription }: Watched): void {
    this.#run('onSubscribe', () => hooks.onSubscribe?.(subscription));
  }

  #finish({ hooks, subscription }: Watched): void {
    this.#run('onUnsubscribe', () => hooks.onUnsubscribe?.(subscription));
  }

  #run(name: keyof SubscriptionHooks, hook: () => unknown): void {
    const failed = (cause: unknown): void => this.deps.failed(name, cause);
    try {
      const returned = hook();
      if (isPromise(returned)) returned.catch(failed);
    } catch (cause) {
      failed(cause);
    }
  }

  /** Sessions expire without a message. */
  async #search(): Promise<void> {
    try {
      for (const session of [...this.#sessions.keys()]) {
        if ((await this.deps.sessions.read(session)) === undefined) this.sessionEnded(session);
      }
    } catch (cause) {
      this.deps.failed('looking for expired sessions', cause);
    }
  }
}
