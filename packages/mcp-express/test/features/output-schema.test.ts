import { describe, expect, test } from '@jest/globals';
import { McpServer, type SchemaSource } from 'mcp-express';
import { z } from 'zod';
import { startServer } from '../support/start-server.js';
import { openWire, textOf } from './wire-session.js';

const JSON_SCHEMA = {
  type: 'object',
  properties: { temperature: { type: 'number' }, wind: { type: 'object', properties: { speed: { type: 'number' } } } },
  required: ['temperature'],
} as const;
const ZOD = z.object({ temperature: z.number(), wind: z.object({ speed: z.number() }).optional() });

async function returning(outputSchema: SchemaSource, returned: unknown) {
  const mcp = new McpServer({ name: 'o', version: '1' });
  mcp.registerTool('give', { outputSchema }, () => returned as never);
  const { url } = await startServer({ mcp });
  return openWire(url);
}

describe.each([
  ['JSON Schema', JSON_SCHEMA],
  ['a Zod object', ZOD],
  ['a Zod shape', ZOD.shape],
] as const)('a structured result, described by %s (MCP, Tools, Output Schema)', (_what, schema) => {
  test('is sent as structuredContent and as JSON text beside it', async () => {
    const value = { temperature: 22.5, wind: { speed: 3 } };
    const result = await (await returning(schema, value)).tool('give');
    expect(result).toEqual({ content: [{ type: 'text', text: JSON.stringify(value) }], structuredContent: value });
  });

  test('as a whole result is sent as it is', async () => {
    const own = { content: [{ type: 'text', text: 'warm' }], structuredContent: { temperature: 1 }, _meta: { a: 1 } };
    expect(await (await returning(schema, own)).tool('give')).toEqual(own);
  });

  test('with an empty content is shown to the model as JSON text', async () => {
    const structuredContent = { temperature: 1 };
    expect(await (await returning(schema, { content: [], structuredContent })).tool('give')).toEqual({
      content: [{ type: 'text', text: JSON.stringify(structuredContent) }],
      structuredContent,
    });
  });

  test.each([
    ['lacks a field', {}, 'temperature'],
    ['has a field of another type', { temperature: 'hot' }, 'temperature'],
    ['is wrong deep inside', { temperature: 1, wind: { speed: 'fast' } }, 'wind.speed'],
    ['is a result without structuredContent', { content: [] }, ''],
    ['is a text', 'warm', ''],
  ])('that %s is never sent: an error that names the tool and the field', async (_case, returned, field) => {
    const result = await (await returning(schema, returned)).tool('give');
    expect(result.isError).toBe(true);
    expect(result).not.toHaveProperty('structuredContent');
    expect(textOf(result)).toContain('give');
    expect(textOf(result)).toContain(field);
  });

  test('an error result need not conform', async () => {
    const error = { content: [{ type: 'text', text: 'no data' }], isError: true };
    expect(await (await returning(schema, error)).tool('give')).toEqual(error);
  });

  test('is listed to clients', async () => {
    const [tool] = (await (await returning(schema, {})).ask('tools/list')).result.tools;
    expect(tool.outputSchema).toMatchObject({ type: 'object', required: ['temperature'] });
  });
});
