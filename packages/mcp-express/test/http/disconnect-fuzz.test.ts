import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { memoryStore } from 'mcp-express';
import { initializeRequest, openSession, ping, type TestSession, toolCall } from '../support/session.js';
import { startServer, type TestServer } from '../support/start-server.js';
import { altered, say } from '../support/stores.js';
import { addBurst, testServer } from '../support/test-tools.js';
import { eventually } from '../support/wait.js';

/*
 * Jest fails a test for every uncaught exception and unhandled rejection that happens while it runs, so that both
 * counts are 0 when these tests pass.
 */

const WORKERS = 12;
const ATTACKS = 500;

interface Target {
  readonly port: number;
  readonly session: TestSession;
  readonly eventId: string;
}

function requestText(method: string, headers: Record<string, string>, body = ''): string {
  const all = {
    host: 'localhost',
    ...headers,
    ...(body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} /mcp HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}

function pick<T>(choices: readonly T[]): T {
  return choices[Math.floor(Math.random() * choices.length)] as T;
}

function randomRequest({ session, eventId }: Target): string {
  const own = { 'mcp-session-id': session.id, 'mcp-protocol-version': session.revision };
  const type = { 'content-type': 'application/json', accept: pick(['*/*', 'text/event-stream', 'application/json']) };
  const post = (message: unknown): string => requestText('POST', { ...own, ...type }, JSON.stringify(message));
  return pick<() => string>([
    () => requestText('POST', type, JSON.stringify(initializeRequest())),
    () => post(ping()),
    () => post(toolCall('echo', { text: 'x'.repeat(50_000) })),
    () => post(toolCall('burst', { count: 20 }, 1, 't')),
    () => post(toolCall('slow', {}, 1, 't')),
    () => post(toolCall('slow', {}, 1, 't')) + post(ping(2)),
    () => requestText('GET', { ...own, accept: 'text/event-stream' }),
    () => requestText('GET', { ...own, accept: 'text/event-stream', 'last-event-id': eventId }),
    () => requestText('DELETE', { 'mcp-session-id': 'A'.repeat(32) }),
    () => `${requestText('POST', { ...own, ...type, 'transfer-encoding': 'chunked' })}5\r\n{"a":\r\nZZ\r\n`,
    () => `${post(ping()).slice(0, -3)}\u0000\u0000`,
  ])();
}

/** One connection that is reset after a random part of the request or of the response. */
function attack(target: Target): Promise<void> {
  return new Promise((resolve) => {
    const text = randomRequest(target);
    const socket = connect(target.port, '127.0.0.1');
    const cutRequest = Math.random() < 0.3;
    let answerBytes = Math.floor(Math.random() ** 2 * 4_000);
    const leave = (): void => {
      if (Math.random() < 0.8) socket.resetAndDestroy();
      else socket.destroy();
    };
    socket.on('error', () => {}).once('close', () => resolve());
    socket.on('data', (chunk) => {
      answerBytes -= chunk.length;
      if (answerBytes <= 0) leave();
    });
    socket.setTimeout(20 + Math.random() * 100, leave);
    socket.write(cutRequest ? text.slice(0, Math.floor(Math.random() * text.length)) : text, () => {
      if (cutRequest) setImmediate(leave);
    });
  });
}

async function underFire(server: TestServer, session: TestSession, eventId: string): Promise<number> {
  const target = { port: server.port, session, eventId };
  let count = 0;
  const rest = Array.from({ length: ATTACKS }).values();
  const worker = async (): Promise<void> => {
    for (const _each of rest) {
      await attack(target);
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
  return count;
}

function fuzzed() {
  const mcp = testServer();
  addBurst(mcp);
  mcp.registerTool('slow', {}, async (ctx) => {
    for (let step = 1; step <= 10; step += 1) {
      await ctx.progress(step);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return 'slow';
  });
  return mcp;
}

const LOOSE = { maxCallsPerSession: 100_000, keepAliveMs: 2, sseAfterMs: 5 };

async function calmAgain(server: TestServer): Promise<void> {
  await eventually('all connections are gone', () => server.sockets.size === 0);
  await eventually('nothing runs and nothing is shown', async () => {
    const { calls, streams } = await server.router.stats();
    return calls === 0 && streams === 0;
  });
}

test('hundreds of connections reset at any byte, on POST, GET and resume: the server goes on (R23; CVE-2025-53365)', async () => {
  const store = memoryStore();
  const server = await startServer({ mcp: fuzzed(), options: { ...LOOSE, store } });
  const session = await openSession(server.url);
  const listening = await session.listen();
  await say(store, session.id, 1, 2, 3);
  await listening.untilMessages(3);
  expect(await underFire(server, session, String(listening.ids[0]))).toBeGreaterThan(200);
  listening.destroy();
  await calmAgain(server);
  const answer = await session.call('echo', { text: 'still here' });
  expect(answer.json.result.content[0].text).toBe('still here');
});

test('the same with a store that fails now and then: still nothing is thrown at the process (R23, invariant 9)', async () => {
  const inner = memoryStore();
  let faulty = true;
  const sometimes = <A extends unknown[], R>(method: (...args: A) => Promise<R>) => {
    return async (...args: A): Promise<R> => {
      if (faulty && Math.random() < 0.2) await new Promise(setImmediate);
      if (faulty && Math.random() < 0.1) throw new Error('injected');
      return method(...args);
    };
  };
  const { sessions, streams, bus } = inner;
  const store = altered(inner, {
    sessions: {
      create: sometimes(sessions.create.bind(sessions)),
      touch: sometimes(sessions.touch.bind(sessions)),
      hold: sometimes(sessions.hold.bind(sessions)),
      release: sometimes(sessions.release.bind(sessions)),
    },
    streams: {
      open: sometimes(streams.open.bind(streams)),
      append: sometimes(streams.append.bind(streams)),
      read: sometimes(streams.read.bind(streams)),
      delivered: sometimes(streams.delivered.bind(streams)),
      end: sometimes(streams.end.bind(streams)),
    },
    bus: { publish: sometimes(bus.publish.bind(bus)) },
  });
  const server = await startServer({ mcp: fuzzed(), options: { ...LOOSE, store } });
  faulty = false;
  const session = await openSession(server.url);
  const listening = await session.listen();
  await say(inner, session.id, 1, 2, 3);
  await listening.untilMessages(3);
  listening.destroy();
  faulty = true;
  expect(await underFire(server, session, String(listening.ids[0]))).toBeGreaterThan(200);
  faulty = false;
  await calmAgain(server);
  const answer = await session.call('echo', { text: 'still here' });
  expect(answer.json.result.content[0].text).toBe('still here');
});
