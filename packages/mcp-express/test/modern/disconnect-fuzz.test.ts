import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { memoryStore, type Observation, type Store } from 'mcp-express';
import type { TestServer } from '../support/start-server.js';
import { addBurst } from '../support/test-tools.js';
import { eventually } from '../support/wait.js';
import { ABLE, accepted, askingServer, type Client, request, start, textOf, WITH_TASKS } from './alone.js';

/*
 * Jest fails a test for every uncaught exception and unhandled rejection that happens while it runs, so that both
 * counts are 0 when these tests pass.
 */

const WORKERS = 12;
const FOR_MS = 1_500;
const CAPABLE = { capabilities: { ...ABLE, ...WITH_TASKS }, meta: { progressToken: 't' } };

function pick<T>(choices: readonly T[]): T {
  return choices[Math.floor(Math.random() * choices.length)] as T;
}

function textOfRequest(method: string, params: object, accept: string): string {
  const { body, headers } = request(method, params, CAPABLE);
  const text = JSON.stringify(body);
  const all = {
    host: 'localhost',
    ...headers,
    accept,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST /mcp HTTP/1.1\r\n${lines.join('')}\r\n${text}`;
}

/** What is known of the server by those who attack it. */
interface Target {
  readonly port: number;
  readonly state: string;
  readonly taskId: string;
}

function randomRequest({ state, taskId }: Target): string {
  const accept = pick(['*/*', 'text/event-stream', 'application/json', 'application/json, text/event-stream']);
  const call = (name: string, args: object = {}, more: object = {}): string =>
    textOfRequest('tools/call', { name, arguments: args, ...more }, accept);
  const notifications = { toolsListChanged: true, resourceSubscriptions: ['asks://x'], taskIds: [taskId] };
  return pick<() => string>([
    () => call('echo', { text: 'x'.repeat(50_000) }),
    () => call('burst', { count: 50 }),
    () => call('slow'),
    () => call('slow') + call('burst', { count: 5 }),
    () => call('greet'),
    () => call('greet', {}, { requestState: state, inputResponses: { 'elicitation-1': accepted({ name: 'x' }) } }),
    () => call('job'),
    () => textOfRequest('tasks/get', { taskId }, accept),
    () => textOfRequest('tasks/cancel', { taskId }, accept),
    () => textOfRequest('subscriptions/listen', { notifications }, accept),
    () => textOfRequest('server/discover', {}, accept),
    () => `${call('echo', { text: 'x' }).slice(0, -3)}\u0000\u0000}`,
  ])();
}

/** One connection that is reset after a random part of the request, or of the answer. */
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
    socket.setTimeout(10 + Math.random() * 60, leave);
    socket.write(cutRequest ? text.slice(0, Math.floor(Math.random() * text.length)) : text, () => {
      if (cutRequest) setImmediate(leave);
    });
  });
}

async function underFire(target: Target, server: TestServer): Promise<number> {
  const until = performance.now() + FOR_MS;
  let count = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() < until) {
      await attack(target);
      count += 1;
      // What fails, fails for who changes something, not for the process.
      if (Math.random() < 0.3)
        await pick([server.router.notify.toolsChanged, server.router.notify.resourceUpdated])
          .call(server.router.notify, 'asks://x')
          .catch(() => {});
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
  return count;
}

async function fuzzed(
  store: Store,
  observed: Observation[] = [],
): Promise<{ server: TestServer & { client: Client }; target: Target }> {
  const mcp = askingServer();
  addBurst(mcp);
  const steps = async (ctx: {
    progress(step: number, total?: number, text?: string): Promise<void>;
  }): Promise<string> => {
    for (let step = 1; step <= 10; step += 1) {
      await ctx.progress(step, 10, `step ${step}`);
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    return 'slow';
  };
  mcp.registerTool('slow', {}, steps);
  mcp.registerTool('job', { task: { ttlMs: 200 } }, steps);
  const options = {
    store,
    keepAliveMs: 2,
    sseAfterMs: 5,
    maxTasks: 1_000_000,
    maxTasksPerPrincipal: 1_000_000,
    observe: (event: Observation) => void observed.push(event),
  };
  const server = await start({ mcp, options }, CAPABLE);
  const state = (await server.client.call('greet')).json.result.requestState;
  const { taskId } = (await server.client.call('job')).json.result;
  return { server, target: { port: server.port, state, taskId } };
}

async function calmAgain(server: TestServer): Promise<void> {
  await eventually('all connections are gone', () => server.sockets.size === 0);
  await eventually('nothing runs and nothing is shown', async () => {
    const { calls, streams, listeners, tasks } = await server.router.stats();
    return calls + streams + listeners + tasks === 0;
  });
}

test('hundreds of connections reset at any byte of calls, rounds, tasks and subscriptions: the server goes on (R23; CVE-2025-53365)', async () => {
  const observed: Observation[] = [];
  const { server, target } = await fuzzed(memoryStore(), observed);
  expect(await underFire(target, server)).toBeGreaterThan(200);
  await calmAgain(server);
  const count = (type: Observation['type']): number => observed.filter((event) => event.type === type).length;
  // Clients that go are nobody's failure, and each call that began has come to its end.
  expect(observed.filter(({ type }) => type === 'failure')).toEqual([]);
  expect(count('call-ended')).toBe(count('call-begun'));
  expect(textOf(await server.client.call('echo', { text: 'still here' }))).toBe('still here');
});

test('the same with a store that is slow and fails now and then: nothing is thrown at the process, nothing stays (R23)', async () => {
  const inner = memoryStore();
  let faulty = false;
  const sometimes = <T extends object>(part: T): T =>
    new Proxy(part, {
      get: (target, name) => {
        const value = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        if (name === 'subscribe' || name === 'watch') return value.bind(target);
        return async (...args: unknown[]) => {
          if (faulty && Math.random() < 0.3) await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
          if (faulty && Math.random() < 0.1) throw new Error('injected');
          return value.apply(target, args);
        };
      },
    });
  const store: Store = {
    ...inner,
    tasks: sometimes(inner.tasks),
    claims: sometimes(inner.claims),
    bus: sometimes(inner.bus),
    subscriptions: sometimes(inner.subscriptions),
    close: () => inner.close(),
  };
  const { server, target } = await fuzzed(store);
  faulty = true;
  expect(await underFire(target, server)).toBeGreaterThan(200);
  faulty = false;
  await calmAgain(server);
  expect(textOf(await server.client.call('echo', { text: 'still here' }))).toBe('still here');
});
