import { setTimeout as delay } from 'node:timers/promises';

const LIMIT_MS = 15_000;
const ACCEPT = 'application/json, text/event-stream';
const PREFIX = 'io.modelcontextprotocol';
const REVISION = '2026-07-28';

/** @returns the answer to a POST: its status, its JSON, or an open stream. */
export async function post(url, body, headers = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: ACCEPT, ...headers },
    body: JSON.stringify(body),
  });
  return read(response);
}

/** Takes the response of a slow call out of its stream. */
async function settled({ status, headers, stream, json }) {
  if (stream === undefined) return { status, headers, json };
  const answer = await stream.until(
    'it is answered',
    ({ result, error }) => result !== undefined || error !== undefined,
  );
  return { status, headers, json: answer };
}

async function read(response) {
  const { status, headers } = response;
  if (headers.get('content-type')?.startsWith('text/event-stream'))
    return { status, headers, stream: new Sse(response) };
  const text = await response.text();
  return { status, headers, json: text === '' ? undefined : JSON.parse(text) };
}

/** An event stream. Keeps the events as they arrive. */
class Sse {
  events = [];
  ended = false;
  #reader;

  constructor(response) {
    this.#reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    this.#run().catch(() => {});
  }

  get messages() {
    return this.events.filter(({ data }) => data !== '').map(({ data }) => JSON.parse(data));
  }

  /** @returns the first message that meets the condition, once it has come. */
  until(what, condition) {
    return within(
      what,
      () => this.messages.find(condition),
      () => JSON.stringify(this.events),
    );
  }

  untilEnded() {
    return within(
      'the stream ends',
      () => this.ended,
      () => JSON.stringify(this.events),
    );
  }

  get lastId() {
    return this.events.findLast(({ id }) => id !== undefined)?.id;
  }

  close() {
    return this.#reader.cancel();
  }

  async #run() {
    let text = '';
    try {
      for (;;) {
        const { done, value } = await this.#reader.read();
        if (done) return;
        const blocks = (text + value).split('\n\n');
        text = blocks.pop();
        for (const block of blocks) this.#take(block);
      }
    } finally {
      this.ended = true;
    }
  }

  #take(block) {
    const fields = block
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]);
    const of = (name) => fields.filter(([field]) => field === name).map(([, value]) => value);
    if (of('data').length === 0 && of('id').length === 0) return;
    this.events.push({ id: of('id')[0], data: of('data').join('\n') });
  }
}

/** Waits for a condition. @returns its first truthy result. @throws Error after the limit. */
export async function within(what, condition, seen = () => '') {
  const deadline = Date.now() + LIMIT_MS;
  for (;;) {
    const found = await condition();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`waited in vain until ${what}. ${seen()}`);
    await delay(10);
  }
}

/** A session. Each method takes the URL of the node to use. */
export class Session {
  #ids = 0;

  constructor(id) {
    this.headers = { 'mcp-session-id': id, 'mcp-protocol-version': '2025-11-25' };
  }

  static async open(url) {
    const params = {
      protocolVersion: '2025-11-25',
      clientInfo: { name: 'compat', version: '1' },
      capabilities: { elicitation: {} },
    };
    const { headers } = await post(url, { jsonrpc: '2.0', id: 0, method: 'initialize', params });
    const session = new Session(headers.get('mcp-session-id'));
    await session.send(url, { method: 'notifications/initialized' });
    return session;
  }

  send(url, message, headers = {}) {
    return post(url, { jsonrpc: '2.0', ...message }, { ...this.headers, ...headers });
  }

  async ask(url, method, params, headers) {
    this.#ids += 1;
    return settled(await this.send(url, { id: this.#ids, method, params }, headers));
  }

  call(url, name, args = {}, headers = {}) {
    return this.ask(url, 'tools/call', { name, arguments: args }, headers);
  }

  /** The call as a stream. */
  callStream(url, name, args = {}) {
    this.#ids += 1;
    const params = { name, arguments: args, _meta: { progressToken: 'p' } };
    return this.send(url, { id: this.#ids, method: 'tools/call', params }, { accept: 'text/event-stream' });
  }

  /** The call as a stream, once its handler runs. */
  async begin(url, text) {
    const { stream } = await this.callStream(url, 'gate', { text });
    await stream.until('the handler runs', ({ method }) => method === 'notifications/progress');
    return { stream, id: this.#ids };
  }

  async get(url, lastEventId) {
    const resumed = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
    return read(await fetch(url, { headers: { ...this.headers, accept: 'text/event-stream', ...resumed } }));
  }

  async delete(url) {
    return (await fetch(url, { method: 'DELETE', headers: this.headers })).status;
  }
}

/** A request of 2026-07-28. */
export async function alone(url, method, params) {
  const capabilities = { elicitation: { form: {} }, extensions: { [`${PREFIX}/tasks`]: {} } };
  const _meta = { [`${PREFIX}/protocolVersion`]: REVISION, [`${PREFIX}/clientCapabilities`]: capabilities };
  const name = params.taskId ?? params.name;
  const headers = { 'mcp-protocol-version': REVISION, 'mcp-method': method, 'mcp-name': name };
  return settled(await post(url, { jsonrpc: '2.0', id: 1, method, params: { ...params, _meta } }, headers));
}

/** The text of the first block of a tool result. */
export const textOf = ({ result }) => result?.content?.[0]?.text;
