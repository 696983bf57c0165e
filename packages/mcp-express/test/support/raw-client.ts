import { type ClientRequest, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { onCleanup } from './cleanup.js';
import { type SseBlock, SseParser } from './sse-parser.js';
import { eventually, within } from './wait.js';
import { methodsIn, watchMessages } from './wire-schemas.js';

/** A request of the raw client. */
export interface RawRequest {
  readonly method?: string;
  /** `undefined` omits a default header. */
  readonly headers?: Readonly<Record<string, string | string[] | undefined>>;
  /** A string is sent unchanged, anything else as JSON. */
  readonly body?: unknown;
}

/** A complete response. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** As received: name, value, name, value. */
  readonly rawHeaders: readonly string[];
  readonly text: string;
  /** Parsed on first access. */
  readonly json: JsonBody;
}

/** A JSON-RPC body of any shape. */
// biome-ignore lint/suspicious/noExplicitAny: a test looks into answers of every shape, and fails where the shape is another.
export type JsonBody = any;

const JSON_AND_SSE = 'application/json, text/event-stream';

/** Sends one request on a connection of its own, so that tests do not share connections. */
export function begin(url: string, { method = 'POST', headers = {}, body }: RawRequest = {}): ClientRequest {
  const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const defaults = { accept: JSON_AND_SSE, ...(text === undefined ? {} : { 'content-type': 'application/json' }) };
  const sent: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries({ ...defaults, ...headers })) if (value !== undefined) sent[name] = value;
  if (text !== undefined && sent['transfer-encoding'] === undefined) {
    sent['content-length'] ??= String(Buffer.byteLength(text));
  }
  const request = httpRequest(url, { method, headers: sent, agent: false });
  request.on('error', () => {});
  onCleanup(() => request.destroy());
  request.end(text);
  return request;
}

/** The head of the response. Rejects if the connection ends before it. */
export function headOf(request: ClientRequest): Promise<IncomingMessage> {
  const head = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve).once('error', reject);
    request.once('close', () => reject(new Error('the connection closed before there was an answer')));
  });
  return within('an HTTP response', head);
}

/** Sends one request and reads the complete response. Its JSON-RPC messages are validated against the official schemas. */
export async function send(url: string, given: RawRequest = {}): Promise<RawAnswer> {
  const answer = await readAll(await headOf(begin(url, given)));
  watchMessages(() => answer.json, methodsIn(given.body));
  return answer;
}

/** Reads the rest of a response. */
export async function readAll(response: IncomingMessage): Promise<RawAnswer> {
  const chunks: Buffer[] = [];
  const ended = new Promise<void>((resolve, reject) => {
    response.on('data', (chunk: Buffer) => chunks.push(chunk)).once('end', resolve);
    response.once('error', reject).once('close', () => reject(new Error('the answer was cut')));
  });
  await within('the end of the answer', ended);
  const text = Buffer.concat(chunks).toString('utf8');
  const { statusCode: status = 0, headers, rawHeaders } = response;
  return { status, headers, rawHeaders, text, json: parsedLater(text) } as RawAnswer;
}

/** The JSON body, or the last message of a stream: on a busy machine every call may become one. */
function parsedLater(text: string): JsonBody {
  try {
    return JSON.parse(/^data: ?(.+)$/m.test(text) ? lastData(text) : text);
  } catch {
    return undefined;
  }
}

function lastData(text: string): string {
  return [...text.matchAll(/^data: ?(.+)$/gm)].at(-1)?.[1] ?? '';
}

/** An SSE response, read as it arrives. */
export class SseStream {
  readonly blocks: SseBlock[] = [];
  /** All received text. */
  text = '';
  /** The way in which the connection ended: `end` is an orderly end. */
  closed: 'end' | 'cut' | undefined;
  /** The time at which the headers had arrived, in milliseconds of `performance.now()`. */
  readonly openedAt = performance.now();
  readonly #watchers = new Set<() => void>();
  readonly #messages: JsonBody[] = [];
  #fault: unknown;

  constructor(
    readonly request: ClientRequest,
    readonly response: IncomingMessage,
  ) {
    const parser = new SseParser((block) => this.#onBlock(block));
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      this.text += chunk;
      parser.push(chunk);
      this.#tell();
    });
    response.on('error', () => {});
    response.once('end', () => this.#onClosed('end'));
    response.once('close', () => this.#onClosed('cut'));
  }

  get status(): number {
    return this.response.statusCode ?? 0;
  }

  get headers(): IncomingHttpHeaders {
    return this.response.headers;
  }

  /** Blocks that are events for an EventSource, or at least change its last event id. */
  get events(): SseBlock[] {
    return this.blocks.filter((block) => block.data !== undefined);
  }

  /** The JSON-RPC messages. Throws if a `data` field is neither empty nor JSON. */
  get messages(): readonly JsonBody[] {
    if (this.#fault !== undefined) throw this.#fault;
    return this.#messages;
  }

  /** The messages that could be parsed. */
  get whatCame(): readonly JsonBody[] {
    return this.#messages;
  }

  get ids(): string[] {
    return this.events.map(({ id }) => id ?? '');
  }

  /** The id from which an EventSource would resume now. */
  get lastId(): string | undefined {
    return this.blocks.findLast(({ id }) => id !== undefined)?.id;
  }

  /** Resolves when this many messages have arrived. Rejects if the stream ends before. */
  async untilMessages(count: number): Promise<readonly JsonBody[]> {
    await this.until(`${count} messages`, () => this.messages.length >= count);
    return this.messages;
  }

  /** Resolves when the condition holds. Rejects if the stream ends before. @param what the condition, for messages. */
  async until(what: string, isSo: () => boolean): Promise<void> {
    let look!: () => void;
    const seen = new Promise<void>((resolve, reject) => {
      look = (): void => {
        if (isSo()) resolve();
        else if (this.closed !== undefined) {
          reject(new Error(`the stream closed (${this.closed}) before ${what}:\n${this.text.slice(-2000)}`));
        }
      };
    });
    this.#watchers.add(look);
    look();
    try {
      await within(`${what} on the stream`, seen);
    } finally {
      this.#watchers.delete(look);
    }
  }

  /** Resolves with the way in which the stream closed. */
  async untilClosed(ms?: number): Promise<'end' | 'cut'> {
    return eventually(`the stream closes; it has:\n${this.text.slice(-2000)}`, () => this.closed, ms);
  }

  /** Closes the connection. */
  destroy(): void {
    this.request.destroy();
  }

  /** Closes the connection with a TCP reset. */
  reset(): void {
    this.request.socket?.resetAndDestroy();
  }

  #onBlock(block: SseBlock): void {
    this.blocks.push(block);
    if (block.data === undefined || block.data === '') return;
    try {
      this.#messages.push(JSON.parse(block.data));
    } catch (cause) {
      this.#fault ??= cause;
    }
  }

  #onClosed(how: 'end' | 'cut'): void {
    this.closed ??= how;
    this.#tell();
  }

  #tell(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}

/** Sends a request and reads its response as SSE. Rejects if the response is no stream. */
export async function openStream(url: string, given: RawRequest): Promise<SseStream> {
  const request = begin(url, given);
  const response = await headOf(request);
  if (response.statusCode !== 200 || !String(response.headers['content-type']).startsWith('text/event-stream')) {
    const { status, text } = await readAll(response);
    throw new Error(`not a stream: ${status} ${text}`);
  }
  const stream = new SseStream(request, response);
  watchMessages(() => stream.whatCame, methodsIn(given.body));
  return stream;
}
