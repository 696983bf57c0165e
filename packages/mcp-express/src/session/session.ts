import type { Principal } from '../auth/principal.js';
import { hashedId } from '../observe/observe.js';
import { McpError } from '../protocol/errors.js';
import type { LogLevel } from '../protocol/mcp.js';
import { legacyRevisionOf, type Revision } from '../protocol/revisions.js';
import type { Answered, ReplyManner } from '../request/answered.js';
import type { CallRequest } from '../request/call-scope.js';
import type { Caller } from '../request/caller.js';
import type { Charge } from '../request/in-flight.js';
import type { Position, SessionId, SessionRecord, StreamKey } from '../store/store.js';
import type { StreamReader } from '../stream/reader.js';
import type { CloseReason } from '../stream/viewer.js';
import type { Payload } from './dispatcher.js';
import type { SessionParts } from './parts.js';

/** The HTTP request a payload came with. */
export interface Arrival {
  readonly request: CallRequest;
  /** What its body holds; absent for a small one. */
  readonly charge: Charge | undefined;
  readonly manner: ReplyManner;
}

/** The rest of a stream. */
export interface Resumed {
  readonly reader: StreamReader;
  /** A further id of where it begins; absent when there is something to show, which brings an id of its own. */
  readonly place?: string;
}

/** A session that was found to exist and to be this principal's: what may be done with it. Lives for one HTTP request. */
export class Session {
  /** The revision agreed at `initialize`. */
  readonly revision: Revision;
  /** Its own stream, once that is shown. */
  #shown: StreamKey | undefined;

  constructor(
    private readonly record: SessionRecord,
    private readonly principal: Principal | undefined,
    private readonly parts: SessionParts,
  ) {
    const revision = legacyRevisionOf(record.revision);
    // Records are written by us alone: this is the store of a later version of this package, or a broken one.
    if (revision === undefined) {
      throw new McpError('store-unavailable', 'The store holds a session of a revision that this server does not know');
    }
    this.revision = revision;
  }

  get id(): SessionId {
    return this.record.id;
  }

  /** @throws McpError `batch-not-allowed` or `too-many-calls`; then no message was looked at. */
  post(payload: Payload, { request, charge, manner }: Arrival): Promise<Answered> {
    if (payload.batch && !this.revision.batches) {
      throw new McpError('batch-not-allowed', `JSON-RPC batches are not part of MCP ${this.revision.id}`);
    }
    const { id, owner, holder = owner, client: info, capabilities, logLevel } = this.record;
    const caller: Caller = {
      key: id,
      sessionId: id,
      owner,
      holder,
      principal: this.principal,
      revision: this.revision,
      client: { info, capabilities },
      logLevel: (logLevel as LogLevel | undefined) ?? this.revision.logLevel,
      request,
      charge,
    };
    return this.parts.dispatcher.dispatch(payload, caller, manner);
  }

  /**
   * The session's own stream, from the first message that no client was given yet.
   *
   * @throws McpError `stream-taken` when connections have taken it from each other too often.
   */
  async listen(): Promise<StreamReader> {
    const { owner, holder = owner } = this.record;
    await this.parts.store.streams.open(this.#standalone, undefined, holder);
    return this.#showStandalone('undelivered');
  }

  /**
   * The rest of the stream that an event belongs to.
   *
   * @throws McpError `event-not-found` when it is none of this session's events, `stream-ended` when nothing follows it,
   *   now or later, and `stream-taken` when connections have taken the stream from each other too often.
   */
  async resume(lastEventId: string): Promise<Resumed> {
    const found = await this.parts.streams.locate(this.id, lastEventId);
    if (found === undefined) throw new McpError('event-not-found', 'Last-Event-ID is not an event of this session');
    if (found.isOver) throw streamEnded(found.hasGap);
    const { key, position, place } = found;
    const isOwn = key.stream === this.record.standalone;
    const reader = isOwn ? await this.#showStandalone(position) : this.#claim(key, position, 'resumed');
    return place === undefined ? { reader } : { reader, place };
  }

  /** From now on, the session's own stream is narrowed to what this principal may see. */
  renew(principal: Principal): void {
    if (this.#shown !== undefined) this.parts.changes.renew(this.#shown, principal);
  }

  get #standalone(): StreamKey {
    return { session: this.id, stream: this.record.standalone };
  }

  async #showStandalone(position: Position): Promise<StreamReader> {
    const key = this.#standalone;
    const reader = this.#claim(key, position, 'standalone');
    try {
      await this.parts.changes.show(key, this.record, this.principal);
      this.#shown = key;
    } catch (cause) {
      reader.close('finished');
      throw cause;
    }
    return reader;
  }

  #claim(key: StreamKey, position: Position, kind: 'standalone' | 'resumed'): StreamReader {
    const { activity, observe, streams } = this.parts;
    streams.admit(key);
    activity.begin(this.id);
    activity.hold(this.id);
    observe?.({ type: 'stream-opened', session: hashedId(this.id), kind });
    return streams.claim(key, position, (reason) => this.#onClosed(key, reason));
  }

  #onClosed(key: StreamKey, reason: CloseReason): void {
    this.parts.changes.hide(key);
    this.parts.activity.end(this.id);
    if (reason === 'superseded') this.parts.observe?.({ type: 'stream-superseded', session: hashedId(this.id) });
  }
}

/** A stream with nothing to say would only make its client come back: 405 is the one status at which all clients stop. */
function streamEnded(hasGap: boolean): McpError {
  const rest = hasGap ? 'is no longer held' : 'is empty';
  return new McpError('stream-ended', `The stream of Last-Event-ID has ended, and the rest of it ${rest}`);
}
