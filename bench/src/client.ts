import { type Message, messageIn } from './answer.js';
import { callBody } from './calls.js';
import type { Subject } from './subjects.js';
import { TOOLS } from './tools.js';

const REVISION = '2025-11-25';
const ACCEPT = 'application/json, text/event-stream';
const TIMEOUT_MS = 10_000;

/** What a client does before the load: opens sessions, and looks that the server is what the benchmark says it is. */
export class Client {
  readonly #url: string;

  constructor(
    private readonly subject: Subject,
    private readonly port: number,
  ) {
    this.#url = `http://127.0.0.1:${port}/mcp`;
  }

  /** The header lines of `count` connections, each with a session of its own where the server has sessions. */
  async openConnections(count: number): Promise<string[]> {
    const lines: string[] = [];
    for (let index = 0; index < count; index += 1) {
      lines.push(this.#headerLines(this.subject.sessions ? await this.#openSession() : 'none'));
    }
    return lines;
  }

  /** @throws Error unless the server lists all tools with their schemas and refuses arguments they do not allow. */
  async check(): Promise<void> {
    const session = this.subject.sessions ? await this.#openSession() : undefined;
    const listed = await this.#ask(1, { jsonrpc: '2.0', id: 1, method: 'tools/list' }, session);
    const withSchema = listed.result?.tools?.filter(({ inputSchema }) => inputSchema?.properties !== undefined) ?? [];
    if (withSchema.length !== TOOLS.length) throw new Error(`lists ${withSchema.length} tools with a schema`);
    const wrong = await this.#ask(2, JSON.parse(callBody(2, TOOLS[0]!.name, { number: 7 })), session);
    if (wrong.error === undefined && wrong.result?.isError !== true) throw new Error('takes arguments of a wrong type');
  }

  async #openSession(): Promise<string> {
    const params = { protocolVersion: REVISION, capabilities: {}, clientInfo: { name: 'bench', version: '1.0.0' } };
    const response = await this.#post({ jsonrpc: '2.0', id: 0, method: 'initialize', params });
    const opened = await response.text();
    const id = response.headers.get('mcp-session-id');
    if (response.status !== 200 || id === null) throw new Error(`no session: ${response.status} ${opened}`);
    if (!opened.includes(`"protocolVersion":"${REVISION}"`)) throw new Error(`another revision: ${opened}`);
    const initialized = await this.#post({ jsonrpc: '2.0', method: 'notifications/initialized' }, id);
    await initialized.arrayBuffer();
    if (initialized.status !== 202) throw new Error(`notifications/initialized: ${initialized.status}`);
    return id;
  }

  async #ask(id: number, message: object, session: string | undefined): Promise<Message> {
    const response = await this.#post(message, session);
    const body = await response.text();
    const answer = messageIn(body, this.subject.form, id);
    if (answer === undefined) throw new Error(`no answer: ${response.status} ${body}`);
    return answer;
  }

  #post(message: object, session?: string): Promise<Response> {
    return fetch(this.#url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: ACCEPT,
        ...(session === undefined ? {} : { 'Mcp-Session-Id': session }),
        ...('method' in message && message.method === 'initialize' ? {} : { 'MCP-Protocol-Version': REVISION }),
      },
      body: JSON.stringify(message),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  }

  /** The same bytes for every server, but for the session id. */
  #headerLines(session: string): string {
    return [
      'POST /mcp HTTP/1.1',
      `Host: 127.0.0.1:${this.port}`,
      'Connection: keep-alive',
      'Content-Type: application/json',
      `Accept: ${ACCEPT}`,
      'Accept-Language: *',
      'User-Agent: bench',
      `MCP-Protocol-Version: ${REVISION}`,
      `Mcp-Session-Id: ${session}`,
      '',
    ].join('\r\n');
  }
}
