import { ANONYMOUS, ownerKey, type Principal } from '../auth/principal.js';
import { announcedLists } from '../features/discovery/server-capabilities.js';
import { hashedId } from '../observe/observe.js';
import { McpError } from '../protocol/errors.js';
import { type JsonRpcRequest, resultText } from '../protocol/json-rpc.js';
import type { SessionId, SessionLimits, SessionRecord } from '../store/store.js';
import { newStreamId } from '../stream/streams.js';
import { holderAt } from '../util/address.js';
import { brief } from '../util/brief.js';
import { Endings } from './endings.js';
import { Expiry } from './expiry.js';
import { initializeResult, readHandshake } from './initialize.js';
import type { SessionParts } from './parts.js';
import { Session } from './session.js';
import { isSessionId, newSessionId } from './session-id.js';

const NONE = Promise.resolve(undefined);

export interface Opened {
  readonly id: SessionId;
  /** The answer to `initialize`. */
  readonly body: string;
}

/** Who opens a session. */
export interface Opener {
  readonly principal: Principal | undefined;
  /** Where from: an anonymous session is counted for its address. */
  readonly address: string | undefined;
}

/** Which conversation a request belongs to, whether this principal may use it, and when it ends. */
export class Sessions {
  readonly #endings: Endings;
  readonly #expiry: Expiry;

  constructor(private readonly parts: SessionParts) {
    const { store, observe, failed, idleMs } = parts;
    this.#expiry = new Expiry(store.sessions, { idleMs, observe, failed });
    this.#endings = new Endings({ store, observe, failed, endHere: (id) => this.#endHere(id) });
  }

  /**
   * Answers `initialize` with a fresh session.
   *
   * @throws McpError `invalid-params`, or `too-many-sessions` when a ceiling is reached and nobody is idle.
   */
  async open(request: JsonRpcRequest, { principal, address }: Opener): Promise<Opened> {
    const { changes, store, idleMs, server, streaming } = this.parts;
    const { revision, client, capabilities } = readHandshake(request.params);
    const now = Date.now();
    const owner = ownerKey(principal);
    const record: SessionRecord = {
      id: newSessionId(),
      owner,
      ...(owner === ANONYMOUS ? { holder: holderAt(owner, address) } : {}),
      revision: revision.id,
      client,
      capabilities,
      standalone: newStreamId(),
      createdAt: now,
      lists: await changes.versions(announcedLists(server), principal),
    };
    const outcome = await store.sessions.create(record, now + idleMs, this.#limitsOf(owner));
    if (!outcome.created) throw tooManySessions();
    for (const id of outcome.evicted) await this.#endings.tellAside(id, 'evicted');
    this.#observeOpened(record);
    return { id: record.id, body: resultText(request.id, initializeResult(server, revision, streaming)) };
  }

  /**
   * The session with this id, if it is this principal's; nothing for an id that is unknown, malformed, expired, ended or
   * somebody else's.
   */
  find(id: SessionId, principal: Principal | undefined): Promise<Session | undefined> {
    const { store, idleMs } = this.parts;
    if (!isSessionId(id)) return NONE;
    return store.sessions
      .touch(id, ownerKey(principal), Date.now() + idleMs)
      .then((record) => record && new Session(record, principal, this.parts));
  }

  /** The same without using it, which needs no room in a store that has none: for a client that gives its session up. */
  async peek(id: SessionId, principal: Principal | undefined): Promise<Session | undefined> {
    const record = isSessionId(id) ? await this.parts.store.sessions.read(id) : undefined;
    return record?.owner === ownerKey(principal) ? new Session(record, principal, this.parts) : undefined;
  }

  /** Ends a session, everywhere. Rejects when not all nodes know of it yet, which they are told as soon as that is possible. */
  async end(session: Session): Promise<void> {
    if (await this.parts.store.sessions.delete(session.id)) await this.#endings.tell(session.id, 'deleted');
  }

  #limitsOf(owner: string): SessionLimits {
    const { activity, limits } = this.parts;
    const { total, perOwner, perAddress } = limits;
    const isBusy = (id: SessionId): boolean => activity.isBusy(id);
    return { total, perOwner: owner === ANONYMOUS ? perAddress : perOwner, isBusy };
  }

  close(): void {
    this.#expiry.close();
    this.#endings.close();
  }

  #endHere(id: SessionId): void {
    const error = new McpError('session-ended', 'The session has ended');
    for (const call of this.parts.calls.of(id)) call.interrupt(error);
    this.parts.streams.closeReaders('session-ended', (key) => key.session === id);
  }

  #observeOpened({ id, revision, client }: SessionRecord): void {
    const session = hashedId(id);
    this.parts.observe?.({
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
