import { describe, expect, test } from '@jest/globals';
import { testStore } from '../../testing/index.js';
import { memoryStore } from './memory-store.js';
import { DEFAULT_STREAM_LIMITS, MemoryStreams } from './memory-streams.js';

describe('the memory store keeps the contract (R35)', () => {
  testStore({
    describe,
    test,
    create: async (streams = {}) => ({ store: memoryStore({ streams }) }),
    createFailing: 'it is in the memory of the process that uses it, and fails with it',
  });
});

describe('the memory store', () => {
  test('forgets expired sessions and their streams without being asked (R3)', async () => {
    let now = 1_000;
    const store = memoryStore({ now: () => now });
    const limits = { total: 100_000, perOwner: 100_000 };
    for (let i = 0; i < 20_000; i += 1) {
      const record = {
        id: `s${i}`,
        owner: i % 2 ? 'owner' : '',
        revision: '2025-11-25',
        client: { name: 'c', version: '1' },
        capabilities: {},
        standalone: `g${i}`,
        createdAt: now,
        lists: {},
      };
      await store.sessions.create(record, now + 10, limits);
      await store.streams.open({ session: record.id, stream: record.standalone });
    }
    expect(await store.sessions.count()).toBe(20_000);
    now += 10;
    expect(await store.sessions.count()).toBe(0);
    expect(await store.streams.read({ session: 's5', stream: 'g5' }, 'start', { events: 1, characters: 1 })).toBe(
      undefined,
    );
    await store.close();
  });

  test('keeps ended streams for their age and no longer', async () => {
    let now = 0;
    const store = memoryStore({ now: () => now, streams: { ageMs: 100, streams: 2 } });
    const limit = { events: 10, characters: 1_000 };
    const [a, b, c] = ['a', 'b', 'c'].map((stream) => ({ session: 's', stream }));
    if (a === undefined || b === undefined || c === undefined) throw new Error('unreachable');
    await store.streams.open(a);
    await store.streams.append(a, [{ data: 'answer', answer: true }], true);
    now = 99;
    expect((await store.streams.read(a, 'start', limit))?.ended).toBe(true);
    await store.streams.open(b);
    await store.streams.open(c);
    expect(await store.streams.read(a, 'start', limit)).toBe(undefined);
    await expect(store.streams.open({ session: 's', stream: 'd' })).rejects.toThrow('too many open streams');
    await store.close();
  });

  test('bounds all sessions together, and keeps answers longest', async () => {
    const streams = new MemoryStreams({ ...DEFAULT_STREAM_LIMITS, totalBytes: 200_000 }, Date.now);
    const limit = { events: 100, characters: 1_000_000 };
    const answered = { session: 'first', stream: 'answer' };
    await streams.open(answered);
    await streams.append(answered, [{ data: 'answer', answer: true }], true);
    for (let i = 0; i < 100; i += 1) {
      const key = { session: `s${i}`, stream: 'noise' };
      await streams.open(key);
      await streams.append(key, [{ data: 'x'.repeat(5_000) }]);
      expect(streams.bytes).toBeLessThanOrEqual(200_000);
    }
    expect((await streams.read(answered, 'start', limit))?.events).toHaveLength(1);
    expect((await streams.read({ session: 's0', stream: 'noise' }, 'start', limit))?.gap).toBe(true);
    for (let i = 0; i < 100; i += 1) await streams.drop(`s${i}`);
    await streams.drop('first');
    expect(streams.bytes).toBe(0);
  });
});
