import { Agent, request as httpRequest } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import { McpServer } from 'mcp-express';
import { z } from 'zod';
import { onCleanup } from '../support/cleanup.js';
import { openSession, toolCall } from '../support/session.js';
import { startServer } from '../support/start-server.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const REQUESTS = 4_000;
const WARM_UP = 1_500;
const CONCURRENCY = 16;
const MAX_GROWTH = 10 * 1024 * 1024;

async function heapAfterCollection(): Promise<number> {
  for (let round = 0; round < 4; round += 1) {
    collect();
    await new Promise(setImmediate);
  }
  return process.memoryUsage().heapUsed;
}

test(`${REQUESTS} tools/list and tools/call with an output schema leave the heap where it was (R11; typescript-sdk#2605)`, async () => {
  const mcp = new McpServer({ name: 'm', version: '1' });
  mcp.registerTool(
    'json',
    {
      inputSchema: { type: 'object', properties: { n: { type: 'integer' } } },
      outputSchema: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] },
    },
    ({ n }) => ({ n }),
  );
  mcp.registerTool('zod', { inputSchema: { n: z.number() }, outputSchema: { n: z.number() } }, ({ n }) => ({ n }));
  const { url } = await startServer({ mcp });
  const { headers } = await openSession(url);
  const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });
  onCleanup(() => agent.destroy());

  /** As little as a client can hold on to. */
  const post = (message: unknown): Promise<number> =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify(message);
      const request = httpRequest(url, {
        method: 'POST',
        agent,
        headers: { ...headers, accept: 'application/json', 'content-type': 'application/json' },
      });
      request.once('error', reject);
      request.once('response', (response) => {
        response.resume().once('end', () => resolve(Number(response.statusCode)));
      });
      request.end(body);
    });

  const run = async (count: number): Promise<void> => {
    let next = 0;
    const worker = async (): Promise<void> => {
      for (let id = next++; id < count; id = next++) {
        const message =
          id % 2 === 0
            ? { jsonrpc: '2.0', id, method: 'tools/list' }
            : toolCall(id % 4 === 1 ? 'json' : 'zod', { n: id }, id);
        if ((await post(message)) !== 200) throw new Error(`request ${id} was refused`);
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  };

  await run(WARM_UP);
  const before = await heapAfterCollection();
  await run(REQUESTS);
  expect((await heapAfterCollection()) - before).toBeLessThan(MAX_GROWTH);
}, 240_000);
