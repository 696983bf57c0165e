import { expect } from '@jest/globals';
import { begin, headOf, type JsonBody, readAll, SseStream } from '../../support/raw-client.js';
import { eventually } from '../../support/wait.js';
import type { Block } from './markdown.js';
import { AsyncMessages, CAPABILITIES, loosely, type Step, stepsOf } from './transcript.js';

export const MODERN = '2026-07-28';

export function isModern({ flags }: Block): boolean {
  return flags.includes(MODERN);
}

const META = {
  'io.modelcontextprotocol/protocolVersion': MODERN,
  'io.modelcontextprotocol/clientCapabilities': {
    ...CAPABILITIES,
    extensions: { 'io.modelcontextprotocol/tasks': {} },
  },
};

/** What a client has to send as it was given it. Where a transcript has `…` for one of these, it is the last there was. */
const CARRIED = ['requestState', 'taskId'] as const;

/**
 * A client of 2026-07-28 that plays transcripts. What is the same in every message (`_meta`, and `complete` as the
 * `resultType`) is left out of them, and the state of a task is looked at until it is the one that is claimed.
 */
export class ModernPlayer {
  #posted = new AsyncMessages();
  #shown = new AsyncMessages();
  #requests = 0;
  #last: Pick<Step, 'kind' | 'body'> = { kind: '', body: {} };
  readonly #carried = new Map<string, unknown>();

  constructor(private readonly url: string) {}

  async play(block: Block): Promise<void> {
    for (const step of stepsOf(block)) {
      if (step.toServer) await this.#say(step);
      else await this.#hear(step);
    }
    expect(this.#posted.unread).toEqual([]);
    expect(this.#shown.unread).toEqual([]);
  }

  async #say({ kind, body = {} }: Pick<Step, 'kind' | 'body'>): Promise<void> {
    this.#last = { kind, body };
    const answer = await this.#request(kind, body);
    if (kind === 'subscriptions/listen') this.#shown = answer;
    else this.#posted = answer;
  }

  async #request(method: string, { _meta, ...given }: JsonBody): Promise<AsyncMessages> {
    this.#requests += 1;
    const carried = CARRIED.filter((name) => given[name] === '…').map((name) => [name, this.#carried.get(name)]);
    const params = { ...given, ...Object.fromEntries(carried), _meta: { ...META, ..._meta } };
    const request = begin(this.url, {
      body: { jsonrpc: '2.0', id: this.#requests, method, params },
      headers: { 'mcp-protocol-version': MODERN, 'mcp-method': method, ...nameOf(params) },
    });
    const response = await headOf(request);
    const isStream = String(response.headers['content-type']).startsWith('text/event-stream');
    if (isStream) return new AsyncMessages(new SseStream(request, response));
    return new AsyncMessages(undefined, [(await readAll(response)).json]);
  }

  async #hear(step: Step): Promise<void> {
    const { kind, apart } = step;
    const message = await (apart ? this.#shown : this.#posted).next(kind);
    if (kind === 'result' && this.#last.kind === 'tasks/get') return this.#hearTask(step, message);
    this.#check(step, message);
  }

  async #hearTask(step: Step, first: JsonBody): Promise<void> {
    let message = first;
    await eventually(`the task is ${step.body.status}`, async () => {
      if (message.result?.status === step.body.status) return true;
      message = await (await this.#request(this.#last.kind, this.#last.body)).next(step.kind);
      return false;
    });
    this.#check(step, message);
  }

  #check({ kind, body }: Step, message: JsonBody): void {
    if (kind === 'error') return expect(message.error).toEqual(loosely(body));
    const { _meta, ...said } = kind === 'result' ? message.result : (message.params ?? {});
    for (const name of CARRIED) if (name in said) this.#carried.set(name, said[name]);
    if (kind !== 'result') expect(message.method).toBe(kind);
    if (said.resultType === 'complete') delete said.resultType;
    expect(said).toEqual(loosely(body ?? {}));
  }
}

function nameOf({ name, uri, taskId }: JsonBody): Record<string, string> {
  const named = name ?? uri ?? taskId;
  return typeof named === 'string' ? { 'mcp-name': named } : {};
}
