import { describe, expect } from '@jest/globals';
import { memoryStore, type Observation, type Store, type StreamKey } from 'mcp-express';
import { begin, headOf, readAll, send } from '../support/raw-client.js';
import { initializeRequest, messagesOf, openSession, ping, toolCall } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { altered, type Faults, say } from '../support/stores.js';
import { addBurst, addGate, testServer } from '../support/test-tools.js';
import { together } from '../support/together.js';
import { deferred, eventually, within } from '../support/wait.js';

const SSE_ONLY = { accept: 'text/event-stream' };
const SECRET = 'connection to 10.0.0.7 refused';

/** Milliseconds: far less than forever, far more than needed on a busy machine. */
const SOON_MS = 15_000;

const { test } = together();

/** A store whose operations can be made to fail or hang. */
function switchable(faultsOf: (fail: () => Promise<never>, inner: Store) => Faults) {
  const inner = memoryStore();
  const state = { down: false, failures: 0 };
  const fail = (): Promise<never> => {
    state.failures += 1;
    return Promise.reject(new Error(SECRET));
  };
  const broken = altered(inner, faultsOf(fail, inner));
  const part = <K extends 'sessions' | 'streams' | 'bus'>(name: K): Store[K] =>
    new Proxy(inner[name], {
      get: (_target, method) => {
        const from = state.down ? broken[name] : inner[name];
        const value = Reflect.get(from, method, from);
        return typeof value === 'function' ? value.bind(from) : value;
      },
    });
  const store = altered(inner, { sessions: part('sessions'), streams: part('streams'), bus: part('bus') });
  return { store, state, inner };
}

describe('a store that fails is an error, never an absence (invariant 9)', () => {
  test('sessions.touch and read reject: 5xx as JSON on POST, GET, resume and DELETE, never 404, and then all is as before (R15)', async () => {
    const { store, state } = switchable((fail) => ({ sessions: { touch: fail, read: fail } }));
    const seen: Observation[] = [];
    const { url } = await startServer({ options: { store, observe: (event) => seen.push(event) } });
    const session = await openSession(url);
    state.down = true;
    const answers = [
      await session.post(ping(3)),
      await session.get(),
      await session.get({ 'last-event-id': 'x.1' }),
      await session.delete(),
    ];
    for (const answer of answers) {
      expect(answer.status).toBeGreaterThanOrEqual(500);
      expect(answer.headers['content-type']).toBe('application/json');
      expect(answer.json.error.code).toBeLessThan(-31_999);
      expect(answer.text).not.toContain('10.0.0.7');
    }
    expect(answers[0]?.json.id).toBe(3);
    expect(seen.filter((event) => event.type === 'refused' && event.cause instanceof Error)).toHaveLength(4);
    state.down = false;
    expect((await session.post(ping())).status).toBe(200);
  });

  test('sessions.create rejects: initialize is 5xx as JSON, without a session id (R15)', async () => {
    const { store, state } = switchable((fail) => ({ sessions: { create: fail } }));
    const { url } = await startServer({ options: { store } });
    state.down = true;
    const answer = await send(url, { body: initializeRequest() });
    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect(answer.json).toMatchObject({ id: 'init', error: { code: expect.any(Number) } });
    expect(answer.headers['mcp-session-id']).toBeUndefined();
    expect(answer.text).not.toContain('10.0.0.7');
  });

  test('streams.open rejects: GET is 5xx as JSON, not an empty stream', async () => {
    const { store, state } = switchable((fail) => ({ streams: { open: fail } }));
    const { url, router } = await startServer({ options: { store } });
    const session = await openSession(url);
    state.down = true;
    const answer = await session.get();
    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect((await router.stats()).streams).toBe(0);
    state.down = false;
    expect((await session.listen()).status).toBe(200);
  });

  test('streams.read rejects under an open stream: the connection is cut, so that the client comes back, and gets all', async () => {
    const { store, state, inner } = switchable((fail) => ({ streams: { read: fail } }));
    const { url, router } = await startServer({ options: { store } });
    const session = await openSession(url);
    const stream = await session.listen();
    await say(inner, session.id, 1);
    await stream.untilMessages(1);
    state.down = true;
    await say(inner, session.id, 2);
    await stream.untilClosed();
    expect(stream.messages).toHaveLength(1);
    await eventually('no reader is left', async () => (await router.stats()).streams === 0);
    state.down = false;
    const again = await session.resume(String(stream.lastId));
    await again.untilMessages(1);
    expect(again.messages[0].params.data).toBe(2);
  });

  test('sessions.hold and release reject: streams and calls go on, and the failure is reported', async () => {
    const { store, state, inner } = switchable((fail) => ({ sessions: { hold: fail, release: fail } }));
    const seen: Observation[] = [];
    const { url } = await startServer({ options: { store, observe: (event) => seen.push(event) } });
    const session = await openSession(url);
    state.down = true;
    const stream = await session.listen();
    await say(inner, session.id, 1);
    await stream.untilMessages(1);
    stream.destroy();
    await eventually('both were told', () => seen.filter(({ type }) => type === 'failure').length >= 2);
  });

  test('an observer that throws changes nothing', async () => {
    const observe = (): never => {
      throw new Error('observer');
    };
    const { url } = await startServer({ options: { observe } });
    const session = await openSession(url);
    expect((await session.call('echo', { text: 'x' })).status).toBe(200);
    expect((await session.delete()).status).toBe(204);
  });
});

describe('one answer for every behaviour of the store (invariant 1)', () => {
  for (const [what, faults] of [
    ['streams.append', (fail: () => Promise<never>): Faults => ({ streams: { append: fail } })],
    ['streams.open', (fail: () => Promise<never>): Faults => ({ streams: { open: fail } })],
    ['streams.open and append', (fail: () => Promise<never>): Faults => ({ streams: { open: fail, append: fail } })],
    ['streams.delivered', (fail: () => Promise<never>): Faults => ({ streams: { delivered: fail } })],
  ] as const) {
    test(`${what} rejects for good: who is connected gets exactly one answer, and the POST ends`, async () => {
      for (const headers of [{}, SSE_ONLY, { accept: 'application/json' }]) {
        const mcp = testServer();
        addBurst(mcp);
        const gate = addGate(mcp);
        const { store, state } = switchable(faults);
        const { url, router } = await startServer({ mcp, options: { store, sseAfterMs: 20, keepAliveMs: 20 } });
        const session = await openSession(url);
        const clock = await session.listen();
        state.down = true;
        const burst = await messagesOf(url, {
          body: toolCall('burst', { count: 3 }, 1, 't'),
          headers: { ...session.headers, ...headers },
        });
        expect(burst.filter(({ id }) => id === 1)).toHaveLength(1);
        const slow = messagesOf(url, { body: toolCall('gate', {}, 2), headers: { ...session.headers, ...headers } });
        const call = await gate.begun();
        // Enough time for the response to become a stream if it can.
        const ticks = clock.blocks.length;
        await clock.until('four rounds of keep-alives', () => clock.blocks.length >= ticks + 4);
        call.resolve('done');
        expect((await within('the answer', slow)).filter(({ id }) => id === 2)).toHaveLength(1);
        clock.destroy();
        await eventually('all is at rest', async () => {
          const { calls, streams } = await router.stats();
          return calls === 0 && streams === 0;
        });
      }
    });
  }

  test('append rejects once, at the answer, and the client had left: it resumes and gets an answer (R7)', async () => {
    const { store, state } = switchable((fail) => ({ streams: { append: fail } }));
    const mcp = testServer();
    const gate = addGate(mcp);
    const { url, router } = await startServer({ mcp, options: { store } });
    const session = await openSession(url);
    const stream = await session.callStream('gate', {}, 1, { headers: SSE_ONLY });
    await stream.until('an id', () => stream.lastId !== undefined);
    stream.reset();
    await eventually('the server has seen it', async () => (await router.stats()).streams === 0);
    state.down = true;
    (await gate.begun()).resolve('result');
    await eventually('the append failed', () => state.failures > 0);
    state.down = false;
    const resumed = await session.resume(String(stream.lastId));
    expect(await resumed.untilClosed(SOON_MS)).toBe('end');
    expect(resumed.messages.filter(({ id }) => id === 1)).toHaveLength(1);
  });

  test('append rejects for the first answer of a batch and takes the second: both come, once each', async () => {
    const { store, state } = switchable((fail) => ({ streams: { append: fail } }));
    const mcp = testServer();
    const gate = addGate(mcp);
    const { url } = await startServer({ mcp, options: { store } });
    const session = await openSession(url, '2025-03-26');
    const stream = await session.stream([toolCall('gate', {}, 1), toolCall('gate', {}, 2)], SSE_ONLY);
    const [one, two] = [await gate.begun(), await gate.begun()];
    state.down = true;
    one.resolve('one');
    await eventually('the append failed', () => state.failures > 0);
    state.down = false;
    two.resolve('two');
    await stream.untilClosed();
    expect(stream.messages.map(({ id }) => id).sort()).toEqual([1, 2]);
  });

  test('append rejects for one answer of a batch and the other call is cancelled: the answer comes', async () => {
    const { store, state } = switchable((fail) => ({ streams: { append: fail } }));
    const mcp = testServer();
    const gate = addGate(mcp);
    const { url } = await startServer({ mcp, options: { store } });
    const session = await openSession(url, '2025-03-26');
    const stream = await session.stream([toolCall('gate', {}, 1), toolCall('gate', {}, 2)], SSE_ONLY);
    const one = await gate.begun();
    state.down = true;
    one.resolve('one');
    await eventually('the append failed', () => state.failures > 0);
    state.down = false;
    await session.cancel(2);
    await stream.untilClosed();
    expect(stream.messages.map(({ id }) => id)).toEqual([1]);
  });

  test('an awaited progress that could not be stored rejects in the handler, an un-awaited one has no effect (R23)', async () => {
    const { store, state } = switchable((fail) => ({ streams: { append: fail } }));
    const mcp = testServer();
    const outcomes: unknown[] = [];
    mcp.registerTool('careful', {}, async (ctx) => {
      void ctx.progress(1);
      await ctx.progress(2).catch((error: unknown) => outcomes.push(error));
      return 'went on';
    });
    const { url } = await startServer({ mcp, options: { store } });
    const session = await openSession(url);
    state.down = true;
    const messages = await messagesOf(url, { body: toolCall('careful', {}, 1, 't'), headers: session.headers });
    expect(messages).toMatchObject([{ id: 1, result: { content: [{ text: 'went on' }] } }]);
    expect(outcomes).toHaveLength(1);
    expect(String(outcomes[0])).not.toContain('10.0.0.7');
  });
});

describe('no POST hangs (invariant 9: "fast")', () => {
  for (const [what, faults] of [
    ['streams.open', (fail: () => Promise<never>): Faults => ({ streams: { open: fail } })],
    ['streams.end', (fail: () => Promise<never>): Faults => ({ streams: { end: fail } })],
  ] as const) {
    test(`${what} rejects and the call is cancelled: the POST ends all the same`, async () => {
      const { store, state } = switchable(faults);
      const mcp = testServer();
      const gate = addGate(mcp);
      const { url, router } = await startServer({ mcp, options: { store } });
      const session = await openSession(url);
      state.down = true;
      const request = begin(url, { body: toolCall('gate', {}, 1), headers: { ...session.headers, ...SSE_ONLY } });
      const head = headOf(request);
      const call = await gate.begun();
      await session.cancel(1);
      await call.aborted;
      const answer = await within('the POST ends', head.then(readAll), SOON_MS);
      expect(answer.text).not.toContain('"result"');
      await eventually('no reader is left', async () => (await router.stats()).streams === 0);
    });
  }

  test('the session ends while the stream of its call is being opened: the POST ends, and no reader is left behind', async () => {
    const inner = memoryStore();
    const opening = deferred();
    let asked = false;
    const store = altered(inner, {
      streams: {
        open: async (key) => {
          asked = true;
          await opening.promise;
          await inner.streams.open(key);
        },
      },
    });
    const mcp = testServer();
    const gate = addGate(mcp);
    const { url, router } = await startServer({ mcp, options: { store } });
    const session = await openSession(url);
    const answering = session.call('gate', {}, 1, { headers: SSE_ONLY });
    await gate.begun();
    await eventually('the stream is being opened', () => asked);
    expect((await session.delete()).status).toBe(204);
    opening.resolve();
    const answer = await within('the POST ends', answering, SOON_MS);
    expect(answer.text.match(/"jsonrpc"/g)).toHaveLength(1);
    await eventually('no reader is left', async () => (await router.stats()).streams === 0, SOON_MS);
  });

  test('the contents of a stream opened after the end of its session are not kept forever (invariant 5)', async () => {
    const inner = memoryStore();
    const opening = deferred();
    const asked: StreamKey[] = [];
    const store = altered(inner, {
      streams: {
        open: async (key) => {
          asked.push(key);
          await opening.promise;
          await inner.streams.open(key);
        },
      },
    });
    const mcp = testServer();
    const gate = addGate(mcp);
    const { url } = await startServer({ mcp, options: { store } });
    const session = await openSession(url);
    const answering = session.call('gate', {}, 1, { headers: SSE_ONLY });
    await gate.begun();
    await eventually('the stream is being opened', () => asked.length === 1);
    await session.delete();
    opening.resolve();
    await answering;
    const [key] = asked;
    if (key === undefined) throw new Error('no stream');
    const held = () => inner.streams.read(key, 'start', { events: 1, characters: 1 });
    await eventually('the stream is forgotten', async () => (await held()) === undefined, SOON_MS);
  });

  for (const [what, from] of [
    ['GET', undefined],
    ['resume', 'last'],
  ] as const) {
    test(`announcing a change fails on ${what}: 5xx, and no reader is left that nobody shows`, async () => {
      const { store, state, inner } = switchable((fail) => ({ sessions: { swapLists: fail } }));
      const { url, router, mcp } = await startServer({ options: { store, sessionIdleMs: 3_000 } });
      const session = await openSession(url);
      const stream = await session.listen();
      await say(inner, session.id, 1);
      await stream.untilMessages(1);
      stream.destroy();
      await eventually('no reader is left', async () => (await router.stats()).streams === 0);
      mcp.registerTool('new', {}, () => 'x');
      state.down = true;
      const answer = await session.get(from === undefined ? {} : { 'last-event-id': String(stream.lastId) });
      expect(answer.status).toBeGreaterThanOrEqual(500);
      state.down = false;
      expect((await router.stats()).streams).toBe(0);
      await eventually(
        'the session expires, for nothing keeps it',
        async () => (await router.stats()).sessions === 0,
        SOON_MS,
      );
    });
  }

  test('bus.publish rejects: DELETE still ends the session and its streams', async () => {
    const { store, state } = switchable((fail) => ({ bus: { publish: fail } }));
    const { url, router } = await startServer({ options: { store } });
    const session = await openSession(url);
    const stream = await session.listen();
    state.down = true;
    const answer = await session.delete();
    expect([204, 500, 503]).toContain(answer.status);
    state.down = false;
    expect((await session.post(ping())).status).toBe(404);
    await stream.untilClosed(SOON_MS);
    await eventually('no reader is left', async () => (await router.stats()).streams === 0);
  });
});
