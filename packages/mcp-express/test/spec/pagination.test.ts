import { expect, test } from '@jest/globals';
import { McpServer, ResourceTemplate } from 'mcp-express';
import type { JsonBody } from '../support/raw-client.js';
import type { TestSession } from '../support/session.js';
import { ask, open } from './client.js';
import { ALL } from './requirement.js';
import { INFO } from './server.js';

const LISTS = [
  ['tools/list', 'tools'],
  ['prompts/list', 'prompts'],
  ['resources/list', 'resources'],
  ['resources/templates/list', 'resourceTemplates'],
] as const;

const SIZE = 5;

function pagedServer(): McpServer {
  const mcp = new McpServer(INFO, { pageSize: 2 });
  for (let index = 0; index < SIZE; index += 1) {
    mcp.registerTool(`t${index}`, {}, () => 'x');
    mcp.registerPrompt(`t${index}`, {}, () => 'x');
    mcp.registerResource(`t${index}`, `spec://${index}`, {}, () => 'x');
    mcp.registerResource(`t${index}`, new ResourceTemplate(`spec://${index}/{id}`), {}, () => 'x');
  }
  return mcp;
}

async function pages(
  session: TestSession,
  method: string,
  list: string,
): Promise<{ names: string[][]; cursors: string[] }> {
  const names: string[][] = [];
  const cursors: string[] = [];
  for (let cursor: string | undefined; names.length <= SIZE; ) {
    const { result } = (await ask(session, method, cursor === undefined ? undefined : { cursor })).json;
    names.push(result[list].map(({ name }: JsonBody) => name));
    if (result.nextCursor === undefined) break;
    cursor = String(result.nextCursor);
    cursors.push(cursor);
  }
  return { names, cursors };
}

test.each(ALL)(
  '%s: every list comes page by page, whole and in order [pagination.stable-cursors]',
  async (revision) => {
    const { session } = await open({ revision, mcp: pagedServer() });
    for (const [method, list] of LISTS) {
      const { names } = await pages(session, method, list);
      expect(names).toEqual([['t0', 't1'], ['t2', 't3'], ['t4']]);
    }
  },
);

test.each(ALL)(
  '%s: a cursor means the same again, in other sessions, and while others come and go [pagination.stable-cursors]',
  async (revision) => {
    const mcp = pagedServer();
    const { session } = await open({ revision, mcp });
    const { cursors } = await pages(session, 'tools/list', 'tools');
    expect((await pages(session, 'tools/list', 'tools')).cursors).toEqual(cursors);
    const elsewhere = await open({ revision, mcp: pagedServer() });
    expect((await pages(elsewhere.session, 'tools/list', 'tools')).cursors).toEqual(cursors);
    mcp.registerTool('later', {}, () => 'x');
    const { result } = (await ask(session, 'tools/list', { cursor: cursors[0] })).json;
    expect(result.tools.map(({ name }: JsonBody) => name)).toEqual(['t2', 't3']);
  },
);

test.each(ALL)(
  '%s: a cursor that was never given is -32602 [pagination.error-cursor, pagination.invalid-cursors]',
  async (revision) => {
    const { session } = await open({ revision, mcp: pagedServer() });
    for (const [method, list] of LISTS) {
      for (const cursor of ['none', '2', 5, {}]) {
        expect((await ask(session, method, { cursor })).json.error.code).toBe(-32602);
      }
      expect((await pages(session, method, list)).names).toHaveLength(3);
    }
  },
);

test.each(ALL)(
  '%s: so is an empty one, before and after the list was asked for [pagination.error-cursor]',
  async (revision) => {
    const { session } = await open({ revision, mcp: pagedServer() });
    for (const [method] of LISTS) {
      expect((await ask(session, method, { cursor: '' })).json.error?.code).toBe(-32602);
      await ask(session, method);
      expect((await ask(session, method, { cursor: '' })).json.error?.code).toBe(-32602);
    }
  },
);
