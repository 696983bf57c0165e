import { Agent, type ClientRequest, type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { MODERN_REVISION, SESSION_REVISION } from '../wire/messages.js';

/** The attacker has an address of its own, so that limits by address do not affect the measured client. */
export const ATTACKER_ADDRESS = '127.0.0.2';

/** A response to the attacker. */
export interface Answer {
  readonly status: number;
  readonly session: string | undefined;
  readonly bytes: number;
  /** The first 100 kB of the body. */
  readonly text: string;
}

const KEPT_CHARACTERS = 100_000;

/** HTTP requests of one attacker, as many at a time as it likes. */
export class HostileClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 400 });
  /** Responses by status; 0 counts requests whose connection broke. */
  readonly statuses = new Map<number, number>();

  constructor(readonly port: number) {}

  /** Sends a POST and resolves with its whole response; a broken connection resolves with status 0. */
  post(body: string, headers: OutgoingHttpHeaders = {}): Promise<Answer> {
    return new Promise((resolve) => {
      const failed = (): void => resolve(this.#count({ status: 0, session: undefined, bytes: 0, text: '' }));
      const sent = this.begin('POST', { 'Content-Length': Buffer.byteLength(body), ...headers });
      sent.once('error', failed);
      sent.once('response', (response: IncomingMessage) => {
        readAnswer(response).then((answer) => resolve(this.#count(answer)), failed);
      });
      sent.end(body);
    });
  }

  /** Begins a request. The caller sends its body and reads its response. */
  begin(method: 'POST' | 'GET', headers: OutgoingHttpHeaders = {}): ClientRequest {
    return request({
      agent: this.#agent,
      host: '127.0.0.1',
      port: this.port,
      localAddress: ATTACKER_ADDRESS,
      path: '/mcp',
      method,
      headers: { Accept: 'application/json, text/event-stream', 'Content-Type': 'application/json', ...headers },
    });
  }

  /** @returns the id of a new session, or `undefined` where the server refuses one. */
  async open(): Promise<string | undefined> {
    const params = { protocolVersion: SESSION_REVISION, capabilities: {}, clientInfo: { name: 'x', version: '1' } };
    return (await this.post(message(1, 'initialize', params))).session;
  }

  #count(answer: Answer): Answer {
    this.statuses.set(answer.status, (this.statuses.get(answer.status) ?? 0) + 1);
    return answer;
  }
}

/** The text of a JSON-RPC request. */
export function message(id: unknown, method: string, params: object): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params });
}

/** The headers of a request in a session. */
export function inSession(session: string): OutgoingHttpHeaders {
  return { 'Mcp-Session-Id': session, 'MCP-Protocol-Version': SESSION_REVISION };
}

/** A request of 2026-07-28 and its headers. */
export function stateless(id: number, method: string, params: object, name?: string, capabilities: object = {}) {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': MODERN_REVISION,
    'io.modelcontextprotocol/clientInfo': { name: 'x', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': capabilities,
  };
  const headers = { 'MCP-Protocol-Version': MODERN_REVISION, 'Mcp-Method': method };
  return {
    body: message(id, method, { ...params, _meta }),
    headers: name === undefined ? headers : { ...headers, 'Mcp-Name': name },
  };
}

/** Runs `work` for 0 to `count - 1`, at most `atATime` at once. */
export async function repeat(count: number, atATime: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      await work(index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atATime, count) }, lane));
}

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  let bytes = 0;
  let text = '';
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (text.length < KEPT_CHARACTERS) text += chunk.toString('latin1');
  }
  const session = response.headers['mcp-session-id'];
  return { status: response.statusCode ?? 0, session: typeof session === 'string' ? session : undefined, bytes, text };
}
