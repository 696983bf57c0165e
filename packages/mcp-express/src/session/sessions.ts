import { randomBytes } from 'node:crypto';
import { ANONYMOUS, ownerKey, type Principal } from '../auth/principal.js';
import { announcedLists } from '../features/discovery/server-capabilities.js';
import { hashedId } from '../observe/observe.js';
import { McpError } from '../protocol/errors.js';
import { type JsonRpcRequest, type Params, resultText } from '../protocol/json-rpc.js';
import { negotiate } from '../protocol/revisions.js';
import type { CallRequest } from '../request/running-call.js';
import type { SessionId, SessionLimits, SessionRecord } from '../store/store.js';
import { newStreamId } from '../stream/streams.js';
import { holderOf } from '../util/address.js';
import { brief } from '../util/brief.js';
import type { SessionDeps } from './deps.js';
import { ExpiryReporter } from './expiry-reporter.js';
import { delegateResult, type Handshake, initializeResult, readHandshake } from './initialize.js';
import { type AnsweredInitialize, initializeThrough } from './initialize-middleware.js';
import { Session } from './session.js';
import { SessionEndEvents } from './session-end-events.js';
import { SessionEndings } from './session-endings.js';
import { type SessionOperations, StoredSessionOperations } from './session-operations.js';
import { sessionViewer } from './session-viewer.js';

const NONE = Promise.resolve(undefined);

/** 192 bits, which give 32 characters without padding; 128 are required (MCP security best practices, session hijacking). */
const ID_BYTES = 24;

/** The form of our ids. Values of clients in any other form never reach a store. */
const SESSION_ID = /^[A-Za-z0-9_-]{32}$/;

/** A session that was opened. */
export interface OpenedSession {
  readonly id: SessionId;
  readonly revision: string;
  /** The response to `initialize`. */
  readonly body: string;
}

/** The caller that opens a session. */
export interface SessionOpener {
  readonly principal: Principal | undefined;
  /** The address of the caller: anonymous sessions are counted by it. */
  readonly address: string | undefined;
  readonly request: CallRequest;
}

/** Opens, finds and ends sessions, and checks their owners. */
export class Sessions {
  readonly #endings: SessionEndings;
  /** Lists and ends sessions for operators. */
  readonly operations: SessionOperations;
  readonly #expiry: ExpiryReporter;
  readonly #events: SessionEndEvents;

  constructor(private readonly deps: SessionDeps) {
    const { server, store, observe, failed, idleMs } = deps;
    const events = new SessionEndEvents({ server, bus: store.bus, failed });
    this.#events = events;
    this.#expiry = new ExpiryReporter(store.sessions, { idleMs, observe, events, failed });
    this.#endings = new SessionEndings({ store, observe, events, failed, endHere: (id) => this.#endHere(id) });
    this.operations = new StoredSessionOperations({ store: store.sessions, endings: this.#endings, observe });
  }

  /**
   * Answers `initialize` with a new session.
   *
   * @throws McpError `invalid-params`, or `too-many-sessions` if a limit is reached and no session is idle.
   */
  async open(message: JsonRpcRequest, opener: SessionOpener): Promise<OpenedSession> {
    const { store, idleMs, server } = this.deps;
    const answer = async (params: Params | undefined): Promise<AnsweredInitialize> => {
      const record = await this.#recordOf(readHandshake(params), opener);
      return { record, result: await this.#describe(record, opener) };
    };
    const chain = server.middleware?.of('initialize', 'request');
    const { record, result } =
      chain === undefined
        ? await answer(message.params)
        : await initializeThrough(chain, { ...opener, message, answer }, this.deps);
    const outcome = await store.sessions.create(record, Date.now() + idleMs, this.#limitsOf(record.owner));
    if (!outcome.created) throw tooManySessions();
    for (const id of outcome.evicted) await this.#endings.announceInBackground(id, 'evicted');
    this.#observeOpened(record);
    return { id: record.id, revision: record.revision, body: resultText(message.id, result) };
  }

  /** The record of a new session. */
  async #recordOf({ revision, client, capabilities }: Handshake, opener: SessionOpener): Promise<SessionRecord> {
    const { principal, address } = opener;
    const owner = ownerKey(principal);
    const viewer = sessionViewer({ client, capabilities, revision: revision.id }, principal);
    return {
      id: randomBytes(ID_BYTES).toString('base64url'),
      owner,
      ...(owner === ANONYMOUS ? { holder: holderOf(owner, address) } : {}),
      revision: revision.id,
      client,
      capabilities,
      standalone: newStreamId(),
      createdAt: Date.now(),
      lists: await this.deps.changes.versions(announcedLists(this.deps.server), viewer),
    };
  }

  /** The result of `initialize`. A hosted server describes itself, before its session is stored. */
  async #describe(record: SessionRecord, { principal, request }: SessionOpener): Promise<string> {
    const { server, streaming } = this.deps;
    const revision = negotiate(record.revision);
    const caller = { ...sessionViewer(record, principal), request };
    if (server.delegate === undefined) return initializeResult(server, revision, caller, streaming);
    const { id, owner, holder = owner, client: info, capabilities } = record;
    const described = await server.delegate.initialize({
      key: id,
      sessionId: id,
      owner,
      holder,
      principal,
      revision,
      client: { info, capabilities },
    });
    return delegateResult(described, revision, streaming);
  }

  /**
   * Finds a session and extends its expiry. The result is `undefined` for an id that is unknown, malformed, expired, ended
   * or owned by another principal.
   */
  find(id: SessionId, principal: Principal | undefined): Promise<Session | undefined> {
    const { store, idleMs } = this.deps;
    if (!SESSION_ID.test(id)) return NONE;
    return store.sessions
      .touch(id, ownerKey(principal), Date.now() + idleMs)
      .then((record) => record && new Session(record, principal, this.deps));
  }

  /** Finds a session without extending its expiry, which needs no room in a full store: for clients that end their session. */
  async peek(id: SessionId, principal: Principal | undefined): Promise<Session | undefined> {
    const record = SESSION_ID.test(id) ? await this.deps.store.sessions.read(id) : undefined;
    return record?.owner === ownerKey(principal) ? new Session(record, principal, this.deps) : undefined;
  }

  /** Ends a session on all nodes. Rejects if not all nodes know of it yet; they are notified as soon as possible. */
  async end(session: Session): Promise<void> {
    await this.#endings.delete(session.id, session.facts);
  }

  #limitsOf(owner: string): SessionLimits {
    const { activity, limits } = this.deps;
    const { total, perOwner, perAddress } = limits;
    const isBusy = (id: SessionId): boolean => activity.isBusy(id);
    return { total, perOwner: owner === ANONYMOUS ? perAddress : perOwner, isBusy };
  }

  close(): void {
    this.#expiry.close();
    this.#endings.close();
    this.#events.close();
  }

  #endHere(id: SessionId): void {
    const error = new McpError('session-ended', 'The session has ended');
    for (const call of this.deps.calls.of(id)) call.interrupt(error);
    this.deps.streams.closeReaders('session-ended', (key) => key.session === id);
    this.deps.watched.sessionEnded(id);
  }

  #observeOpened({ id, revision, client }: SessionRecord): void {
    const session = hashedId(id);
    this.deps.observe?.({
      type: 'session-opened',
      session,
      revision,
      client: brief(`${client.name}/${client.version}`),
    });
  }
}

function tooManySessions(): McpError {
  return new McpError('too-many-sessions', 'The server has as many sessions as it may have, and none is idle', {
    headers: { 'Retry-After': '10' },
  });
}
