import type { Principal } from '../auth/principal.js';
import type { Catalog } from '../features/catalog.js';
import type { McpServer } from '../features/mcp-server.js';
import { isReadable } from '../features/resources/resource-methods.js';
import { ConfigurationError, kindOf } from '../protocol/errors.js';
import { notificationText } from '../protocol/json-rpc.js';
import { LISTS, type ListName } from '../protocol/mcp.js';
import { uriKey } from '../protocol/uri.js';
import type { Notifier } from '../request/call-scope.js';
import { TOPICS } from '../request/topics.js';
import { UrlElicitations } from '../request/url-elicitations.js';
import type { OutgoingEvent, SessionId, SessionRecord, Store, StreamKey } from '../store/store.js';
import type { Streams } from '../stream/streams.js';
import { OnceATurn } from '../util/once-a-turn.js';

/** Where nodes tell each other which sessions are to hear of a resource. */
const SESSIONS_TOPIC = 'sessions-to-tell';

/** What is said of each list: the same to everybody. */
const LIST_CHANGED = Object.fromEntries(
  LISTS.map((list) => [list, { data: notificationText(`notifications/${list}/list_changed`) }]),
) as Readonly<Record<ListName, OutgoingEvent>>;

interface Shown {
  readonly key: StreamKey;
  /** Who is shown it: what has changed is what has changed for them. */
  readonly principal: Principal | undefined;
  readonly lists: readonly ListName[];
}

/** What the lists of a catalog looked like, and the numbers that it was worked out from. */
interface Versions {
  readonly catalog: Catalog;
  readonly numbers: readonly number[];
  readonly lists: readonly ListName[];
  readonly versions: SessionRecord['lists'];
}

/** What is to be said to whoever knows these versions, now that there are those. */
interface Said {
  readonly known: SessionRecord['lists'];
  readonly versions: SessionRecord['lists'];
  readonly events: readonly OutgoingEvent[];
}

/**
 * Tells sessions what has changed. What is kept is state, not history: each session's record has the versions of the
 * lists its client knows, and the store has the resources that were updated since. Whoever comes back after a while is
 * told once, by whichever node shows its stream.
 */
export class Changes implements Notifier {
  /** The standalone streams that are shown on this node, and the lists each client was told that there are. */
  readonly #shown = new Map<SessionId, Shown>();
  readonly #stop: readonly (() => void)[];
  /** Programs register many things in a row: looking at each list, and telling of it, once is enough. */
  readonly #listsChanged = new OnceATurn(() => void this.#tellLists());
  readonly #elicitations: UrlElicitations;
  #lastVersions: Versions | undefined;
  #lastSaid: Said | undefined;

  constructor(
    private readonly server: McpServer,
    private readonly store: Store,
    private readonly streams: Streams,
    private readonly failed: (where: string, cause: unknown) => void,
  ) {
    this.#elicitations = new UrlElicitations(store, streams);
    this.#stop = [
      server.onChange(() => this.#listsChanged.soon()),
      store.bus.subscribe(TOPICS.list, () => this.#listsChanged.soon()),
      store.bus.subscribe(SESSIONS_TOPIC, (message) => this.#tellUpdates(JSON.parse(message) as SessionId[])),
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

  /** Wrong arguments throw at the call, whether or not it is awaited. */
  resourceUpdated(uri: string): Promise<void> {
    assertText(uri, 'resourceUpdated takes a URI');
    return this.#unawaited(this.#mark(uriKey(uri)));
  }

  elicitationComplete(elicitationId: string): Promise<boolean> {
    assertText(elicitationId, 'elicitationComplete takes an elicitationId');
    return this.#unawaited(this.#elicitations.complete(elicitationId));
  }

  /** The versions of the lists at this moment: what they look like, and how often they were said to have changed. */
  async versions(lists: readonly ListName[], principal: Principal | undefined): Promise<SessionRecord['lists']> {
    return this.#versionsAt(await this.store.versions.read(LISTS), lists, principal);
  }

  /** From now on, changes are told on this stream; those that the session has missed at once. */
  async show(key: StreamKey, { lists }: SessionRecord, principal: Principal | undefined): Promise<void> {
    const told = LISTS.filter((list) => list in lists);
    const shown = { key, principal, lists: told.length === LISTS.length ? LISTS : told };
    this.#shown.set(key.session, shown);
    await this.#announceLists(shown, await this.store.versions.read(LISTS));
    await this.#announceUpdates(shown);
  }

  /** Its client may see other things by now: what differs is told. */
  renew(key: StreamKey, principal: Principal): void {
    const shown = this.#shown.get(key.session);
    if (shown?.key !== key) return;
    const before = this.server.catalog.for(shown.principal).fingerprints;
    const now = this.server.catalog.for(principal).fingerprints;
    const renewed = { ...shown, principal };
    this.#shown.set(key.session, renewed);
    if (renewed.lists.every((list) => before[list] === now[list])) return;
    this.store.versions
      .read(LISTS)
      .then((numbers) => this.#announceLists(renewed, numbers))
      .catch(this.#onFailure);
  }

  hide(key: StreamKey): void {
    if (this.#shown.get(key.session)?.key === key) this.#shown.delete(key.session);
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

  /** Most callers do not wait for it: a store that is away must not end the process by an unhandled rejection. */
  #unawaited<T>(announcing: Promise<T>): Promise<T> {
    announcing.catch(this.#onFailure);
    return announcing;
  }

  /** Everybody: what a list looks like may differ for each, how often it was said to have changed does not. */
  async #tellLists(): Promise<void> {
    try {
      const numbers = await this.store.versions.read(LISTS);
      for (const shown of this.#shown.values()) this.#announceLists(shown, numbers).catch(this.#onFailure);
    } catch (cause) {
      this.#onFailure(cause);
    }
  }

  #tellUpdates(sessions: readonly SessionId[]): void {
    for (const session of sessions) {
      const shown = this.#shown.get(session);
      if (shown !== undefined) this.#announceUpdates(shown).catch(this.#onFailure);
    }
  }

  readonly #onFailure = (cause: unknown): void => this.failed('announcing a change', cause);

  async #announceLists({ key, lists, principal }: Shown, numbers: readonly number[]): Promise<void> {
    const versions = this.#versionsAt(numbers, lists, principal);
    const known = await this.store.sessions.swapLists(key.session, versions);
    if (known === undefined) return;
    const events = this.#eventsBetween(known, versions, lists);
    if (events.length > 0) await this.streams.append(key, events);
  }

  /** As for URIs of no resource: of what is hidden from the principal by now, nothing is announced. */
  async #announceUpdates({ key, principal }: Shown): Promise<void> {
    const updated = await this.store.subscriptions.take(key.session);
    if (updated.length === 0) return;
    const catalog = this.server.catalog.for(principal);
    const visible = updated.filter((uri) => isReadable(catalog, uri));
    const events = visible.map((uri) => ({ data: notificationText('notifications/resources/updated', { uri }) }));
    if (events.length > 0) await this.streams.append(key, events);
  }

  /** Most sessions know the same, and are told the same. */
  #eventsBetween(
    known: SessionRecord['lists'],
    versions: SessionRecord['lists'],
    lists: readonly ListName[],
  ): readonly OutgoingEvent[] {
    const last = this.#lastSaid;
    if (last?.known === known && last.versions === versions) return last.events;
    const events = lists.filter((list) => known[list] !== versions[list]).map((list) => LIST_CHANGED[list]);
    this.#lastSaid = { known, versions, events };
    return events;
  }

  /**
   * What most sessions are told is the same, so it is worked out, and held, once.
   *
   * @param numbers how often each of `LISTS` was said to have changed.
   */
  #versionsAt(
    numbers: readonly number[],
    lists: readonly ListName[],
    principal: Principal | undefined,
  ): SessionRecord['lists'] {
    const catalog = this.server.catalog.for(principal);
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
