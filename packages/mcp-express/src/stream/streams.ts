import { randomBytes } from 'node:crypto';
import { aliasOf, parseEventId, withoutAlias } from '../store/event-id.js';
import type { Bus, OutgoingEvent, Position, SessionId, StreamId, StreamKey, StreamStore } from '../store/store.js';
import { Backlog } from './backlog.js';
import type { NodeLease } from './node-lease.js';
import type { Orphans } from './orphans.js';
import { StreamReader } from './reader.js';
import type { ReaderOwner } from './reader-owner.js';
import { TakeOvers } from './take-overs.js';
import type { CloseReason } from './viewer.js';
import { StreamWriter } from './writer.js';

/** Where nodes tell each other which stream they now show. */
const CLAIMS_TOPIC = 'claims';

const NOTHING_BUT_WHETHER = { events: 0, characters: 0 };

/** 128 bits: an event id begins with it, and must not be guessable. */
const STREAM_ID_BYTES = 16;

export function newStreamId(): StreamId {
  return randomBytes(STREAM_ID_BYTES).toString('base64url');
}

export interface StreamsParts {
  readonly store: StreamStore;
  readonly bus: Bus;
  readonly node: string;
  /** After which clients come back whose connection was closed. Milliseconds. @default 0 */
  readonly retryMs?: number;
  /** How long a connection may take nothing before it is cut, in milliseconds; 0 for as long as it likes. */
  readonly stallMs: number;
  /** Absent where streams are of this node alone. */
  readonly lease?: NodeLease;
  readonly orphans?: Orphans;
}

/** Where an event id leads. */
export interface Located {
  readonly key: StreamKey;
  readonly position: Position;
  /** The stream has ended, and nothing follows the event. */
  readonly isOver: boolean;
  /** Events that followed it were dropped by a limit. */
  readonly hasGap: boolean;
  /** A further id of the same place; absent when something follows, which has an id of its own. */
  readonly place?: string;
}

/**
 * The streams of all sessions, as seen from this node. A stream has at most one reader: the newest claims it and the
 * older one is closed, on whichever node it is, so that every message is shown once.
 */
export class Streams {
  readonly #readers = new Map<string, StreamReader>();
  readonly #takeOvers: TakeOvers;
  #closed = false;
  readonly #unsubscribe: () => void;
  /** What all readers tell: one object, not some for each. */
  readonly #owner: ReaderOwner = {
    onClosed: (reader) => this.#onClosed(reader, nameOf(reader.key)),
    onOwed: (reader, node) => this.#onOwed(reader, nameOf(reader.key), node),
    onSaid: (reader) => this.#takeOvers.end(nameOf(reader.key)),
    onRead: (reader) => this.#backlog.onRead(reader.key.session),
  };
  readonly #backlog: Backlog;

  constructor(private readonly parts: StreamsParts) {
    this.#takeOvers = new TakeOvers(parts.bus, parts.node, parts.retryMs ?? 0);
    this.#backlog = new Backlog(parts.store, parts.stallMs);
    this.#unsubscribe = parts.bus.subscribe(CLAIMS_TOPIC, (message) => this.#onClaim(message));
  }

  /**
   * Makes the stream known, so that it can be read and resumed, and gives its writer at once.
   *
   * @param inPlace what stands for each answer that is owed on it, should this node be gone.
   * @param holder whom it is counted for.
   */
  open(key: StreamKey, inPlace: readonly string[], holder: string): StreamWriter {
    const { store, node, lease } = this.parts;
    const open = (): Promise<void> => store.open(key, { node, inPlace }, holder);
    return new StreamWriter(store, this.#backlog, { key, holder, opened: lease?.held.then(open) ?? open() });
  }

  /** Appends notifications to a stream that is open, once there is room. They are dropped where its client does not read. */
  async append(key: StreamKey, events: readonly OutgoingEvent[]): Promise<void> {
    if ((await this.parts.store.append(key, events)) === 'full')
      await this.#backlog.append({ key, events, end: false, holder: '' });
  }

  /** Waits for no reader any more before answers are stored. */
  hurry(): void {
    this.#backlog.hurry();
  }

  async drop(session: SessionId): Promise<void> {
    await this.parts.store.drop(session);
  }

  async end(key: StreamKey): Promise<void> {
    await this.parts.store.end(key);
  }

  /**
   * The first reader of a stream that was just opened here, so that nobody else can be showing it.
   *
   * @param onClose called once, when the reader has stopped for whatever reason.
   */
  show(key: StreamKey, onClose?: (reason: CloseReason) => void): StreamReader {
    return this.#install(nameOf(key), key, 'start', onClose);
  }

  /** @throws McpError `stream-taken` when connections have taken the stream from each other too often. */
  admit(key: StreamKey): void {
    this.#takeOvers.admit(nameOf(key));
  }

  /**
   * The reader that shows this stream from now on. Closes the one before it, on whichever node it is.
   *
   * @param onClose called once, when the reader has stopped for whatever reason.
   */
  claim(key: StreamKey, position: Position, onClose: (reason: CloseReason) => void): StreamReader {
    const name = nameOf(key);
    this.#readers.get(name)?.close('superseded');
    this.#tellOthers(name, 'superseded');
    return this.#install(name, key, position, onClose);
  }

  /** Stops showing the stream, on whichever node it is shown. The stream goes on. */
  release(key: StreamKey, reason: CloseReason): void {
    const name = nameOf(key);
    this.#readers.get(name)?.close(reason);
    this.#tellOthers(name, reason);
  }

  /** Who shows the stream on this node now. */
  readerOf(key: StreamKey): StreamReader | undefined {
    return this.#readers.get(nameOf(key));
  }

  /** True while no other node can have answered in place of this one, because it was taken for gone. */
  get mayAnswer(): boolean {
    return this.parts.lease?.isSure ?? true;
  }

  /** False when the stream is surely not there. Rejects when the store cannot say. */
  async isKnown(key: StreamKey): Promise<boolean> {
    return (await this.parts.store.read(key, 'start', NOTHING_BUT_WHETHER)) !== undefined;
  }

  /** The stream an event id belongs to, when it is one of this session and the id was really given out. */
  async locate(session: SessionId, eventId: string): Promise<Located | undefined> {
    const after = withoutAlias(eventId);
    const place = parseEventId(after);
    if (place === undefined) return undefined;
    const [key, position] = [{ session, stream: place.stream }, { after }];
    const page = await this.parts.store.read(key, position, NOTHING_BUT_WHETHER);
    if (page === undefined) return undefined;
    const isQuiet = page.events.length === 0 && page.atEnd !== false;
    const found = { key, position, isOver: isQuiet && page.ended, hasGap: page.gap };
    return isQuiet ? { ...found, place: aliasOf(after) } : found;
  }

  get readerCount(): number {
    return this.#readers.size;
  }

  /** Stops showing the streams that `which` picks. The streams themselves go on. */
  closeReaders(reason: CloseReason, which: (key: StreamKey) => boolean): void {
    for (const reader of [...this.#readers.values()]) {
      if (which(reader.key)) reader.close(reason);
    }
  }

  /** The same, once they have shown what is in the log by now. */
  closeReadersWhenDry(reason: CloseReason): void {
    for (const reader of [...this.#readers.values()]) reader.closeWhenDry(reason);
  }

  close(): void {
    this.#closed = true;
    this.#unsubscribe();
    this.closeReaders('shutting-down', () => true);
    this.#takeOvers.close();
  }

  #install(name: string, key: StreamKey, position: Position, onClose?: (reason: CloseReason) => void): StreamReader {
    const reader = new StreamReader(this.parts.store, { key, position, owner: this.#owner, onClose });
    this.#readers.set(name, reader);
    // The request for it was let in before the node was closed: its client is to come back to another node.
    if (this.#closed) reader.close('shutting-down');
    return reader;
  }

  #onClosed(reader: StreamReader, name: string): void {
    this.#backlog.onRead(reader.key.session);
    if (this.#readers.get(name) !== reader) return;
    this.#readers.delete(name);
    this.parts.orphans?.forget(name);
    if (reader.closed === 'superseded') this.#takeOvers.add(name, reader.silentSince);
    else this.#takeOvers.end(name);
  }

  #onOwed(reader: StreamReader, name: string, node: string): void {
    if (node === this.parts.node || this.#readers.get(name) !== reader) return;
    this.parts.orphans?.watch(name, reader.key, node);
  }

  #tellOthers(name: string, reason: CloseReason): void {
    // A node that does not hear of it shows the stream a while longer: bad, but no reason to refuse this client.
    this.parts.bus.publish(CLAIMS_TOPIC, JSON.stringify([this.parts.node, name, reason])).catch(() => {});
  }

  #onClaim(message: string): void {
    const [node, name, reason] = JSON.parse(message) as [string, string, CloseReason];
    if (node !== this.parts.node) this.#readers.get(name)?.close(reason);
  }
}

function nameOf(key: StreamKey): string {
  return `${key.session}/${key.stream}`;
}
