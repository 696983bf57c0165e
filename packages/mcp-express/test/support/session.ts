import {
  begin,
  headOf,
  type JsonBody,
  openStream,
  type RawAnswer,
  type RawRequest,
  readAll,
  SseStream,
  send,
} from './raw-client.js';

/** The newest revision with sessions. */
export const NEWEST = '2025-11-25';
/** All revisions with sessions. */
export const REVISIONS = ['2025-03-26', '2025-06-18', '2025-11-25'] as const;
/** A revision with sessions. */
export type RevisionId = (typeof REVISIONS)[number];

/** Headers of a request. */
export type Headers = NonNullable<RawRequest['headers']>;

/** An `initialize` request. */
export function initializeRequest(
  revision: string = NEWEST,
  id: string | number = 'init',
  capabilities: object = {},
): JsonBody {
  const params = { protocolVersion: revision, capabilities, clientInfo: { name: 'raw', version: '1' } };
  return { jsonrpc: '2.0', id, method: 'initialize', params };
}

/** A `ping` request. */
export function ping(id: string | number = 1): JsonBody {
  return { jsonrpc: '2.0', id, method: 'ping' };
}

/** Settings of a `tools/call`. */
export interface CallOptions {
  readonly progressToken?: string | number;
  readonly headers?: Headers;
}

/** A `tools/call` request. */
export function toolCall(
  name: string,
  args: object,
  id: string | number = 1,
  progressToken?: string | number,
): JsonBody {
  const meta = progressToken === undefined ? {} : { _meta: { progressToken } };
  return { jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: args, ...meta } };
}

/** The notification that completes the handshake. */
export const INITIALIZED = { jsonrpc: '2.0', method: 'notifications/initialized' };

/** A session from the view of its client: its id, and the headers of every request. */
export class TestSession {
  constructor(
    readonly url: string,
    readonly id: string,
    readonly revision: string,
    readonly extra: Headers = {},
  ) {}

  get headers(): Headers {
    return { 'mcp-session-id': this.id, 'mcp-protocol-version': this.revision, ...this.extra };
  }

  /** The same session through another URL, such as that of a proxy. */
  via(url: string): TestSession {
    return new TestSession(url, this.id, this.revision, this.extra);
  }

  post(body: unknown, headers: Headers = {}): Promise<RawAnswer> {
    return send(this.url, { body, headers: { ...this.headers, ...headers } });
  }

  call(name: string, args: object = {}, id: string | number = 1, options: CallOptions = {}): Promise<RawAnswer> {
    return this.post(toolCall(name, args, id, options.progressToken), options.headers);
  }

  /** A POST whose response is a stream. */
  stream(body: unknown, headers: Headers = {}): Promise<SseStream> {
    return openStream(this.url, { body, headers: { ...this.headers, ...headers } });
  }

  callStream(name: string, args: object = {}, id: string | number = 1, options: CallOptions = {}): Promise<SseStream> {
    return this.stream(toolCall(name, args, id, options.progressToken), options.headers);
  }

  get(headers: Headers = {}): Promise<RawAnswer> {
    return send(this.url, { method: 'GET', headers: { ...this.headers, ...headers } });
  }

  listen(headers: Headers = {}): Promise<SseStream> {
    return openStream(this.url, {
      method: 'GET',
      headers: { ...this.headers, accept: 'text/event-stream', ...headers },
    });
  }

  resume(lastEventId: string, headers: Headers = {}): Promise<SseStream> {
    return this.listen({ 'last-event-id': lastEventId, ...headers });
  }

  /** Resumes a stream and reads it to its end. */
  async replay(lastEventId: string, headers: Headers = {}): Promise<SseStream> {
    const stream = await this.resume(lastEventId, headers);
    await stream.untilClosed();
    return stream;
  }

  delete(headers: Headers = {}): Promise<RawAnswer> {
    return send(this.url, { method: 'DELETE', headers: { ...this.headers, ...headers } });
  }

  cancel(requestId: string | number, reason = 'no longer wanted'): Promise<RawAnswer> {
    return this.post({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId, reason } });
  }
}

/** Opens a session and completes the handshake. */
export async function openSession(
  url: string,
  revision: string = NEWEST,
  extra: Headers = {},
  capabilities: object = {},
): Promise<TestSession> {
  const answer = await send(url, { body: initializeRequest(revision, 'init', capabilities), headers: extra });
  const id = answer.headers['mcp-session-id'];
  if (answer.status !== 200 || typeof id !== 'string') throw new Error(`initialize: ${answer.status} ${answer.text}`);
  const session = new TestSession(url, id, answer.json.result.protocolVersion, extra);
  const initialized = await session.post(INITIALIZED);
  if (initialized.status !== 202) throw new Error(`initialized: ${initialized.status} ${initialized.text}`);
  return session;
}

/** The messages of a response in any form. */
export async function messagesOf(url: string, given: RawRequest): Promise<readonly JsonBody[]> {
  const request = begin(url, given);
  const response = await headOf(request);
  if (!String(response.headers['content-type']).startsWith('text/event-stream')) {
    const { text, json } = await readAll(response);
    return text === '' ? [] : [json];
  }
  const stream = new SseStream(request, response);
  await stream.untilClosed();
  return stream.messages;
}
