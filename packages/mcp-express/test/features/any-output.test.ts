import { describe, expect, test } from '@jest/globals';
import { McpServer } from 'mcp-express';
import { z } from 'zod';
import { MODERN_DRIVERS } from '../clients/official-clients.js';
import { startServer } from '../support/start-server.js';
import { openWire } from './wire-session.js';

const PEOPLE = [{ id: 1 }, { id: 2 }];

function server(): McpServer {
  const mcp = new McpServer({ name: 'any', version: '1' });
  mcp.registerTool('people', { outputSchema: z.array(z.object({ id: z.number() })) }, () => PEOPLE);
  mcp.registerTool('word', { outputSchema: { type: 'string', minLength: 2 } }, () => 'ok' as never);
  mcp.registerTool('none', { outputSchema: { type: 'null' } }, () => null as never);
  mcp.registerTool('short', { outputSchema: { type: 'string', minLength: 2 } }, () => 'x' as never);
  return mcp;
}

describe('structured content of any JSON (SEP-2106)', () => {
  test.each(MODERN_DRIVERS)('is listed and given to $name', async ({ connect }) => {
    const { url } = await startServer({ mcp: server() });
    const { client, callTool } = await connect(url);
    const { tools } = await client.listTools();
    expect(tools.map((tool: { outputSchema?: { type: string } }) => tool.outputSchema?.type)).toEqual([
      'array',
      'string',
      'null',
      'string',
    ]);
    const people = await callTool('people');
    expect(people.structuredContent).toEqual(PEOPLE);
    expect(JSON.parse(people.content[0].text)).toEqual(PEOPLE);
    expect((await callTool('word')).structuredContent).toBe('ok');
    expect((await callTool('none')).structuredContent).toBeNull();
    expect(await callTool('short')).toMatchObject({ isError: true });
  });

  test('is text in a session, whose clients would refuse a list with such a schema', async () => {
    const { url } = await startServer({ mcp: server() });
    const session = await openWire(url);
    const { tools } = (await session.ask('tools/list')).result;
    expect(tools.map(({ outputSchema }: { outputSchema?: object }) => outputSchema)).toEqual(
      tools.map(() => undefined),
    );
    const { result } = await session.ask('tools/call', { name: 'people' });
    expect(result).toEqual({ content: [{ type: 'text', text: JSON.stringify(PEOPLE) }] });
  });
});
