import { expect } from '@jest/globals';
import type { RequestHandler } from 'express';
import { McpServer, type RouterOptions, type Store } from 'mcp-express';
import type { JsonBody } from '../support/raw-client.js';
import { toolCall } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { deferred, eventually } from '../support/wait.js';
import type { Reading } from './reading.js';

/** A server whose calls of `big` say one notification each and are all answered in the moment of the release. */
export async function bigAnswers(store: Store, options: RouterOptions = {}) {
  const mcp = new McpServer({ name: 'big', version: '1' });
  const release = deferred();
  let begun = 0;
  mcp.registerTool('big', { inputSchema: { type: 'object' } }, async ({ size, letter }, ctx) => {
    begun += 1;
    await release.promise;
    void ctx.progress(1, 1, 'about to answer');
    return String(letter).repeat(Number(size));
  });
  mcp.registerTool('burst', { inputSchema: { type: 'object' } }, async ({ count, size }, ctx) => {
    for (let step = 1; step <= Number(count); step += 1)
      void ctx.progress(step, Number(count), 'x'.repeat(Number(size)));
    return 'done';
  });
  const behindProxy: RequestHandler = (request, _response, next) => {
    request.app.set('trust proxy', 1);
    next();
  };
  const server = await startServer({ mcp, options: { store, ...options }, before: [behindProxy] });
  const allBegun = (count: number) => eventually(`${count} calls have begun`, () => begun === count);
  const noneRuns = () => eventually('no call runs', async () => (await server.router.stats()).calls === 0);
  return { ...server, store, release, allBegun, noneRuns };
}

export const numbers = (count: number): number[] => Array.from({ length: count }, (_each, i) => i + 1);
const letterOf = (id: number): string => String.fromCharCode(97 + (id % 26));

export function bigCall(id: number, size: number): JsonBody {
  return toolCall('big', { size, letter: letterOf(id) }, id, `token-${id}`);
}

/** Asserts one notification, then the whole answer, and an orderly end. */
export async function expectWhole(reading: Reading, id: number, size: number): Promise<void> {
  expect(await reading.end()).toBe('end');
  const { messages } = reading;
  expect(messages.map((message) => message.method ?? message.id)).toEqual(['notifications/progress', id]);
  expectAnswer(messages[1], size);
}

export function expectAnswer({ id, result }: JsonBody, size: number): void {
  const text = result?.content[0].text as string | undefined;
  expect({ id, length: text?.length, first: text?.[0] }).toEqual({ id, length: size, first: letterOf(id) });
}
