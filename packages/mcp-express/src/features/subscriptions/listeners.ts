import type { Principal } from '../../auth/principal.js';
import { McpError } from '../../protocol/errors.js';
import type { Params, RequestId } from '../../protocol/json-rpc.js';
import type { ListName } from '../../protocol/mcp.js';
import { META } from '../../protocol/meta.js';
import { uriKey } from '../../protocol/uri.js';
import type { Call } from '../../request/call.js';
import { TOPICS } from '../../request/topics.js';
import type { Bus, TaskRecord } from '../../store/store.js';
import { OncePerTurn } from '../../util/once-per-turn.js';
import { timerMs } from '../../util/time.js';
import { announcedLists } from '../discovery/server-capabilities.js';
import type { McpServer } from '../mcp-server.js';
import { isReadable } from '../resources/resource-methods.js';
import { coversScopes } from '../scope-checker.js';
import type { Tasks } from '../tasks/tasks.js';
import { filterParams, type ListenLimits, readFilter, type SubscriptionFilter } from './subscription-filter.js';
import type { WatchedResources } from './watched-resources.js';

interface Listener {
  readonly call: Call;
  readonly id: RequestId;
  readonly filter: SubscriptionFilter;
  /** The subscribed URIs as the client wrote them, by their canonical keys. */
  readonly uris: ReadonlyMap<string, string>;
  /** The fingerprint of each list when the client was last notified. */
  readonly known: Map<ListName, string>;
  /** Ends the subscription with its result. */
  readonly end: () => void;
}

/** The parts of a node that subscriptions need. */
export interface ListenerDeps {
  readonly server: McpServer;
  readonly bus: Bus;
  readonly tasks: Tasks;
  readonly watched: WatchedResources;
  readonly limits: ListenLimits;
  readonly failed: (where: string, cause: unknown) => void;
}

/**
 * The open `subscriptions/listen` requests of this node. Notifications are limited to what the principal may see,
 * checked at the start and again before each notification.
 */
export class Listeners {
  readonly #listeners = new Set<Listener>();
  readonly #holders = new Map<string, number>();
  /**
   * Applications register many entries in a row: each list is compared, and announced, once per turn of the event loop.
   */
  readonly #listsChanged = new OncePerTurn(() => this.#onCatalog());
  #closed = false;
  readonly #stop: readonly (() => void)[];

  constructor(private readonly deps: ListenerDeps) {
    const { server, bus } = deps;
    this.#stop = [
      server.onChange(() => this.#listsChanged.schedule()),
      bus.subscribe(TOPICS.list, (list) => this.#onList(list as ListName)),
      bus.subscribe(TOPICS.resource, (key) => this.#onResource(key)),
      bus.subscribe(TOPICS.task, (id) => void this.#onTask(id)),
    ];
  }

  /**
   * Answers `subscriptions/listen`. Resolves to the result when the server ends the subscription, to `undefined` when
   * the client does.
   */
  async listen(call: Call): Promise<string | undefined> {
    const { holder } = call.context;
    const count = this.#holders.get(holder) ?? 0;
    if (count >= this.deps.limits.perOwner) {
      throw new McpError('too-many-streams', `There may be ${this.deps.limits.perOwner} subscriptions at a time`);
    }
    // Counted before the first `await`, so that concurrent requests cannot exceed the limit.
    this.#holders.set(holder, count + 1);
    try {
      return await this.#serve(call);
    } finally {
      const left = (this.#holders.get(holder) ?? 1) - 1;
      if (left > 0) this.#holders.set(holder, left);
      else this.#holders.delete(holder);
    }
  }

  get count(): number {
    return this.#listeners.size;
  }

  /** Ends all subscriptions with their result, after which clients may subscribe on another node. */
  close(): void {
    this.#closed = true;
    for (const stop of this.#stop) stop();
    this.#listsChanged.cancel();
    for (const listener of this.#listeners) listener.end();
  }

  async #serve(call: Call): Promise<string | undefined> {
    const { id } = call.message;
    const filter = await this.#grant(call, readFilter(call.message.params, this.deps.limits));
    // The client has disconnected, or the router has closed, during the store access.
    if (call.isEnded) return undefined;
    if (this.#closed) return closingResult(call);
    let settle!: (orderly: boolean) => void;
    const ending = new Promise<boolean>((resolve) => {
      settle = resolve;
    });
    const uris = byKey(filter.uris);
    const listener: Listener = { call, id, filter, uris, known: new Map(), end: () => settle(true) };
    this.#remember(listener, filter.lists);
    call.signal.addEventListener('abort', () => settle(false), { once: true });
    let timer = whenExpired(call.principal, listener.end);
    call.context.onRenewed = () => {
      clearTimeout(timer);
      timer = whenExpired(call.principal, listener.end);
      this.#onCatalogOf(listener);
    };
    await sendNotification(listener, 'notifications/subscriptions/acknowledged', {
      notifications: filterParams(filter),
    });
    this.#listeners.add(listener);
    this.#onCatalogOf(listener);
    const stopWatching = this.deps.watched.listening(call, [...uris.values()]);
    const orderly = await ending;
    stopWatching();
    this.#listeners.delete(listener);
    call.context.onRenewed = undefined;
    clearTimeout(timer);
    return orderly ? closingResult(call) : undefined;
  }

  /** The part of the requested filter that exists for this principal. Hidden and unknown entries are both left out. */
  async #grant(call: Call, wanted: SubscriptionFilter): Promise<SubscriptionFilter> {
    const catalog = this.deps.server.catalog.for(call.context);
    const announced = announcedLists(this.deps.server);
    const tasks: string[] = [];
    for (const id of wanted.tasks) {
      if ((await this.#taskFor(call, id)) !== undefined) tasks.push(id);
    }
    return {
      lists: wanted.lists.filter((list) => announced.includes(list)),
      uris: wanted.uris.filter((uri) => isReadable(catalog, uri)),
      tasks,
    };
  }

  /** The task, if it belongs to this principal and the principal has all scopes that the task was started with. */
  async #taskFor({ context: { owner, principal } }: Call, id: string): Promise<TaskRecord | undefined> {
    const task = await this.deps.tasks.find(id, owner);
    return task !== undefined && coversScopes(principal, task) ? task : undefined;
  }

  #remember({ call, known }: Listener, lists: readonly ListName[]): void {
    const { fingerprints } = this.deps.server.catalog.for(call.context);
    for (const list of lists) known.set(list, fingerprints[list]);
  }

  /** Handles changes of the catalog. Clients for which no list differs get no notification. */
  #onCatalog(): void {
    for (const listener of this.#listeners) {
      try {
        this.#onCatalogOf(listener);
      } catch (cause) {
        this.deps.failed('announcing a change', cause);
      }
    }
  }

  /** Announces the lists that have changed for this client. */
  #onCatalogOf(listener: Listener): void {
    if (listener.filter.lists.length === 0) return;
    const { fingerprints } = this.deps.server.catalog.for(listener.call.context);
    for (const list of listener.filter.lists) {
      if (listener.known.get(list) === fingerprints[list]) continue;
      listener.known.set(list, fingerprints[list]);
      void sendNotification(listener, `notifications/${list}/list_changed`);
    }
  }

  #onList(list: ListName): void {
    for (const listener of this.#listeners) {
      if (!listener.filter.lists.includes(list)) continue;
      // The notification covers the current state, so a later comparison must not announce it again.
      this.#remember(listener, [list]);
      void sendNotification(listener, `notifications/${list}/list_changed`);
    }
  }

  /** @param key the canonical key of the URI */
  #onResource(key: string): void {
    for (const listener of this.#listeners) {
      const uri = listener.uris.get(key);
      if (uri === undefined) continue;
      const catalog = this.deps.server.catalog.for(listener.call.context);
      if (isReadable(catalog, uri)) void sendNotification(listener, 'notifications/resources/updated', { uri });
    }
  }

  async #onTask(id: string): Promise<void> {
    for (const listener of this.#listeners) {
      if (!listener.filter.tasks.includes(id)) continue;
      try {
        const task = await this.#taskFor(listener.call, id);
        if (task !== undefined) void sendNotification(listener, 'notifications/tasks', this.deps.tasks.paramsOf(task));
      } catch (cause) {
        this.deps.failed('notifying of a task', cause);
      }
    }
  }
}

/** Of several spellings of one URI the first counts, so that an update is announced once. */
function byKey(uris: readonly string[]): ReadonlyMap<string, string> {
  const spelled = new Map<string, string>();
  for (const uri of uris) {
    const key = uriKey(uri);
    if (!spelled.has(key)) spelled.set(key, uri);
  }
  return spelled;
}

/** The result of the subscription: "a completion result" (MCP 2026-07-28, Subscriptions, "Graceful Closure"). */
function closingResult({ message, writer }: Call): string {
  return writer.write({ _meta: { [META.subscriptionId]: message.id } });
}

/** Sends a notification of the subscription. Its id is the id of the request that opened it. */
function sendNotification({ call, id }: Listener, method: string, params: Params = {}): Promise<void> {
  if (call.isEnded) return Promise.resolve();
  return call.notify(method, { ...params, _meta: { [META.subscriptionId]: id } }).catch(() => {});
}

/** Ends the subscription when the token of its principal expires. */
function whenExpired(principal: Principal | undefined, end: () => void): NodeJS.Timeout | undefined {
  if (principal?.expiresAt === undefined) return undefined;
  return setTimeout(end, timerMs(Math.max(0, principal.expiresAt * 1000 - Date.now()))).unref();
}
