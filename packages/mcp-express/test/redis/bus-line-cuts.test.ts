import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect } from '@jest/globals';
import { redisStore } from 'mcp-express/redis';
import { onCleanup } from '../support/cleanup.js';
import type { RawAnswer } from '../support/raw-client.js';
import { RedisServer } from '../support/redis.js';
import { openSession } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { startProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { addGate, testServer } from '../support/test-tools.js';
import { together } from '../support/together.js';
import { eventually } from '../support/wait.js';

/** Each has a Redis of its own. */
const all = together();

async function redisBehindProxy() {
  const redis = await RedisServer.start();
  onCleanup(() => redis.remove());
  const proxy = await startProxy(redis.port);
  return { redis, proxy, cutUrl: `redis://127.0.0.1:${proxy.port}` };
}

/** Cuts the line for 100 to 400 ms: without a word, or with every connection reset. */
async function cutOnce(proxy: TcpProxy, round: number): Promise<void> {
  proxy.freeze();
  await delay(100 + ((round * 97) % 300));
  if (round % 2 === 0) proxy.reset();
  proxy.thaw();
}

/** Cuts the line again and again while `work` runs. */
async function whileCut<T>(proxy: TcpProxy, work: Promise<T>): Promise<T> {
  let isOver = false;
  const over = (): void => {
    isOver = true;
  };
  work.then(over, over);
  for (let round = 0; !isOver; round += 1) {
    await cutOnce(proxy, round);
    await delay(150);
  }
  return work;
}

function storeOn(url: string, timeoutMs = 2_000) {
  const store = redisStore({ url, timeoutMs });
  onCleanup(() => store.close());
  return store;
}

describe('messages between nodes over a line that is cut for 100 to 400 ms', () => {
  all.test('are heard in the order of their publication, each once (invariant 2)', async () => {
    const { redis, proxy, cutUrl } = await redisBehindProxy();
    const [sender, listener] = [storeOn(cutUrl), storeOn(redis.url)];
    const heard: string[] = [];
    listener.bus.subscribe('numbers', (message) => heard.push(message));
    await eventually('the listener hears', async () => {
      await sender.bus.publish('numbers', 'probe');
      return heard.length > 0;
    });
    const published: string[] = [];
    const publications: Promise<void>[] = [];
    const publishAll = async (): Promise<void> => {
      for (let i = 0; i < 300; i += 1) {
        const text = `${i}`;
        published.push(text);
        publications.push(sender.bus.publish('numbers', text));
        await delay(8);
      }
      await Promise.all(publications);
    };
    await whileCut(proxy, publishAll());
    await eventually('the last one is heard', () => heard.at(-1) === published.at(-1));
    expect(heard.filter((text) => text !== 'probe')).toEqual(published);
  });

  all.test('a node that was cut off hears what was published meanwhile, each message once', async () => {
    const { redis, proxy, cutUrl } = await redisBehindProxy();
    const [sender, listener] = [storeOn(redis.url), storeOn(cutUrl)];
    const heard: string[] = [];
    listener.bus.subscribe('numbers', (message) => heard.push(message));
    await eventually('the listener hears', async () => {
      await sender.bus.publish('numbers', 'probe');
      return heard.length > 0;
    });
    const publishAll = async (): Promise<void> => {
      for (let i = 0; i < 200; i += 1) {
        await sender.bus.publish('numbers', `${i}`);
        await delay(8);
      }
    };
    await whileCut(proxy, publishAll());
    const expected = Array.from({ length: 200 }, (_each, i) => `${i}`);
    await eventually('the last one is heard', () => heard.at(-1) === '199');
    expect(heard.filter((text) => text !== 'probe')).toEqual(expected);
  });
});

describe('what a client posted to a node whose line to Redis is cut, and was answered 202', () => {
  /** Two nodes: the calls run on one, and the other, behind the bad line, is given what belongs to them. */
  async function twoNodes() {
    const { redis, proxy, cutUrl } = await redisBehindProxy();
    const mcp = testServer();
    const gate = addGate(mcp);
    const answers: string[] = [];
    mcp.registerTool('ask', {}, async (ctx) => {
      const asked = { message: 'Which?', requestedSchema: { type: 'object', properties: { n: { type: 'string' } } } };
      const { content } = await ctx.elicit(asked as Parameters<typeof ctx.elicit>[0]);
      answers.push(String(content?.['n']));
      return 'answered';
    });
    const runs = await startServer({ mcp, options: { store: redisStore({ url: redis.url }) } });
    const cut = await startServer({ options: { store: redisStore({ url: cutUrl, timeoutMs: 2_000 }) } });
    return { runs, cut, gate, proxy, answers };
  }

  /** Posts again as a client does that was told to come back, until the message is taken. */
  async function untilTaken(post: () => Promise<RawAnswer>): Promise<void> {
    await eventually('the message is taken', async () => {
      const { status } = await post();
      expect([202, 503]).toContain(status);
      return status === 202;
    });
  }

  all.test('cancellations end their calls (R17)', async () => {
    const { runs, cut, gate, proxy } = await twoNodes();
    const sessions = await Promise.all(Array.from({ length: 10 }, () => openSession(runs.url)));
    const cancelAll = async (): Promise<void> => {
      for (let round = 0; round < 8; round += 1) {
        const aborted = sessions.map(async (session, i) => {
          const id = `${round}-${i}`;
          void session.call('gate', { id }, id).catch(() => {});
          await eventually('the call runs', () => gate.calls.some(({ args }) => args['id'] === id));
          await untilTaken(() => session.via(cut.url).cancel(id));
          const call = gate.calls.find(({ args }) => args['id'] === id);
          await eventually(`call ${id} is aborted`, () => call?.ctx.signal.aborted);
          call?.resolve('');
        });
        await Promise.all(aborted);
      }
    };
    await whileCut(proxy, cancelAll());
    expect(gate.calls).toHaveLength(80);
  });

  all.test('answers to elicitations reach their calls (R20)', async () => {
    const { runs, cut, proxy, answers } = await twoNodes();
    const open = (): ReturnType<typeof openSession> => openSession(runs.url, '2025-11-25', {}, { elicitation: {} });
    const sessions = await Promise.all(Array.from({ length: 10 }, open));
    const answerAll = async (): Promise<void> => {
      for (let round = 0; round < 6; round += 1) {
        const answered = sessions.map(async (session, i) => {
          const stream = await session.callStream('ask', {}, `${round}-${i}`);
          await stream.untilMessages(1);
          const { id } = stream.messages[0];
          const result = { action: 'accept', content: { n: `${round}-${i}` } };
          await untilTaken(() => session.via(cut.url).post({ jsonrpc: '2.0', id, result }));
          await stream.untilMessages(2);
          stream.destroy();
        });
        await Promise.all(answered);
      }
    };
    await whileCut(proxy, answerAll());
    expect(new Set(answers).size).toBe(60);
  });
});
