import type { ClientRequest, IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { begin, headOf, type JsonBody } from '../support/raw-client.js';
import type { Headers, TestSession } from '../support/session.js';
import { within } from '../support/wait.js';

/** Much arrives here: it is put together and parsed once, at the end. */
export class Reading {
  readonly #chunks: Buffer[] = [];
  readonly closed: Promise<'end' | 'cut'>;
  bytes = 0;

  constructor(
    readonly request: ClientRequest,
    readonly response: IncomingMessage,
    bytesPerSecond: number,
  ) {
    response.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.bytes += chunk.length;
      if (bytesPerSecond < Number.POSITIVE_INFINITY) this.#rest((chunk.length / bytesPerSecond) * 1_000);
    });
    response.on('error', () => {});
    this.closed = new Promise((resolve) => {
      response.once('end', () => resolve('end'));
      response.once('close', () => resolve('cut'));
    });
  }

  /** How it ended, once it has. */
  end(ms = 50_000): Promise<'end' | 'cut'> {
    return within('the stream ends', this.closed, ms);
  }

  get text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }

  get messages(): JsonBody[] {
    const lines = this.text.split('\n').filter((line) => line.startsWith('data: '));
    return lines.map((line) => JSON.parse(line.slice('data: '.length)) as JsonBody);
  }

  /** The lines that are comments and say something. */
  get comments(): string[] {
    return this.text.split('\n').filter((line) => line.startsWith(':') && line.trim() !== ':');
  }

  get lastId(): string {
    return (
      this.text
        .split('\n')
        .findLast((line) => line.startsWith('id: '))
        ?.slice('id: '.length) ?? ''
    );
  }

  leave(): void {
    this.request.socket?.resetAndDestroy();
  }

  #rest(ms: number): void {
    this.response.pause();
    void delay(ms).then(() => this.response.resume());
  }
}

export interface ReadingOptions {
  readonly headers?: Headers;
  readonly bytesPerSecond?: number;
  /** It takes nothing from the connection before it is resumed. */
  readonly paused?: boolean;
}

async function reading(url: string, given: Parameters<typeof begin>[1], how: ReadingOptions): Promise<Reading> {
  const request = begin(url, given);
  const response = await headOf(request);
  const { bytesPerSecond = Number.POSITIVE_INFINITY, paused = false } = how;
  const read = new Reading(request, response, bytesPerSecond);
  if (paused) response.pause();
  return read;
}

/** A POST that is answered by a stream. */
export function post(session: TestSession, body: unknown, how: ReadingOptions = {}): Promise<Reading> {
  const headers = { ...session.headers, accept: 'text/event-stream', ...how.headers };
  return reading(session.url, { body, headers }, how);
}

/** The stream of the session, or the rest of one of its streams. */
export function get(session: TestSession, lastEventId?: string, how: ReadingOptions = {}): Promise<Reading> {
  const from = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
  const headers = { ...session.headers, accept: 'text/event-stream', ...from, ...how.headers };
  return reading(session.url, { method: 'GET', headers }, how);
}
