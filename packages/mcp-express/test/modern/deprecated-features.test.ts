import { expect, jest, test } from '@jest/globals';
import { McpServer } from 'mcp-express';
import { openSession } from '../support/session.js';
import { ABLE, start } from './alone.js';

test('roots, sampling and logging are warned of once, and only for clients of 2026-07-28', async () => {
  const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const mcp = new McpServer({ name: 'old', version: '1' });
  mcp.registerTool('roots', {}, async (ctx) => `${(await ctx.roots().catch(() => [])).length}`);
  mcp.registerTool('sample', {}, async (ctx) => {
    await ctx.sample({ messages: [], maxTokens: 1 }).catch(() => {});
    return 'sampled';
  });
  mcp.registerTool('log', {}, async (ctx) => {
    await ctx.log('info', 'text');
    return 'logged';
  });
  const codes = () =>
    warned.mock.calls.map((call: unknown[]) => call[2]).filter((code) => /DEPRECATED/.test(String(code)));
  const { client: unable, url } = await start({ mcp });
  const client = unable.as({ capabilities: ABLE });
  const session = await openSession(url, '2025-11-25');
  for (const name of ['roots', 'sample', 'log']) await session.call(name, {});
  expect(codes()).toEqual([]);
  for (let again = 0; again < 2; again += 1) for (const name of ['roots', 'sample', 'log']) await client.call(name);
  expect(codes()).toEqual(['ROOTS', 'SAMPLING', 'LOGGING'].map((name) => `MCP_EXPRESS_DEPRECATED_${name}`));
  expect(warned.mock.calls.map(([message]) => String(message)).join()).toContain("call a model provider's API");
  warned.mockRestore();
});
