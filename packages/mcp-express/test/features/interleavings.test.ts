import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { memoryStore } from 'mcp-express';
import type { Page } from '../../src/store/store.js';
import type { StreamReader } from '../../src/stream/reader.js';
import type { ReaderSink } from '../../src/stream/reader-sink.js';
import { Streams } from '../../src/stream/streams.js';
import type { JsonBody, SseStream } from '../support/raw-client.js';
import { openSession, type TestSession } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { slowStore } from '../support/stores.js';
import { addGate, testServer } from '../support/test-tools.js';

/** What can happen to a stream. */
const ROOM_STEP = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('append' as const), count: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('read' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('resume' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('race' as const) }) },
);

/** A connection whose client takes a page only when it is asked to. */
class View implements ReaderSink {
  #page: Page | undefined;
  #isOver = false;
  #taken = (): void => {};
  #told = (): void => {};

  /** The next page; nothing once there will be none. */
  async take(): Promise<Page | undefined> {
    while (this.#page === undefined && !this.#isOver) {
      await new Promise<void>((resolve) => {
        this.#told = resolve;
      });
    }
    const page = this.#page;
    this.readerClosed();
    return page;
  }

  write(page: Page): Promise<void> {
    this.#page = page;
    this.#told();
    return new Promise((resolve) => {
      this.#taken = resolve;
    });
  }

  readerClosed(): void {
    this.#page = undefined;
    this.#taken();
  }

  end(): void {
    this.#isOver = true;
    this.#told();
  }
}

/** One client of the Streams room: it remembers what it was shown, and comes back after that. */
class Reading {
  readonly shown: string[] = [];
  #last: string;
  #reader: StreamReader | undefined;
  #view = new View();

  constructor(
    private readonly streams: Streams,
    private readonly key: { session: string; stream: string },
  ) {
    this.#last = `${key.stream}.0`;
  }

  resume(): void {
    this.#reader = this.streams.takeOver(this.key, { after: this.#last }, () => {});
    this.#view = new View();
    this.#reader.pipeTo(this.#view);
  }

  leave(): void {
    this.#reader?.close('client-gone');
  }

  /** Reads one page. False at the end of the stream, or when this reader was closed. */
  async read(): Promise<boolean> {
    if (this.#reader === undefined || this.#reader.closed !== undefined) this.resume();
    const page = await this.#view.take();
    if (page === undefined) return false;
    this.shown.push(...page.events.map(({ data }) => data));
    this.#last = page.events.at(-1)?.id ?? this.#last;
    return true;
  }
}

describe('any interleaving of appends and resumes shows each event once, in order (invariant 2, R33)', () => {
  test.each([
    ['the memory store', () => memoryStore()],
    ['a store that takes up to 1 ms', () => slowStore(1)],
  ])('in the Streams room, with %s', async (_which, storeOf) => {
    await fc.assert(
      fc.asyncProperty(fc.array(ROOM_STEP, { maxLength: 30 }), async (steps) => {
        const store = storeOf();
        const streams = new Streams({ store: store.streams, bus: store.bus, node: 'node', stallMs: 0 });
        const key = { session: 's', stream: 'st' };
        const writer = streams.open(key, { errors: [] }, '');
        await writer.opened;
        const client = new Reading(streams, key);
        let appended = 0;
        const append = (): void => {
          appended += 1;
          void writer.append({ data: String(appended) });
        };
        for (const step of steps) {
          if (step.do === 'append') for (let left = step.count; left > 0; left -= 1) append();
          else if (step.do === 'resume') client.resume();
          else if (step.do === 'leave') client.leave();
          else if (step.do === 'read' && client.shown.length < appended) await client.read();
          else if (step.do === 'race') {
            append();
            client.resume();
            append();
          }
        }
        void writer.append({ data: 'answer', answer: true }, true);
        while (await client.read());
        streams.close();
        await store.close();
        expect(client.shown).toEqual([...Array.from({ length: appended }, (_each, at) => String(at + 1)), 'answer']);
      }),
      { numRuns: 150 },
    );
  });

  const HTTP_STEP = fc.constantFrom('progress', 'progress', 'reset', 'resume', 'resume-at-once', 'close', 'take-over');

  test('over HTTP: resets, resumes, take-overs and closed streams in the middle of a call (R7, R12)', async () => {
    const mcp = testServer();
    const gate = addGate(mcp);
    const { url } = await startServer({ mcp, options: { retryMs: 1 } });
    const session = await openSession(url);
    await fc.assert(
      fc.asyncProperty(fc.array(HTTP_STEP, { maxLength: 12 }), async (steps) => {
        const client = new HttpReading(session);
        const opening = session.callStream('gate', {}, 1, {
          progressToken: 'p',
          headers: { accept: 'text/event-stream' },
        });
        const call = await gate.begun();
        await client.show(await opening);
        let sent = 0;
        const report = (): void => {
          sent += 1;
          void call.ctx.progress(sent);
        };
        for (const step of steps) {
          if (step === 'progress') report();
          else if (step === 'reset') client.reset();
          else if (step === 'resume') await client.resume();
          else if (step === 'resume-at-once') {
            client.reset();
            report();
            await client.resume();
          } else if (step === 'close') call.ctx.closeStream();
          else {
            report();
            await client.resume();
          }
        }
        call.resolve('answer');
        const seen = await client.rest();
        expect(seen).toEqual([...Array.from({ length: sent }, (_each, at) => at + 1), 'answer']);
      }),
      { numRuns: 40 },
    );
  });
});

/** A client over HTTP: what it was shown on all its connections, without what one still showed after it had moved on. */
class HttpReading {
  readonly #shown: JsonBody[] = [];
  #stream: SseStream | undefined;
  #last = '';

  constructor(private readonly session: TestSession) {}

  async show(stream: SseStream): Promise<void> {
    this.#stream = stream;
    await stream.until('something to resume from', () => stream.lastId !== undefined);
  }

  reset(): void {
    this.#stream?.destroy();
  }

  /** Comes back after the last event it was shown. */
  async resume(): Promise<void> {
    this.#moveOn();
    this.#stream = await this.session.resume(this.#last);
  }

  /** Reads to the end of the stream, coming back where it is cut, and gives all that was shown. */
  async rest(): Promise<unknown[]> {
    for (;;) {
      await this.#stream?.untilClosed();
      this.#moveOn();
      if (this.#shown.at(-1)?.result !== undefined) break;
      this.#stream = await this.session.resume(this.#last);
    }
    return this.#shown.map(({ params, result }) => params?.progress ?? result.content[0].text);
  }

  #moveOn(): void {
    this.#shown.push(...(this.#stream?.messages ?? []));
    this.#last = this.#stream?.lastId ?? this.#last;
    this.#stream = undefined;
  }
}
