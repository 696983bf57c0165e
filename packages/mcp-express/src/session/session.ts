import type { Principal } from '../auth/principal.js';
import { hashedId, type SessionFacts } from '../observe/observe.js';
import { McpError } from '../protocol/errors.js';
import type { LogLevel } from '../protocol/mcp.js';
import { type Revision, sessionRevisionOf } from '../protocol/revisions.js';
import type { Charge } from '../request/in-flight.js';
import type { Payload } from '../request/payload.js';
import type { RequestContext } from '../request/request-context.js';
import type { DeliveryOptions, Response } from '../request/response.js';
import type { CallRequest } from '../request/running-call.js';
import type { Position, SessionId, SessionRecord, StreamKey } from '../store/store.js';
import type { StreamReader } from '../stream/reader.js';
import type { CloseReason } from '../stream/reader-sink.js';
import type { SessionDeps } from './deps.js';

/** The HTTP request that carried a payload. */
export interface PostContext {
  readonly request: CallRequest;
  /** The memory charged for its body; absent for small ones. */
  readonly charge: Charge | undefined;
  readonly responseOptions: DeliveryOptions;
}

/** The rest of a stream. */
export interface ResumedStream {
  readonly reader: StreamReader;
  /** A further event id of the starting position; absent if an event follows, which has an id of its own. */
  readonly alias?: string;
  /** The trace context of the requests that the stream answers. */
  readonly trace?: string | undefined;
}

/** A session that exists and belongs to the principal of the request. It lives for one HTTP request. */
export class Session {
  /** The revision agreed at `initialize`. */
  readonly revision: Revision;
  /** The standalone stream, if this request opened it. */
  #standaloneKey: StreamKey | undefined;

  constructor(
    private readonly record: SessionRecord,
    private readonly principal: Principal | undefined,
    private readonly deps: SessionDeps,
  ) {
    const revision = sessionRevisionOf(record.revision);
    // Only this package writes records, so the store is that of a later version, or damaged.
    if (revision === undefined) {
      throw new McpError('store-unavailable', 'The store holds a session of a revision that this server does not know');
    }
    this.revision = revision;
  }

  get id(): SessionId {
    return this.record.id;
  }

  /** For events about the end of the session. */
  get facts(): SessionFacts {
    return { openedAt: this.record.createdAt, revision: this.record.revision };
  }

  /**
   * Answers a payload.
   *
   * @throws McpError `batch-not-allowed` or `too-many-calls`, before any message is processed.
   */
  post(payload: Payload, { request, charge, responseOptions }: PostContext): Promise<Response> {
    if (payload.batch && !this.revision.batches) {
      throw new McpError('batch-not-allowed', `JSON-RPC batches are not part of MCP ${this.revision.id}`);
    }
    const { id, owner, holder = owner, client: info, capabilities, logLevel } = this.record;
    const caller: RequestContext = {
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
    return this.deps.dispatcher.dispatch(payload, caller, responseOptions);
  }

  /**
   * Opens the standalone stream, from the first message that no client has received yet.
   *
   * @throws McpError `stream-taken` if connections have taken it over from each other too often.
   */
  async listen(): Promise<StreamReader> {
    const { owner, holder = owner } = this.record;
    await this.deps.store.streams.open(this.#standalone, undefined, holder);
    return this.#openStandalone('undelivered');
  }

  /**
   * Resumes the stream to which an event belongs.
   *
   * @throws McpError `event-not-found` if the id is none of this session; `stream-ended` if the stream has ended and
   *   nothing follows the event; `stream-taken` if connections have taken the stream over from each other too often.
   */
  async resume(lastEventId: string): Promise<ResumedStream> {
    const found = await this.deps.streams.locate(this.id, lastEventId);
    if (found === undefined) throw new McpError('event-not-found', 'Last-Event-ID is not an event of this session');
    if (found.isOver) throw streamEnded(found.hasGap);
    const { key, position, alias, trace } = found;
    const isOwn = key.stream === this.record.standalone;
    const reader = isOwn ? await this.#openStandalone(position) : this.#claim(key, position, 'resumed');
    return alias === undefined ? { reader, trace } : { reader, alias, trace };
  }

  /** Narrows the standalone stream to the view of a renewed principal. */
  renew(principal: Principal): void {
    if (this.#standaloneKey !== undefined) this.deps.changes.renew(this.#standaloneKey, principal);
  }

  get #standalone(): StreamKey {
    return { session: this.id, stream: this.record.standalone };
  }

  async #openStandalone(position: Position): Promise<StreamReader> {
    const key = this.#standalone;
    const reader = this.#claim(key, position, 'standalone');
    try {
      await this.deps.changes.attach(key, this.record, this.principal);
      this.#standaloneKey = key;
    } catch (cause) {
      reader.close('finished');
      throw cause;
    }
    return reader;
  }

  #claim(key: StreamKey, position: Position, kind: 'standalone' | 'resumed'): StreamReader {
    const { activity, observe, streams } = this.deps;
    streams.admit(key);
    activity.begin(this.id);
    activity.hold(this.id);
    observe?.({ type: 'stream-opened', session: hashedId(this.id), kind });
    return streams.takeOver(key, position, (reason) => this.#onClosed(key, reason));
  }

  #onClosed(key: StreamKey, reason: CloseReason): void {
    this.deps.changes.detach(key);
    this.deps.activity.end(this.id);
    if (reason === 'superseded') this.deps.observe?.({ type: 'stream-superseded', session: hashedId(this.id) });
  }
}

/**
 * Without this refusal, the client of a stream with nothing to send would reconnect forever; 405 is the only status that
 * stops all clients.
 */
function streamEnded(hasGap: boolean): McpError {
  const rest = hasGap ? 'is no longer held' : 'is empty';
  return new McpError('stream-ended', `The stream of Last-Event-ID has ended, and the rest of it ${rest}`);
}
