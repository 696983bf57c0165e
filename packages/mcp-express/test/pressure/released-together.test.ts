import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { RedisServer } from '../support/redis.js';
import { openSession, type TestSession, toolCall } from '../support/session.js';
import { say } from '../support/stores.js';
import { eventually } from '../support/wait.js';
import { bigAnswers, bigCall, expectAnswer, expectWhole, numbers } from './big-answers.js';
import { get, post, type Reading, type ReadingOptions } from './reading.js';
import { newStore, STORES } from './stores.js';

let redis: RedisServer;

beforeAll(async () => {
  redis = await RedisServer.start(['--appendonly', 'no']);
});

afterAll(() => redis.remove());

const KB = 1_000;

const open = (session: TestSession, count: number, size: number, how?: ReadingOptions): Promise<Reading[]> =>
  Promise.all(numbers(count).map((id) => post(session, bigCall(id, size), how)));

describe.each(STORES)('many calls of one session that end in one moment, %s (R7, R35, invariant 1)', (name) => {
  test.each([
    [10, 600 * KB, undefined],
    [20, 1_000 * KB, undefined],
    [5, 3_000 * KB, undefined],
    [60, 700 * KB, undefined],
    [4, 3_000 * KB, 100 * KB],
  ])('%i answers of %i bytes all arrive, each after its notification (limit %p)', async (count, size, bytes) => {
    const { url, release, allBegun } = await bigAnswers(newStore(name, redis, bytes === undefined ? {} : { bytes }));
    const streams = await open(await openSession(url), count, size);
    await allBegun(count);
    release.resolve();
    for (const [index, stream] of streams.entries()) await expectWhole(stream, index + 1, size);
  });

  test('clients that read slowly are waited for', async () => {
    const { url, release, allBegun } = await bigAnswers(newStore(name, redis, { bytes: 500 * KB }));
    const streams = await open(await openSession(url), 6, 1_000 * KB, { bytesPerSecond: 1_000 * KB });
    await allBegun(6);
    release.resolve();
    for (const [index, stream] of streams.entries()) await expectWhole(stream, index + 1, 1_000 * KB);
  });

  test('a batch of 20 answers of 500 KB arrives whole on its one stream', async () => {
    const { url, release, allBegun } = await bigAnswers(newStore(name, redis));
    const calls = numbers(20).map((id) => bigCall(id, 500 * KB));
    const stream = await post(await openSession(url, '2025-03-26'), calls);
    await allBegun(20);
    release.resolve();
    expect(await stream.end()).toBe('end');
    const { messages } = stream;
    const answers = messages.filter(({ id }) => id !== undefined);
    expect(answers.map(({ id }) => id).sort((a, b) => a - b)).toEqual(numbers(20));
    for (const answer of answers) {
      expectAnswer(answer, 500 * KB);
      const told = messages.findIndex(({ params }) => params?.progressToken === `token-${answer.id}`);
      expect(told).toBeGreaterThanOrEqual(0);
      expect(told).toBeLessThan(messages.indexOf(answer));
    }
  });

  test('clients that left find an answer or an error, never silence; what made room is said in a comment', async () => {
    const { url, release, allBegun, router, noneRuns } = await bigAnswers(newStore(name, redis, { bytes: 500 * KB }));
    const session = await openSession(url);
    const streams = await open(session, 8, 600 * KB);
    await allBegun(8);
    await eventually('all can be resumed', () => streams.every(({ lastId }) => lastId !== ''));
    for (const stream of streams) stream.leave();
    await eventually('the server has seen it', async () => (await router.stats()).streams === 0);
    release.resolve();
    await noneRuns();
    const dropped: number[] = [];
    for (const [index, { lastId }] of streams.entries()) {
      const resumed = await get(session, lastId);
      expect(await resumed.end()).toBe('end');
      const answers = resumed.messages.filter(({ id }) => id !== undefined);
      expect(answers.map(({ id }) => id)).toEqual([index + 1]);
      if (answers[0].error === undefined) expectAnswer(answers[0], 600 * KB);
      else {
        expect(answers[0].error.data.reason).toBe('response-dropped');
        expect(resumed.comments).toContain(': some events are no longer held');
        dropped.push(index + 1);
      }
    }
    expect(dropped.length).toBeGreaterThan(0);
    expect(dropped.length).toBeLessThan(8);
  });

  test('5,000 notifications in one go arrive at a POST stream that is read, beyond the limit of the session', async () => {
    const { url } = await bigAnswers(newStore(name, redis, { bytes: 200 * KB, events: 500 }));
    const session = await openSession(url);
    const stream = await post(session, toolCall('burst', { count: 5_000, size: 400 }, 1, 'burst'));
    expect(await stream.end()).toBe('end');
    const { messages } = stream;
    expect(messages.slice(0, -1).map(({ params }) => params.progress)).toEqual(numbers(5_000));
    expect(messages.at(-1)).toMatchObject({ id: 1, result: { content: [{ text: 'done' }] } });
    expect(stream.comments).toEqual([]);
  });

  test('and at a GET stream that is read', async () => {
    const { url, store } = await bigAnswers(newStore(name, redis));
    const session = await openSession(url);
    const stream = await get(session);
    await eventually('it is open', () => stream.bytes > 0);
    for (let from = 0; from < 5_000; from += 500) {
      const some = numbers(500).map((number) => ({ number: from + number, text: 'x'.repeat(2_000) }));
      await eventually('there is room', async () => (await say(store, session.id, ...some)) === 'stored');
    }
    await eventually('all are there', () => stream.bytes > 5_000 * 2_000 && stream.messages.length === 5_000);
    expect(stream.messages.map(({ params }) => params.data.number)).toEqual(numbers(5_000));
  });
});
