import { randomBytes } from 'node:crypto';
import { aliasOf, parseEventId, withoutAlias } from '../store/event-id.js';
import type { Bus, OutgoingEvent, Position, SessionId, StreamId, StreamKey, StreamStore } from '../store/store.js';
import { Backlog } from './backlog.js';
import type { NodeLease } from './node-lease.js';
import type { PendingResponseWatch } from './pending-responses.js';
import { StreamReader } from './reader.js';
import type { ReaderOwner } from './reader-owner.js';
import type { CloseReason } from './reader-sink.js';
import { TakeOvers } from './take-overs.js';
import { StreamWriter } from './writer.js';

/** The bus topic on which nodes announce the streams that they have claimed. */
const CLAIMS_TOPIC = 'claims';

/** Reads only whether events exist. */
const NO_EVENTS = { events: 0, characters: 0 };

/** 128 bits: event ids begin with the stream id, and must not be guessable. */
const STREAM_ID_BYTES = 16;

/** A new, unguessable stream id. */
export function newStreamId(): StreamId {
  return randomBytes(STREAM_ID_BYTES).toString('base64url');
}

/** Services and settings of `Streams`. */
export interface StreamsDeps {
  readonly store: StreamStore;
  readonly bus: Bus;
  /** The id of this node. */
  readonly node: string;
  /** The reconnection time of clients. Milliseconds. @default 0 */
  readonly retryMs?: number;
  /** Milliseconds without progress after which a connection is cut; 0: never. */
  readonly stallMs: number;
  /** Absent if the streams exist on this node only. */
  readonly lease?: NodeLease;
  readonly pending?: PendingResponseWatch;
}

/** The position of an event id. */
export interface LocatedEvent {
  readonly key: StreamKey;
  readonly position: Position;
  /** The stream has ended, and no event follows. */
  readonly isOver: boolean;
  /** Events after this one were dropped by a limit. */
  readonly hasGap: boolean;
  /** A further id of the same position; absent if an event follows, which has an id of its own. */
  readonly alias?: string;
  /** The trace context of the requests that the stream answers, if they were traced. */
  readonly trace?: string;
}

/**
 * The streams of all sessions, as seen from this node. A stream has at most one reader: the newest one claims it, and the
 * previous one is closed on any node, so that each message is delivered once.
 */
export class Streams {
  readonly #readers = new Map<string, StreamReader>();
  readonly #takeOvers: TakeOvers;
  #closed = false;
  readonly #unsubscribe: () => void;
  /** Receives the events of all readers: one object rather than callbacks for each. */
  readonly #owner: ReaderOwner = {
    onClosed: (reader) => this.#onClosed(reader, nameOf(reader.key)),
    onPending: (reader, node) => this.#onPending(reader, nameOf(reader.key), node),
    onFirstEvent: (reader) => this.#takeOvers.end(nameOf(reader.key)),
    onRead: (reader) => this.#backlog.onRead(reader.key.session),
  };
  readonly #backlog: Backlog;

  constructor(private readonly deps: StreamsDeps) {
    this.#takeOvers = new TakeOvers(deps.bus, deps.node, deps.retryMs ?? 0);
    this.#backlog = new Backlog(deps.store, deps.stallMs);
    this.#unsubscribe = deps.bus.subscribe(CLAIMS_TOPIC, (message) => this.#onClaim(message));
  }

  /**
   * Creates the stream in the store, so that it can be read and resumed, and returns its writer immediately.
   *
   * @param pending the error responses that complete the stream if this node dies, one for each pending response, and
   * the trace context of the requests.
   * @param holder the holder that the stream counts for.
   */
  open(
    key: StreamKey,
    { errors, trace }: { readonly errors: readonly string[]; readonly trace?: string | undefined },
    holder: string,
  ): StreamWriter {
    const { store, node, lease } = this.deps;
    const pending = trace === undefined ? { node, errors } : { node, errors, trace };
    const open = (): Promise<void> => store.open(key, pending, holder);
    return new StreamWriter(store, this.#backlog, { key, holder, opened: lease?.held.then(open) ?? open() });
  }

  /** Appends notifications to an open stream, once there is room. They are dropped if its client does not read. */
  async append(key: StreamKey, events: readonly OutgoingEvent[]): Promise<void> {
    if ((await this.deps.store.append(key, events)) === 'full')
      await this.#backlog.append({ key, events, end: false, holder: '' });
  }

  /** Stops waiting for readers before answers are stored. */
  stopWaiting(): void {
    this.#backlog.stopWaiting();
  }

  /** Drops all streams of a session. */
  async drop(session: SessionId): Promise<void> {
    await this.deps.store.drop(session);
  }

  /** Ends a stream in the store. */
  async end(key: StreamKey): Promise<void> {
    await this.deps.store.end(key);
  }

  /**
   * Creates the first reader of a stream that was just opened here, so no other reader can exist.
   *
   * @param onClose called once, when the reader was closed for any reason.
   */
  openReader(key: StreamKey, onClose?: (reason: CloseReason) => void): StreamReader {
    return this.#install(nameOf(key), key, 'start', onClose);
  }

  /**
   * Checks whether another connection may take the stream over.
   *
   * @throws McpError `stream-taken` if connections have taken it over from each other too often.
   */
  admit(key: StreamKey): void {
    this.#takeOvers.admit(nameOf(key));
  }

  /**
   * Creates the reader of a stream, and closes the previous one on any node.
   *
   * @param onClose called once, when the reader was closed for any reason.
   */
  takeOver(key: StreamKey, position: Position, onClose: (reason: CloseReason) => void): StreamReader {
    const name = nameOf(key);
    this.#readers.get(name)?.close('superseded');
    this.#notifyOthers(name, 'superseded');
    return this.#install(name, key, position, onClose);
  }

  /** Closes the reader of a stream on any node. The stream continues. */
  closeReader(key: StreamKey, reason: CloseReason): void {
    const name = nameOf(key);
    this.#readers.get(name)?.close(reason);
    this.#notifyOthers(name, reason);
  }

  /** The current reader of the stream on this node. */
  readerOf(key: StreamKey): StreamReader | undefined {
    return this.#readers.get(nameOf(key));
  }

  /** True while no other node can have answered in place of this one, after declaring it dead. */
  get isLeaseSure(): boolean {
    return this.deps.lease?.isSure ?? true;
  }

  /** False if the stream certainly does not exist. Rejects if the store fails. */
  async exists(key: StreamKey): Promise<boolean> {
    return (await this.deps.store.read(key, 'start', NO_EVENTS)) !== undefined;
  }

  /** Finds the stream of an event id, if it is one of this session and the id was really issued. */
  async locate(session: SessionId, eventId: string): Promise<LocatedEvent | undefined> {
    const after = withoutAlias(eventId);
    const place = parseEventId(after);
    if (place === undefined) return undefined;
    const [key, position] = [{ session, stream: place.stream }, { after }];
    const page = await this.deps.store.read(key, position, NO_EVENTS);
    if (page === undefined) return undefined;
    const isQuiet = page.events.length === 0 && page.atEnd !== false;
    const traced = page.trace === undefined ? {} : { trace: page.trace };
    const found = { key, position, isOver: isQuiet && page.ended, hasGap: page.gap, ...traced };
    return isQuiet ? { ...found, alias: aliasOf(after) } : found;
  }

  /** Open readers on this node. */
  get readerCount(): number {
    return this.#readers.size;
  }

  /** Closes the readers of selected streams. The streams continue. */
  closeReaders(reason: CloseReason, which: (key: StreamKey) => boolean): void {
    for (const reader of [...this.#readers.values()]) {
      if (which(reader.key)) reader.close(reason);
    }
  }

  /** Closes all readers once they have delivered the current contents of their logs. */
  closeReadersWhenDrained(reason: CloseReason): void {
    for (const reader of [...this.#readers.values()]) reader.closeWhenDrained(reason);
  }

  /** Closes all readers and stops listening to the bus. */
  close(): void {
    this.#closed = true;
    this.#unsubscribe();
    this.closeReaders('shutting-down', () => true);
    this.#takeOvers.close();
  }

  #install(name: string, key: StreamKey, position: Position, onClose?: (reason: CloseReason) => void): StreamReader {
    const reader = new StreamReader(this.deps.store, { key, position, owner: this.#owner, onClose });
    this.#readers.set(name, reader);
    // The request was accepted before the node was closed; the client must reconnect to another node.
    if (this.#closed) reader.close('shutting-down');
    return reader;
  }

  #onClosed(reader: StreamReader, name: string): void {
    this.#backlog.onRead(reader.key.session);
    if (this.#readers.get(name) !== reader) return;
    this.#readers.delete(name);
    this.deps.pending?.forget(name);
    if (reader.closed === 'superseded') this.#takeOvers.add(name, reader.silentSince);
    else this.#takeOvers.end(name);
  }

  #onPending(reader: StreamReader, name: string, node: string): void {
    if (node === this.deps.node || this.#readers.get(name) !== reader) return;
    this.deps.pending?.watch(name, reader.key, node);
  }

  #notifyOthers(name: string, reason: CloseReason): void {
    // If another node misses this message, it serves the stream a while longer, which is no reason to refuse this client.
    this.deps.bus.publish(CLAIMS_TOPIC, JSON.stringify([this.deps.node, name, reason])).catch(() => {});
  }

  #onClaim(message: string): void {
    const [node, name, reason] = JSON.parse(message) as [string, string, CloseReason];
    if (node !== this.deps.node) this.#readers.get(name)?.close(reason);
  }
}

function nameOf(key: StreamKey): string {
  return `${key.session}/${key.stream}`;
}
