import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Store, StreamKey } from 'mcp-express';
import type { JsonBody } from '../support/raw-client.js';
import { RedisServer } from '../support/redis.js';
import { openSession, type TestSession } from '../support/session.js';
import { altered } from '../support/stores.js';
import { eventually } from '../support/wait.js';
import { bigAnswers, bigCall, expectAnswer, numbers } from './big-answers.js';
import { get, post, type Reading } from './reading.js';
import { newStore, STORES } from './stores.js';

let redis: RedisServer;

beforeAll(async () => {
  redis = await RedisServer.start(['--appendonly', 'no']);
});

afterAll(() => redis.remove());

const KB = 1_000;
const BYTES = 400 * KB;
/** What the sessions of one holder may hold together. */
const SHARE = 4 * BYTES;
const SIZE = 70 * KB;
const SESSIONS = 20;
const CALLS = 8;

const FLOODER = { 'x-forwarded-for': '203.0.113.9' };
const OTHER = { 'x-forwarded-for': '198.51.100.1' };
const ALL = { events: 100, characters: 100_000_000 };

/** Knows the streams that were opened. */
function recorded(store: Store) {
  const keys: StreamKey[] = [];
  const open: Store['streams']['open'] = (...given) => {
    keys.push(given[0]);
    return store.streams.open(...given);
  };
  /**
   * Bytes of the events of these sessions. All of their streams have ended before the first is counted: the last answer that is
   * stored may still take room from any of them.
   */
  const bytesOf = async (sessions: ReadonlySet<string>): Promise<number> => {
    const theirs = keys.filter(({ session }) => sessions.has(session));
    for (const key of theirs) {
      await eventually(
        'the stream has ended',
        async () => (await store.streams.read(key, 'start', ALL))?.ended === true,
      );
    }
    const pages = await Promise.all(theirs.map((key) => store.streams.read(key, 'start', ALL)));
    return pages.flatMap((page) => page?.events ?? []).reduce((bytes, { data }) => bytes + data.length, 0);
  };
  return { store: altered(store, { streams: { open } }), bytesOf };
}

interface Left {
  readonly session: TestSession;
  readonly lastId: string;
  readonly id: number;
}

/** Begins calls whose clients leave before they are answered. */
async function leave(session: TestSession, count: number): Promise<Left[]> {
  const begin = (id: number): Promise<Reading> => post(session, bigCall(id, SIZE));
  const streams = await Promise.all(numbers(count).map(begin));
  await eventually('all can be resumed', () => streams.every(({ lastId }) => lastId !== ''));
  for (const stream of streams) stream.leave();
  return streams.map(({ lastId }, index) => ({ session, lastId, id: index + 1 }));
}

async function resumed({ session, lastId }: Left): Promise<JsonBody> {
  const stream = await get(session, lastId);
  expect(await stream.end()).toBe('end');
  return stream.messages.find(({ id }) => id !== undefined) as JsonBody;
}

describe.each(STORES)(
  'one caller with many sessions does not fill the streams of others, %s (R7, R18, R35)',
  (name) => {
    test('20 sessions of one address with unread answers hold their share, and others lose nothing', async () => {
      const { store, bytesOf } = recorded(newStore(name, redis, { bytes: BYTES }));
      const { url, release, allBegun, noneRuns, router } = await bigAnswers(store);
      const other = await openSession(url, '2025-11-25', OTHER);
      const kept = await leave(other, 5);
      const flood: Left[][] = [];
      for (const _each of numbers(SESSIONS)) {
        flood.push(await leave(await openSession(url, '2025-11-25', FLOODER), CALLS));
      }
      await allBegun(SESSIONS * CALLS + 5);
      await eventually('the server has seen that they left', async () => (await router.stats()).streams === 0);
      const reading = await post(other, bigCall(6, SIZE));
      await allBegun(SESSIONS * CALLS + 6);
      release.resolve();
      await noneRuns();
      const held = await bytesOf(new Set(flood.flat().map(({ session }) => session.id)));
      expect(held).toBeLessThan(SHARE + SESSIONS * CALLS * 500);
      expect(held).toBeGreaterThan(SHARE / 4);

      expect(await reading.end()).toBe('end');
      expectAnswer(reading.messages.at(-1) as JsonBody, SIZE);
      for (const each of kept) expectAnswer(await resumed(each), SIZE);
      let whole = 0;
      for (const [first] of flood) {
        const answer = await resumed(first as Left);
        if (answer.error === undefined) {
          expectAnswer(answer, SIZE);
          whole += 1;
        } else expect(answer.error.data.reason).toBe('response-dropped');
      }
      expect(whole).toBeLessThan(SESSIONS);
    });
  },
);
