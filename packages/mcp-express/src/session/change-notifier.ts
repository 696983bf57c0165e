import type { Principal } from '../auth/principal.js';
import type { Catalog } from '../features/catalog.js';
import type { McpServer } from '../features/mcp-server.js';
import { isReadable } from '../features/resources/resource-methods.js';
import { ConfigurationError, kindOf } from '../protocol/errors.js';
import { notificationText } from '../protocol/json-rpc.js';
import { LISTS, type ListName } from '../protocol/mcp.js';
import { uriKey } from '../protocol/uri.js';
import type { Viewer } from '../registry/visibility.js';
import type { Notifier } from '../request/running-call.js';
import { TOPICS } from '../request/topics.js';
import { UrlElicitations } from '../request/url-elicitations.js';
import type { OutgoingEvent, SessionId, SessionRecord, Store, StreamKey } from '../store/store.js';
import type { Streams } from '../stream/streams.js';
import { OncePerTurn } from '../util/once-per-turn.js';
import { sessionViewer } from './session-viewer.js';

/** The bus topic with sessions to notify about updated resources. */
const SESSIONS_TOPIC = 'sessions-to-tell';

/** The notification for each list; it is the same for all sessions. */
const LIST_CHANGED = Object.fromEntries(
  LISTS.map((list) => [list, { data: notificationText(`notifications/${list}/list_changed`) }]),
) as Readonly<Record<ListName, OutgoingEvent>>;

/** An open standalone stream. */
interface OpenStream {
  readonly key: StreamKey;
  /** Lists and updates are narrowed to this caller. */
  readonly viewer: Viewer;
  readonly lists: readonly ListName[];
}

/** The versions of the lists of a catalog, and the inputs from which they were computed. */
interface Versions {
  readonly catalog: Catalog;
  readonly numbers: readonly number[];
  readonly lists: readonly ListName[];
  readonly versions: SessionRecord['lists'];
}

/** The notifications for a session that knows one set of versions, now that there is another. */
interface CachedNotifications {
  readonly known: SessionRecord['lists'];
  readonly versions: SessionRecord['lists'];
  readonly events: readonly OutgoingEvent[];
}

/**
 * Notifies sessions of changes. State is stored rather than history: each session's record has the versions of the lists
 * that its client knows, and the store has the resources updated since. A client that returns after a while is notified
 * once, by the node that serves its stream.
 */
export class ChangeNotifier implements Notifier {
  /** The standalone streams open on this node, and the lists announced to each client at `initialize`. */
  readonly #attached = new Map<SessionId, OpenStream>();
  readonly #stop: readonly (() => void)[];
  /** Programs register many features in a row; one comparison and notification of each list is enough for all of them. */
  readonly #listsChanged = new OncePerTurn(() => void this.#notifyLists());
  readonly #elicitations: UrlElicitations;
  #lastVersions: Versions | undefined;
  #lastNotifications: CachedNotifications | undefined;

  /** @param failed receives failures to announce a change. */
  constructor(
    private readonly server: McpServer,
    private readonly store: Store,
    private readonly streams: Streams,
    private readonly failed: (where: string, cause: unknown) => void,
  ) {
    this.#elicitations = new UrlElicitations(store, streams);
    this.#stop = [
      server.onChange(() => this.#listsChanged.schedule()),
      store.bus.subscribe(TOPICS.list, () => this.#listsChanged.schedule()),
      store.bus.subscribe(SESSIONS_TOPIC, (message) => this.#notifyUpdates(JSON.parse(message) as SessionId[])),
    ];
  }

  toolsChanged(): Promise<void> {
    return this.#bump('tools');
  }

  resourcesChanged(): Promise<void> {
    return this.#bump('resources');
  }

  promptsChanged(): Promise<void> {
    return this.#bump('prompts');
  }

  /**
   * Announces an update of a resource to the sessions that are subscribed to it.
   *
   * @throws ConfigurationError, synchronously, if `uri` is not a string.
   */
  resourceUpdated(uri: string): Promise<void> {
    assertText(uri, 'resourceUpdated takes a URI');
    return this.#unawaited(this.#mark(uriKey(uri)));
  }

  /** Announces the completion of a URL elicitation. @throws ConfigurationError, synchronously, if the id is not a string. */
  elicitationComplete(elicitationId: string): Promise<boolean> {
    assertText(elicitationId, 'elicitationComplete takes an elicitationId');
    return this.#unawaited(this.#elicitations.complete(elicitationId));
  }

  /** The current versions of the lists: a fingerprint of their contents, and the number of announced changes. */
  async versions(lists: readonly ListName[], viewer: Viewer): Promise<SessionRecord['lists']> {
    return this.#versionsAt(await this.store.versions.read(LISTS), lists, viewer);
  }

  /** Sends changes on this stream from now on, and those that the session has missed at once. */
  async attach(key: StreamKey, record: SessionRecord, principal: Principal | undefined): Promise<void> {
    const { lists } = record;
    const announced = LISTS.filter((list) => list in lists);
    const viewer = sessionViewer(record, principal);
    const shown = { key, viewer, lists: announced.length === LISTS.length ? LISTS : announced };
    this.#attached.set(key.session, shown);
    await this.#announceLists(shown, await this.store.versions.read(LISTS));
    await this.#announceUpdates(shown);
  }

  /** Narrows the stream to a renewed principal, and announces the lists that differ for it. */
  renew(key: StreamKey, principal: Principal): void {
    const shown = this.#attached.get(key.session);
    if (shown?.key !== key) return;
    const before = this.server.catalog.for(shown.viewer).fingerprints;
    const viewer = { ...shown.viewer, principal };
    const now = this.server.catalog.for(viewer).fingerprints;
    const renewed = { ...shown, viewer };
    this.#attached.set(key.session, renewed);
    if (renewed.lists.every((list) => before[list] === now[list])) return;
    this.store.versions
      .read(LISTS)
      .then((numbers) => this.#announceLists(renewed, numbers))
      .catch(this.#onFailure);
  }

  /** Stops sending changes on this stream. */
  detach(key: StreamKey): void {
    if (this.#attached.get(key.session)?.key === key) this.#attached.delete(key.session);
  }

  close(): void {
    for (const stop of this.#stop) stop();
    this.#listsChanged.cancel();
  }

  #bump(list: ListName): Promise<void> {
    return this.#unawaited(this.#publishList(list));
  }

  async #publishList(list: ListName): Promise<void> {
    await this.store.versions.bump(list);
    await this.store.bus.publish(TOPICS.list, list);
  }

  async #mark(key: string): Promise<void> {
    const sessions = await this.store.subscriptions.mark(key);
    await this.store.bus.publish(TOPICS.resource, key);
    if (sessions.length > 0) await this.store.bus.publish(SESSIONS_TOPIC, JSON.stringify(sessions));
  }

  /** Most callers do not await the announcement, and a store failure must not crash the process as an unhandled rejection. */
  #unawaited<T>(announcing: Promise<T>): Promise<T> {
    announcing.catch(this.#onFailure);
    return announcing;
  }

  /** Notifies all streams: the contents of a list may differ for each principal, the number of announced changes does not. */
  async #notifyLists(): Promise<void> {
    try {
      const numbers = await this.store.versions.read(LISTS);
      for (const shown of this.#attached.values()) this.#announceLists(shown, numbers).catch(this.#onFailure);
    } catch (cause) {
      this.#onFailure(cause);
    }
  }

  #notifyUpdates(sessions: readonly SessionId[]): void {
    for (const session of sessions) {
      const shown = this.#attached.get(session);
      if (shown !== undefined) this.#announceUpdates(shown).catch(this.#onFailure);
    }
  }

  readonly #onFailure = (cause: unknown): void => this.failed('announcing a change', cause);

  async #announceLists({ key, lists, viewer }: OpenStream, numbers: readonly number[]): Promise<void> {
    const versions = this.#versionsAt(numbers, lists, viewer);
    const known = await this.store.sessions.swapLists(key.session, versions);
    if (known === undefined) return;
    const events = this.#eventsBetween(known, versions, lists);
    if (events.length > 0) await this.streams.append(key, events);
  }

  /** Updates of resources that are hidden from the principal are not announced, as for unknown URIs. */
  async #announceUpdates({ key, viewer }: OpenStream): Promise<void> {
    const updated = await this.store.subscriptions.take(key.session);
    if (updated.length === 0) return;
    const catalog = this.server.catalog.for(viewer);
    const visible = updated.filter((uri) => isReadable(catalog, uri));
    const events = visible.map((uri) => ({ data: notificationText('notifications/resources/updated', { uri }) }));
    if (events.length > 0) await this.streams.append(key, events);
  }

  /** Most sessions know the same versions, so the last result is cached. */
  #eventsBetween(
    known: SessionRecord['lists'],
    versions: SessionRecord['lists'],
    lists: readonly ListName[],
  ): readonly OutgoingEvent[] {
    const last = this.#lastNotifications;
    if (last?.known === known && last.versions === versions) return last.events;
    const events = lists.filter((list) => known[list] !== versions[list]).map((list) => LIST_CHANGED[list]);
    this.#lastNotifications = { known, versions, events };
    return events;
  }

  /**
   * Most sessions have the same versions, so the last result is cached and shared.
   *
   * @param numbers the number of announced changes of each of `LISTS`.
   */
  #versionsAt(numbers: readonly number[], lists: readonly ListName[], viewer: Viewer): SessionRecord['lists'] {
    const catalog = this.server.catalog.for(viewer);
    const last = this.#lastVersions;
    if (last?.catalog === catalog && isSame(last.numbers, numbers) && isSame(last.lists, lists)) return last.versions;
    const versions: Record<string, string> = {};
    for (const list of lists) versions[list] = `${catalog.fingerprints[list]}.${numbers[LISTS.indexOf(list)] ?? 0}`;
    this.#lastVersions = { catalog, numbers, lists, versions };
    return versions;
  }
}

function assertText(given: unknown, what: string): void {
  if (typeof given !== 'string') throw new ConfigurationError(`${what}, a text; it was given ${kindOf(given)}`);
}

function isSame<T>(some: readonly T[], others: readonly T[]): boolean {
  return some.length === others.length && some.every((one, index) => one === others[index]);
}
