import { type JsonBody, type RawAnswer, type SseStream, send } from '../support/raw-client.js';
import { type Headers, INITIALIZED, initializeRequest, NEWEST, TestSession } from '../support/session.js';
import { USER_HEADER } from '../support/start-server.js';
import { watchWire, wireFault } from '../support/wire-schemas.js';

/** A client that declares every capability there is. */
export const CAPABLE = {
  elicitation: { form: {}, url: {} },
  sampling: { tools: {}, context: {} },
  roots: { listChanged: true },
};

export interface WireOptions {
  readonly revision?: string;
  readonly capabilities?: object;
  /** By `authenticateByHeader`. */
  readonly user?: string;
  readonly headers?: Headers;
}

/** A session whose every message from the server is held against the official schemas when the test is over. */
export class WireSession extends TestSession {
  readonly #methods = new Map<string | number, string>([['init', 'initialize']]);
  #nextId = 1_000;

  override via(url: string): WireSession {
    return new WireSession(url, this.id, this.revision, this.extra);
  }

  /** The same session as somebody else would use it. */
  as(user: string): WireSession {
    return new WireSession(this.url, this.id, this.revision, { ...this.extra, [USER_HEADER]: user });
  }

  override async post(body: unknown, headers: Headers = {}): Promise<RawAnswer> {
    const methods = this.#note(body);
    const answer = await super.post(body, headers);
    const messages = messagesIn(answer);
    watchWire(() => messages.flatMap((message) => wireFault(message, methods) ?? []));
    return answer;
  }

  override async stream(body: unknown, headers: Headers = {}): Promise<SseStream> {
    return watched(await super.stream(body, headers), this.#note(body));
  }

  override async listen(headers: Headers = {}): Promise<SseStream> {
    return watched(await super.listen(headers), this.#methods);
  }

  /** The answer to a request, in whichever form it comes. */
  async ask(method: string, params: object = {}, headers: Headers = {}): Promise<JsonBody> {
    const id = this.nextId();
    const answer = await this.post({ jsonrpc: '2.0', id, method, params }, headers);
    const own = messagesIn(answer).filter((message) => message.id === id && message.method === undefined);
    if (own.length !== 1) throw new Error(`${own.length} answers to ${method}: ${answer.status} ${answer.text}`);
    return own[0];
  }

  /** The result of a tool, which must be one. */
  async tool(name: string, args: object = {}, headers: Headers = {}): Promise<JsonBody> {
    const answer = await this.ask('tools/call', { name, arguments: args }, headers);
    if (answer.result === undefined) throw new Error(`no result of ${name}: ${JSON.stringify(answer)}`);
    return answer.result;
  }

  answer(id: string, result: object, headers: Headers = {}): Promise<RawAnswer> {
    return this.post({ jsonrpc: '2.0', id, result }, headers);
  }

  nextId(): number {
    this.#nextId += 1;
    return this.#nextId;
  }

  /** What was asked under which id in this POST: ids may be used again in another. */
  #note(body: unknown): ReadonlyMap<string | number, string> {
    const asked = new Map<string | number, string>();
    for (const message of [body].flat() as JsonBody[]) {
      if (message?.method !== undefined && message.id !== undefined) asked.set(message.id, message.method);
    }
    for (const [id, method] of asked) this.#methods.set(id, method);
    return asked;
  }
}

function watched(stream: SseStream, methods: ReadonlyMap<string | number, string>): SseStream {
  watchWire(() => stream.messages.flatMap((message) => wireFault(message, methods) ?? []));
  return stream;
}

/** The JSON-RPC messages of an answer that was read whole, JSON or SSE. */
export function messagesIn({ headers, text, json }: RawAnswer): JsonBody[] {
  if (!String(headers['content-type']).startsWith('text/event-stream')) return text === '' ? [] : [json].flat();
  const data = text.split('\n').flatMap((line) => (line.startsWith('data: ') ? [line.slice(6)] : []));
  return data.map((line) => JSON.parse(line) as JsonBody);
}

/** Opens a session as a client with these capabilities would. */
export async function openWire(url: string, given: WireOptions = {}): Promise<WireSession> {
  const { session } = await handshake(url, given);
  const initialized = await session.post(INITIALIZED);
  if (initialized.status !== 202) throw new Error(`initialized: ${initialized.status} ${initialized.text}`);
  return session;
}

/** `initialize` alone, and what it was answered. */
export async function handshake(
  url: string,
  { revision = NEWEST, capabilities = {}, user, headers = {} }: WireOptions,
) {
  const extra = { ...headers, ...(user === undefined ? {} : { [USER_HEADER]: user }) };
  const request = initializeRequest(revision);
  const body = { ...request, params: { ...request.params, capabilities } };
  const answer = await send(url, { body, headers: extra });
  const id = answer.headers['mcp-session-id'];
  if (answer.status !== 200 || typeof id !== 'string') throw new Error(`initialize: ${answer.status} ${answer.text}`);
  const [opened] = messagesIn(answer);
  watchWire(() => [wireFault(opened, new Map([['init', 'initialize']])) ?? []].flat());
  return { session: new WireSession(url, id, opened.result.protocolVersion, extra), result: opened.result as JsonBody };
}

/** The text of a tool result's first content block. */
export function textOf(result: JsonBody): string {
  return result.content[0].text;
}

/** The request of this method that the server sends on a stream. */
export async function requestOn(stream: SseStream, method: string, nth = 1): Promise<JsonBody> {
  const found = () => stream.messages.filter((message) => message.method === method);
  await stream.until(`${nth} × ${method}`, () => found().length >= nth);
  return found()[nth - 1];
}

/** The terminal answers on a stream. */
export function answersOn(stream: SseStream): JsonBody[] {
  return stream.messages.filter((message) => message.method === undefined);
}
