import { ownerKey, type Principal } from '../auth/principal.js';
import { McpError } from '../protocol/errors.js';
import {
  errorText,
  isNotification,
  isRequest,
  type JsonRpcMessage,
  type JsonRpcNotification,
  type JsonRpcRequest,
  type RequestId,
} from '../protocol/json-rpc.js';
import { idOf, idOfInvalid, isInitialize, type Payload, parseJson, readPayload } from '../request/payload.js';
import type { AcceptedFormats, Response } from '../request/response.js';
import type { Sessions } from '../session/sessions.js';
import { hasRequestMeta } from '../stateless/request-meta.js';
import type { StatelessRequests } from '../stateless/stateless-requests.js';
import type { StdioOutput } from './output.js';
import { StdioRequest } from './stdio-request.js';

/** Services and settings of the one connection of stdio. */
export interface StdioConnectionDeps {
  readonly sessions: Sessions;
  readonly statelessRequests: StatelessRequests;
  readonly output: StdioOutput;
  readonly principal: Principal | undefined;
  readonly maxMessageBytes: number;
  readonly failed: (where: string, cause: unknown) => void;
}

/** Both: a response is a line, or several once its handler sends messages. */
const FORMATS: AcceptedFormats = { json: true, sse: true };

/** The messages of one client. It may use both ways of speaking MCP, as each message decides. */
export class StdioConnection {
  #session: string | undefined;
  #isListening = false;
  /** The running stateless requests, which `notifications/cancelled` cancels. */
  readonly #stateless = new Map<RequestId, StdioRequest>();

  constructor(private readonly deps: StdioConnectionDeps) {}

  /**
   * Handles one line. Resolves when the next one may be handled: before the response, but in order. Never rejects.
   *
   * @param line `undefined` if it exceeded the limit.
   */
  async receive(line: string | undefined): Promise<void> {
    if (line?.trim() === '') return;
    let value: unknown;
    try {
      if (line === undefined) throw this.#tooLong();
      value = parseJson(line, 'The line');
      await this.#handle(readPayload(value));
    } catch (thrown) {
      this.#refuse(idOfInvalid(value), thrown, 'legacy');
    }
  }

  async #handle(payload: Payload): Promise<void> {
    const [message] = payload.messages;
    const modern = payload.messages.some((each) => 'method' in each && hasRequestMeta(each.params));
    try {
      if (message !== undefined && !payload.batch && this.#isForStateless(message, modern)) return this.#alone(message);
      if (message !== undefined && !payload.batch && isRequest(message) && isInitialize(message)) {
        return await this.#open(message);
      }
      await this.#inSession(payload);
    } catch (thrown) {
      this.#refuse(idOf(payload), thrown, modern ? 'modern' : 'legacy');
    }
  }

  #isForStateless(message: JsonRpcMessage, modern: boolean): boolean {
    if (modern || this.#session === undefined) return modern || !isRequest(message);
    return isNotification(message) && this.#cancelled(message) !== undefined;
  }

  /** A stateless request, or the cancellation of one. Other messages outside a session have no effect. */
  #alone(message: JsonRpcMessage): void {
    if (isRequest(message)) void this.#answerAlone(message);
    else if (isNotification(message)) this.#notifiedAlone(message);
  }

  /** A cancellation, or a notification of an extension. */
  #notifiedAlone(message: JsonRpcNotification): void {
    const cancelled = this.#cancelled(message);
    if (cancelled !== undefined) cancelled.cancel();
    else this.deps.statelessRequests.notify(message, { principal: this.deps.principal });
  }

  #cancelled(message: JsonRpcMessage): StdioRequest | undefined {
    if (!isNotification(message) || message.method !== 'notifications/cancelled') return undefined;
    return this.#stateless.get(message.params?.['requestId'] as RequestId);
  }

  async #answerAlone(message: JsonRpcRequest): Promise<void> {
    const { principal, statelessRequests } = this.deps;
    const request = new StdioRequest();
    this.#stateless.set(message.id, request);
    try {
      const owner = ownerKey(principal);
      const response = await statelessRequests.post(message, {
        principal,
        owner,
        request,
        charge: undefined,
        formats: FORMATS,
      });
      await this.#send(response);
    } catch (thrown) {
      this.#refuse(message.id, thrown, 'modern');
    } finally {
      if (this.#stateless.get(message.id) === request) this.#stateless.delete(message.id);
    }
  }

  async #open(message: JsonRpcRequest): Promise<void> {
    const { output, principal, sessions } = this.deps;
    const before = this.#session;
    const { id, body } = await sessions.open(message, {
      principal,
      address: undefined,
      request: new StdioRequest(),
    });
    this.#session = id;
    this.#isListening = false;
    output.send(body);
    const replaced = before === undefined ? undefined : await sessions.peek(before, principal);
    if (replaced !== undefined) await sessions.end(replaced);
  }

  async #inSession(payload: Payload): Promise<void> {
    const { principal, sessions } = this.deps;
    if (this.#session === undefined) throw new McpError('session-required', 'The first request must be "initialize"');
    const session = await sessions.find(this.#session, principal);
    if (session === undefined) throw new McpError('session-ended', 'The session has ended');
    if (!this.#isListening) {
      this.#isListening = true;
      void this.deps.output.pipe(await session.listen());
    }
    const response = session.post(payload, {
      request: new StdioRequest(),
      charge: undefined,
      responseOptions: { formats: FORMATS, resumable: false },
    });
    response
      .then((answered) => this.#send(answered))
      .catch((thrown: unknown) => this.#refuse(idOf(payload), thrown, 'legacy'));
  }

  async #send(response: Response): Promise<void> {
    if (response.kind === 'json') this.deps.output.send(response.body);
    if (response.kind === 'stream') await this.deps.output.pipe(response.reader);
  }

  #refuse(id: RequestId | null, thrown: unknown, era: 'modern' | 'legacy'): void {
    const error = McpError.from(thrown);
    if (error.code === 'internal-error') this.deps.failed('answering a message of stdio', error.cause);
    this.deps.output.send(errorText(id, error, era === 'modern' ? error.modernRpcCode : error.rpcCode));
  }

  #tooLong(): McpError {
    return new McpError('body-too-large', `A message may have ${this.deps.maxMessageBytes} bytes at most`);
  }
}
