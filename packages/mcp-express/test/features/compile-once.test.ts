import { expect, test } from '@jest/globals';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { McpServer } from 'mcp-express';
import { SESSION_RESULTS } from '../../src/request/result-writer.js';
import { startServer } from '../support/start-server.js';
import { openWire } from './wire-session.js';

const TOOLS = 20;
const JSON_OF = { type: 'object', properties: { text: { type: 'string' } } };

/** A Standard Schema that counts what is asked of it. */
function counting() {
  const counts = { conversions: 0, validations: 0 };
  const convert = () => {
    counts.conversions += 1;
    return JSON_OF;
  };
  const validate = (value: unknown) => {
    counts.validations += 1;
    return { value };
  };
  const standard = { version: 1, vendor: 'counting', validate, jsonSchema: { input: convert, output: convert } };
  return { counts, schema: { '~standard': standard } as unknown as StandardSchemaV1<object, { text: string }> };
}

function countedServer() {
  const { counts, schema } = counting();
  const mcp = new McpServer({ name: 'once', version: '1' });
  for (let index = 0; index < TOOLS; index += 1) {
    mcp.registerTool(`t${index}`, { inputSchema: schema, outputSchema: schema }, ({ text }) => ({ text }));
  }
  mcp.registerPrompt('p', { argsSchema: schema }, ({ text }) => text);
  return { mcp, counts };
}

test('schemas are converted when they are registered, and never again for a session or a request (R11, invariant 6)', async () => {
  const { mcp, counts } = countedServer();
  const { url } = await startServer({ mcp });
  const { conversions, validations } = { ...counts };
  expect(conversions).toBe(2 * TOOLS + 1);
  const sessions = await Promise.all(Array.from({ length: 10 }, () => openWire(url)));
  for (const session of sessions) {
    await session.ask('tools/list');
    await session.ask('prompts/list');
    for (let index = 0; index < TOOLS; index += 1) await session.tool(`t${index}`, { text: 'x' });
    await session.ask('prompts/get', { name: 'p', arguments: { text: 'x' } });
  }
  expect(counts.conversions).toBe(conversions);
  // Once for the arguments, once for the result; once for the arguments of the prompt.
  expect(counts.validations - validations).toBe(sessions.length * (2 * TOOLS + 1));
});

test('a change of one tool converts that tool alone (R11)', async () => {
  const { mcp, counts } = countedServer();
  const { url } = await startServer({ mcp });
  const session = await openWire(url);
  await session.ask('tools/list');
  const before = counts.conversions;
  const { schema, counts: added } = counting();
  mcp.registerTool('added', { inputSchema: schema }, () => 'x').remove();
  await session.ask('tools/list');
  expect([counts.conversions, added.conversions]).toEqual([before, 1]);
});

test('tools/list is the same text for every session, in every revision, and before and after a change that was undone (R11)', async () => {
  const { mcp } = countedServer();
  const { url } = await startServer({ mcp });
  const list = async (revision: string): Promise<string> => {
    const session = await openWire(url, { revision });
    return (await session.post({ jsonrpc: '2.0', id: 1, method: 'tools/list' })).text;
  };
  const texts = [await list('2025-11-25'), await list('2025-06-18'), await list('2025-03-26')];
  mcp.registerTool('brief', {}, () => 'x').remove();
  texts.push(await list('2025-11-25'));
  expect(new Set(texts).size).toBe(1);
});

test('a page is one string however often it is asked for (R11: "served from a cached buffer")', () => {
  const { mcp } = countedServer();
  const { catalog } = mcp;
  const calls = { count: 0 };
  const stringify = JSON.stringify;
  try {
    JSON.stringify = ((...args: Parameters<typeof stringify>) => {
      calls.count += 1;
      return stringify(...args);
    }) as typeof stringify;
    for (let round = 0; round < 100; round += 1) catalog.tools.page(undefined, SESSION_RESULTS);
  } finally {
    JSON.stringify = stringify;
  }
  expect(calls.count).toBeLessThanOrEqual(1);
  expect(mcp.catalog).toBe(catalog);
});
