import { request } from 'node:http';
import { connect } from 'node:http2';

/** The protocol between client and proxy. */
export type Protocol = 'HTTP/1.1' | 'HTTP/2';

/** One call through a proxy, and its stream. */
export interface Stream {
  /** When each event has arrived, by `performance.now()`. */
  readonly arrivals: readonly number[];
  readonly status: () => number;
  /** Resolves with the first event. */
  readonly first: Promise<true>;
  /** Comment lines that have arrived. */
  comments(): number;
  /** How it ended: complete by the rules of HTTP, or broken. */
  readonly ended: Promise<'whole' | 'broken'>;
  /** As a client that goes away. */
  leave(): void;
}

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
  progressToken: 'p',
};

function callOf(
  name: string,
  args: Readonly<Record<string, string>>,
): { headers: Record<string, string>; body: string } {
  const params = { name, arguments: args, _meta: META };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
  return {
    headers: {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': name,
      ...Object.fromEntries(Object.entries(args).map(([key, value]) => [`mcp-param-${key}_id`, value])),
    },
    body,
  };
}

/** Calls a tool; each argument is repeated in the header that its mark names. */
export function call(
  protocol: Protocol,
  port: number,
  name: string,
  args: Readonly<Record<string, string>> = {},
): Stream {
  const seen = new Seen();
  const { headers, body } = callOf(name, args);
  const leave = protocol === 'HTTP/2' ? overHttp2(port, headers, body, seen) : overHttp1(port, headers, body, seen);
  return {
    arrivals: seen.arrivals,
    comments: () => seen.text.match(/^:/gm)?.length ?? 0,
    status: () => seen.status,
    first: seen.first,
    ended: seen.ended,
    leave,
  };
}

class Seen {
  readonly arrivals: number[] = [];
  text = '';
  status = 0;
  readonly first: Promise<true>;
  readonly ended: Promise<'whole' | 'broken'>;
  #first: () => void = () => {};
  end: (how: 'whole' | 'broken') => void = () => {};

  constructor() {
    this.first = new Promise((resolve) => {
      this.#first = () => resolve(true);
    });
    this.ended = new Promise((resolve) => {
      this.end = resolve;
    });
  }

  take(chunk: string): void {
    this.text += chunk;
    const events = this.text.split('\ndata: ').length - 1 + (this.text.startsWith('data: ') ? 1 : 0);
    while (this.arrivals.length < events) this.arrivals.push(performance.now());
    if (events > 0) this.#first();
  }
}

function overHttp1(port: number, headers: Record<string, string>, body: string, seen: Seen): () => void {
  const options = { host: '127.0.0.1', port, path: '/mcp', method: 'POST', headers, agent: false };
  const sent = request(options, (response) => {
    seen.status = response.statusCode ?? 0;
    response.setEncoding('utf8').on('data', (chunk: string) => seen.take(chunk));
    response.on('end', () => seen.end(response.complete ? 'whole' : 'broken'));
    response.on('error', () => seen.end('broken'));
  });
  sent.on('error', () => seen.end('broken'));
  sent.end(body);
  return () => sent.destroy();
}

function overHttp2(port: number, headers: Record<string, string>, body: string, seen: Seen): () => void {
  const session = connect(`http://127.0.0.1:${port}`);
  session.on('error', () => seen.end('broken'));
  session.on('close', () => seen.end('broken'));
  const stream = session.request({ ':method': 'POST', ':path': '/mcp', ...headers });
  stream.on('response', (head) => {
    seen.status = Number(head[':status']);
  });
  stream.setEncoding('utf8').on('data', (chunk: string) => seen.take(chunk));
  stream.on('error', () => seen.end('broken'));
  // A reset is reported after the end of the data.
  stream.on('close', () => {
    seen.end(stream.rstCode === 0 ? 'whole' : 'broken');
    session.close();
  });
  stream.end(body);
  return () => {
    stream.destroy();
    session.destroy();
  };
}
