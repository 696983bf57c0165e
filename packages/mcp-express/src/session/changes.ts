import type { Principal } from '../auth/principal.js';
import { notificationText } from '../ground/json-rpc.js';
import { LISTS, type ListName } from '../ground/mcp.js';
import { TOPICS } from '../protocol/topics.js';
import type { Notifier } from '../server/call-scope.js';
import type { McpServer } from '../server/mcp-server.js';
import type { SessionId, SessionRecord, Store, StreamKey } from '../store/store.js';

/** Where nodes tell each other which sessions are to hear of a resource. */
const SESSIONS_TOPIC = 'sessions-to-tell';

interface Shown {
  readonly key: StreamKey;
  /** Who is shown it: what has changed is what has changed for them. */
  readonly principal: Principal | undefined;
  readonly lists: readonly ListName[];
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

  constructor(
    private readonly server: McpServer,
    private readonly store: Store,
    private readonly failed: (where: string, cause: unknown) => void,
  ) {
    this.#stop = [
      server.onChange(() => this.#announceAll([...this.#shown.keys()])),
      store.bus.subscribe(TOPICS.list, () => this.#announceAll([...this.#shown.keys()])),
      store.bus.subscribe(SESSIONS_TOPIC, (message) => this.#announceAll(JSON.parse(message) as SessionId[])),
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

  async resourceUpdated(uri: string): Promise<void> {
    const sessions = await this.store.subscriptions.mark(uri);
    await this.store.bus.publish(TOPICS.resource, uri);
    if (sessions.length > 0) await this.store.bus.publish(SESSIONS_TOPIC, JSON.stringify(sessions));
  }

  /** The versions of the lists at this moment: what they look like, and how often they were said to have changed. */
  async versions(lists: readonly ListName[], principal: Principal | undefined): Promise<SessionRecord['lists']> {
    const { fingerprints } = this.server.catalog.for(principal);
    const numbers = await this.store.versions.read(lists);
    return Object.fromEntries(lists.map((list, index) => [list, `${fingerprints[list]}.${numbers[index] ?? 0}`]));
  }

  /** From now on, changes are told on this stream; those that the session has missed at once. */
  async show(key: StreamKey, { lists }: SessionRecord, principal: Principal | undefined): Promise<void> {
    const shown = { key, principal, lists: LISTS.filter((list) => list in lists) };
    this.#shown.set(key.session, shown);
    await this.#announce(shown);
  }

  hide(key: StreamKey): void {
    if (this.#shown.get(key.session)?.key === key) this.#shown.delete(key.session);
  }

  close(): void {
    for (const stop of this.#stop) stop();
  }

  async #bump(list: ListName): Promise<void> {
    await this.store.versions.bump(list);
    await this.store.bus.publish(TOPICS.list, list);
  }

  #announceAll(sessions: readonly SessionId[]): void {
    for (const session of sessions) {
      const shown = this.#shown.get(session);
      if (shown === undefined) continue;
      this.#announce(shown).catch((cause: unknown) => this.failed('announcing a change', cause));
    }
  }

  async #announce({ key, lists, principal }: Shown): Promise<void> {
    const versions = await this.versions(lists, principal);
    const known = await this.store.sessions.swapLists(key.session, versions);
    if (known === undefined) return;
    const changed = lists.filter((list) => known[list] !== versions[list]);
    const updated = await this.store.subscriptions.take(key.session);
    const events = [
      ...changed.map((list) => ({ data: notificationText(`notifications/${list}/list_changed`) })),
      ...updated.map((uri) => ({ data: notificationText('notifications/resources/updated', { uri }) })),
    ];
    if (events.length > 0) await this.store.streams.append(key, events);
  }
}
