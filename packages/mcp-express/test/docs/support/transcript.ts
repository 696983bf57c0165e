import { expect } from '@jest/globals';
import { begin, headOf, type JsonBody, readAll, SseStream, send } from '../../support/raw-client.js';
import { INITIALIZED, NEWEST, TestSession } from '../../support/session.js';
import type { Block } from './markdown.js';

/**
 * A transcript is a `jsonc` block in which every message stands under a line that says which way it goes:
 *
 *     // → tools/call          the client's request or notification: its params
 *     // ← notifications/…     the server's notification or request: its params
 *     // → result              the client's answer to the server's request
 *     // ← result              the server's answer (or `error`)
 *     // ← … (GET)             the same, on the session's own stream
 *     // ← … (listen)          the same, on the stream of `subscriptions/listen`
 *
 * It is played in a session, or, where the block is marked with the revision, as requests of 2026-07-28: see
 * `modern-player.ts`. A text with `…` in it stands for any text that begins and ends like it, `…` alone for anything.
 */
export interface Step {
  readonly toServer: boolean;
  readonly kind: string;
  /** On another stream than the answer to the last request. */
  readonly apart: boolean;
  readonly body: JsonBody;
}

const STEP = /^\/\/ ([→←]) (\S+)( \((?:GET|listen)\))?$/;

export function isTranscript({ language, text }: Block): boolean {
  return language === 'jsonc' && STEP.test(text.split('\n')[0] ?? '');
}

export function stepsOf({ text, line }: Block): Step[] {
  const steps: { head: RegExpExecArray; lines: string[] }[] = [];
  for (const row of text.split('\n')) {
    const head = STEP.exec(row);
    if (head !== null) steps.push({ head, lines: [] });
    else steps.at(-1)?.lines.push(row);
  }
  return steps.map(({ head: [, arrow, kind = '', apart], lines }) => {
    try {
      const text = lines.join('\n').trim();
      const body = text === '' ? undefined : JSON.parse(text);
      return { toServer: arrow === '→', kind, apart: apart !== undefined, body };
    } catch (cause) {
      throw new Error(`the message "${kind}" of the transcript at line ${line} is not JSON`, { cause });
    }
  });
}

/** What the client of every transcript can do. */
export const CAPABILITIES = {
  elicitation: { form: {}, url: {} },
  sampling: { tools: {} },
  roots: { listChanged: true },
};

/** A client that plays transcripts, each after the other, in one session. */
export class Player {
  #posted: AsyncMessages = new AsyncMessages();
  #shown: AsyncMessages = new AsyncMessages();
  #requests = 0;
  #asked: string | number | undefined;

  private constructor(private readonly session: TestSession) {}

  static async open(url: string): Promise<Player> {
    const params = {
      protocolVersion: NEWEST,
      capabilities: CAPABILITIES,
      clientInfo: { name: 'transcript', version: '1' },
    };
    const answer = await send(url, { body: { jsonrpc: '2.0', id: 0, method: 'initialize', params } });
    const player = new Player(new TestSession(url, String(answer.headers['mcp-session-id']), NEWEST));
    await player.session.post(INITIALIZED);
    player.#shown = new AsyncMessages(await player.session.listen());
    return player;
  }

  async play(block: Block): Promise<void> {
    for (const step of stepsOf(block)) {
      if (step.toServer) await this.#say(step);
      else await this.#hear(step);
    }
    expect(this.#posted.unread).toEqual([]);
    expect(this.#shown.unread).toEqual([]);
  }

  async #say({ kind, body }: Step): Promise<void> {
    if (kind === 'result' || kind === 'error') {
      const answer = await this.session.post({ jsonrpc: '2.0', id: this.#asked, [kind]: body });
      expect([answer.status, answer.text]).toEqual([202, '']);
    } else if (kind.startsWith('notifications/')) {
      const answer = await this.session.post({ jsonrpc: '2.0', method: kind, params: body });
      expect([answer.status, answer.text]).toEqual([202, '']);
    } else {
      this.#requests += 1;
      this.#posted = await this.#request({ jsonrpc: '2.0', id: this.#requests, method: kind, params: body });
    }
  }

  async #request(body: JsonBody): Promise<AsyncMessages> {
    const request = begin(this.session.url, { body, headers: this.session.headers });
    const response = await headOf(request);
    expect(response.statusCode).toBe(200);
    const isStream = String(response.headers['content-type']).startsWith('text/event-stream');
    if (isStream) return new AsyncMessages(new SseStream(request, response));
    return new AsyncMessages(undefined, [(await readAll(response)).json]);
  }

  async #hear({ kind, body, apart }: Step): Promise<void> {
    const message = await (apart ? this.#shown : this.#posted).next(kind);
    if (kind === 'result' || kind === 'error') {
      expect(message).toEqual({ jsonrpc: '2.0', id: this.#requests, [kind]: loosely(body) });
      return;
    }
    const id = 'id' in message ? { id: message.id } : {};
    const params = body === undefined ? {} : { params: loosely(body) };
    expect(message).toEqual({ jsonrpc: '2.0', ...id, method: kind, ...params });
    this.#asked = message.id;
  }
}

/** The messages of an answer, in order, as they come. */
export class AsyncMessages {
  #taken = 0;

  constructor(
    private readonly stream?: SseStream,
    private readonly all: readonly JsonBody[] = [],
  ) {}

  get unread(): readonly JsonBody[] {
    return (this.stream?.messages ?? this.all).slice(this.#taken);
  }

  async next(kind: string): Promise<JsonBody> {
    if (this.stream !== undefined) await this.stream.untilMessages(this.#taken + 1);
    const [message] = this.unread;
    if (message === undefined) throw new Error(`there is no message where the transcript has "${kind}"`);
    this.#taken += 1;
    return message;
  }
}

export function loosely(body: JsonBody): JsonBody {
  if (body === '…') return expect.anything();
  if (typeof body === 'string') return body.includes('…') ? expect.stringMatching(patternOf(body)) : body;
  if (Array.isArray(body)) return body.map(loosely);
  if (typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, loosely(value)]));
}

/** A text in which `…` stands for anything on one line. */
export function patternOf(text: string): RegExp {
  const parts = text.split('…').map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^\\n]*?')}$`);
}
