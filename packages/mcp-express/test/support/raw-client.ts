import { type ClientRequest, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { onCleanup } from './cleanup.js';
import { type SseBlock, SseParser } from './sse-parser.js';
import { eventually, within } from './wait.js';
import { methodsIn, watchMessages } from './wire-schemas.js';

export interface RawRequest {
  readonly method?: string;
  /** `undefined` leaves out a header that would be sent otherwise. */
  readonly headers?: Readonly<Record<string, string | string[] | undefined>>;
  /** A string is sent as it is; anything else as JSON. */
  readonly body?: unknown;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** As they came: name, value, name, value. */
  readonly rawHeaders: readonly string[];
  readonly text: string;
  /** Parsed when first asked for. */
  readonly json: JsonBody;
}

/** What tests look at in a JSON-RPC body. */
// biome-ignore lint/suspicious/noExplicitAny: a test looks into answers of every shape, and fails where the shape is another.
export type JsonBody = any;

const JSON_AND_SSE = 'application/json, text/event-stream';

/** One connection for one request, so that no test inherits another's. */
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

/** The head of the answer. Rejects when the connection ends before it. */
export function headOf(request: ClientRequest): Promise<IncomingMessage> {
  const head = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve).once('error', reject);
    request.once('close', () => reject(new Error('the connection closed before there was an answer')));
  });
  return within('an HTTP response', head);
}

/** Sends one request and reads the whole answer. What it holds of JSON-RPC is held against the official schemas. */
export async function send(url: string, given: RawRequest = {}): Promise<RawAnswer> {
  const answer = await readAll(await headOf(begin(url, given)));
  watchMessages(() => answer.json, methodsIn(given.body));
  return answer;
}

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

/** The JSON body, or the last message of a stream: on a busy machine every call may take long enough to become one. */
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
  /** Everything that arrived, undecoded. */
  text = '';
  /** How the connection came to its end: `end` is an orderly one. */
  closed: 'end' | 'cut' | undefined;
  /** Milliseconds of `performance.now()` at which the headers were there. */
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

  /** Blocks that are events to an EventSource, or at least move its last event id. */
  get events(): SseBlock[] {
    return this.blocks.filter((block) => block.data !== undefined);
  }

  /** The JSON-RPC messages. A `data` that is neither empty nor JSON fails here. */
  get messages(): readonly JsonBody[] {
    if (this.#fault !== undefined) throw this.#fault;
    return this.#messages;
  }

  /** `messages`, for who looks at them whether or not all of them could be read. */
  get whatCame(): readonly JsonBody[] {
    return this.#messages;
  }

  get ids(): string[] {
    return this.events.map(({ id }) => id ?? '');
  }

  /** The id an EventSource would resume from now. */
  get lastId(): string | undefined {
    return this.blocks.findLast(({ id }) => id !== undefined)?.id;
  }

  /** Resolves when there are this many messages. Rejects when the stream ends before. */
  async untilMessages(count: number): Promise<readonly JsonBody[]> {
    await this.until(`${count} messages`, () => this.messages.length >= count);
    return this.messages;
  }

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

  /** Resolves with how the stream closed. */
  async untilClosed(ms?: number): Promise<'end' | 'cut'> {
    return eventually(`the stream closes; it has:\n${this.text.slice(-2000)}`, () => this.closed, ms);
  }

  /** Leaves without a word. */
  destroy(): void {
    this.request.destroy();
  }

  /** Leaves with a TCP reset. */
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

/** Sends a request and reads its answer as SSE. Rejects when the answer is something else. */
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
