import { describe, expect, test } from '@jest/globals';
import { McpServer, memoryStore, type Observation } from 'mcp-express';
import { z } from 'zod';
import { Client } from '../modern/alone.js';
import { openSession } from '../support/session.js';
import { authenticateByHeader, startServer, USER_HEADER } from '../support/start-server.js';
import { eventually } from '../support/wait.js';

const LIMIT = 100_000;
const LONG = Array.from({ length: 300_000 }, (_each, index) => `Zeile ${index} äöü 😀\n`)
  .join('')
  .slice(0, 5_000_000);

interface Block {
  readonly type: string;
  readonly text?: string;
  readonly uri?: string;
}

function server() {
  const mcp = new McpServer({ name: 'large', version: '1' });
  const image = { type: 'image', data: 'A'.repeat(200_000), mimeType: 'image/png' } as const;
  mcp.registerTool('long', {}, () => LONG);
  mcp.registerTool('short', {}, () => 'x'.repeat(LIMIT));
  mcp.registerTool('whole', { maxResultBytes: 0 }, () => 'x'.repeat(LIMIT + 1));
  mcp.registerTool('small', { maxResultBytes: 10 }, () => 'a'.repeat(25));
  mcp.registerTool('mixed', {}, () => ({ content: [image, { type: 'text', text: 'x'.repeat(150_000) }] }));
  mcp.registerTool('data', { outputSchema: z.object({ rows: z.array(z.string()) }) }, () => ({
    rows: Array.from({ length: 20_000 }, () => 'row of data'),
  }));
  return mcp;
}

const textOf = (content: readonly Block[]): string =>
  content
    .filter(({ type }) => type === 'text')
    .map(({ text }) => text)
    .join('');
const linksOf = (content: readonly Block[]): string[] =>
  content.flatMap(({ type, uri }) => (type === 'resource_link' && uri) || []);

describe('results over maxResultBytes (R60)', () => {
  test('5 MB: the beginning, a sentence and links; any node reads the pages, for their owner only', async () => {
    const store = memoryStore();
    const events: Observation[] = [];
    const observe = (event: Observation) => void events.push(event);
    const options = { store, observe, maxResultBytes: LIMIT };
    const one = await startServer({ mcp: server(), options, before: [authenticateByHeader] });
    const two = await startServer({ mcp: server(), options, before: [authenticateByHeader] });
    const session = await openSession(one.url, undefined, { [USER_HEADER]: 'alice' });
    for (const answer of [await session.call('long'), await new Client(one.url, { user: 'alice' }).call('long')]) {
      const { content } = answer.json.result as { content: Block[] };
      expect(Buffer.byteLength(answer.text)).toBeLessThan(LIMIT);
      expect(LONG.startsWith(content[0]?.text ?? '-')).toBe(true);
      const total = Buffer.byteLength(LONG);
      const rest = total - Buffer.byteLength(content[0]?.text ?? '');
      expect(content[1]?.text).toContain(`This result has ${total} bytes of text`);
      expect(content[1]?.text).toContain(`${rest} more are not shown`);
      const [first = ''] = linksOf(content);
      const count = Number(/as (\d+) resources/.exec(content[1]?.text ?? '')?.[1]);
      const base = first.slice(0, first.lastIndexOf('/') + 1);
      const alice = new Client(two.url, { user: 'alice' });
      const pages: string[] = [];
      for (let page = 1; page <= count; page += 1) {
        const { contents } = (await alice.ask('resources/read', { uri: `${base}${page}` })).json.result;
        expect(Buffer.byteLength(contents[0].text)).toBeLessThanOrEqual(LIMIT);
        pages.push(contents[0].text);
      }
      expect(pages.join('') === LONG).toBe(true);
      const unknown = (await alice.ask('resources/read', { uri: `mcp-result://${'0'.repeat(32)}/1` })).json.error;
      for (const client of [new Client(two.url, { user: 'bob' }), new Client(two.url)]) {
        const { error } = (await client.ask('resources/read', { uri: first })).json;
        expect(error).toEqual({ ...unknown, data: { ...unknown.data, uri: first } });
      }
      expect((await alice.ask('resources/read', { uri: `${base}${count + 1}` })).json.error.code).toBe(unknown.code);
    }
    expect(events.filter(({ type }) => type === 'result-kept')).toMatchObject([{ tool: 'long' }, { tool: 'long' }]);
  });

  test('a result within the limit, without a limit, with other content, and with structured content', async () => {
    const { url } = await startServer({ mcp: server(), options: { maxResultBytes: LIMIT } });
    const client = new Client(url);
    const contentOf = async (name: string) => (await client.call(name)).json.result.content as Block[];
    expect(await contentOf('short')).toEqual([{ type: 'text', text: 'x'.repeat(LIMIT) }]);
    expect(await contentOf('whole')).toEqual([{ type: 'text', text: 'x'.repeat(LIMIT + 1) }]);
    const small = await contentOf('small');
    expect([small[0]?.text, linksOf(small).length]).toEqual(['aaaaa', 3]);
    const mixed = await contentOf('mixed');
    expect(mixed.filter(({ type }) => type === 'image')).toHaveLength(1);
    expect([linksOf(mixed).length, textOf(mixed).length < LIMIT]).toEqual([2, true]);
    const { structuredContent, content } = (await client.call('data')).json.result;
    expect(structuredContent.rows).toHaveLength(20_000);
    expect(textOf(content).length).toBeLessThan(LIMIT);
    const [uri] = linksOf(small);
    expect((await client.ask('resources/read', { uri })).json.result.contents[0].text).toBe('a'.repeat(10));
  });

  test('pages expire, and a result whose pages find no room is sent whole', async () => {
    const short = await startServer({ mcp: server(), options: { maxResultBytes: LIMIT, taskTtlMs: 1 } });
    const client = new Client(short.url);
    const [uri] = linksOf((await client.call('small')).json.result.content);
    const reads = async () => (await client.ask('resources/read', { uri })).json.error?.data.reason;
    await eventually('the page expires', async () => (await reads()) === 'resource-not-found');
    const full = await startServer({ mcp: server(), options: { maxResultBytes: LIMIT, maxTasks: 40 } });
    expect((await new Client(full.url).call('long')).json.result.content).toEqual([{ type: 'text', text: LONG }]);
  });
});

test('maxResultBytes that is no number of bytes is refused', () => {
  const mcp = new McpServer({ name: 'large', version: '1' });
  expect(() => mcp.registerTool('a', { maxResultBytes: -1 }, () => 'x')).toThrow(
    /maxResultBytes of tool "a".*at least 0/,
  );
});
