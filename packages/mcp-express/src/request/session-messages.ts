import { McpError } from '../protocol/errors.js';
import { notificationText, type Params } from '../protocol/json-rpc.js';
import { isLogLevel, type LogLevel } from '../protocol/mcp.js';
import type { SessionId, SessionRecord, Store } from '../store/store.js';
import type { Streams } from '../stream/streams.js';
import { isWanted, logParams } from './call-messages.js';
import type { PendingClientRequests } from './pending-client-requests.js';

/** The parts of a node that messages outside calls need. */
export interface SessionMessagesDeps {
  readonly store: Store;
  readonly streams: Streams;
  readonly requests: PendingClientRequests;
  /** Time to wait for the answer of the client, in milliseconds. */
  readonly timeoutMs: number;
}

/** Messages to the client of a session outside its calls: on the standalone stream, which a GET on any node reads. */
export class SessionMessages {
  constructor(private readonly deps: SessionMessagesDeps) {}

  /** Sends a notification. Does nothing if the session has ended. */
  async notify(session: SessionId, method: string, params: Params | undefined): Promise<void> {
    await this.#append(session, notificationText(method, params));
  }

  /** Sends a log message, unless the client only wants more severe ones. */
  async log(session: SessionId, level: LogLevel, { data, logger }: Params): Promise<void> {
    const record = await this.deps.store.sessions.read(session);
    const wanted = record?.logLevel;
    if (record === undefined || (isLogLevel(wanted) && !isWanted(level, wanted))) return;
    const params = logParams(level, data, typeof logger === 'string' ? logger : undefined);
    await this.#append(session, notificationText('notifications/message', params), record);
  }

  /**
   * Sends a request to the client, and resolves with its result.
   * @throws McpError `client-error`, `client-timeout`, or `session-ended`
   */
  async request(session: SessionId, method: string, params: Params | undefined, signal: AbortSignal): Promise<Params> {
    const { requests, timeoutMs } = this.deps;
    const asked = requests.expect(session, { timeoutMs }, signal);
    try {
      const text = JSON.stringify({ jsonrpc: '2.0', id: asked.id, method, params });
      if (!(await this.#append(session, text))) throw new McpError('session-ended', 'The session has ended');
      return await asked.answer;
    } catch (cause) {
      asked.forget(cause);
      throw cause;
    }
  }

  /** False if the session has ended. */
  async #append(session: SessionId, data: string, known?: SessionRecord): Promise<boolean> {
    const { store, streams } = this.deps;
    const record = known ?? (await store.sessions.read(session));
    if (record === undefined) return false;
    const key = { session, stream: record.standalone };
    const { owner, holder = owner } = record;
    await store.streams.open(key, undefined, holder);
    await streams.append(key, [{ data }]);
    return true;
  }
}
