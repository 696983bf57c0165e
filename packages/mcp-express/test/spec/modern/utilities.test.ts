import { describe, expect, test } from '@jest/globals';
import { type Completer, McpServer, ResourceTemplate } from 'mcp-express';
import type { JsonBody, RawAnswer } from '../../support/raw-client.js';
import { authenticateByHeader } from '../../support/start-server.js';
import { addGate } from '../../support/test-tools.js';
import { INFO, specServer, TONES } from '../server.js';
import { META, type Modern, refusalOf, start } from './client.js';

const GREET = { type: 'ref/prompt', name: 'greet' };
const COMPLETED = { type: 'ref/prompt', name: 'completed' };

function complete(client: Modern, ref: unknown, name: unknown, value: unknown, user?: string): Promise<RawAnswer> {
  return client.ask('completion/complete', { ref, argument: { name, value } }, user === undefined ? {} : { user });
}

/** A prompt whose argument `x` is completed by this. */
function completing(completer: Completer): McpServer {
  const mcp = specServer();
  const argsSchema = { type: 'object', properties: { x: { type: 'string' } } } as const;
  mcp.registerPrompt('completed', { argsSchema, complete: { x: completer } }, () => 'x');
  return mcp;
}

describe('completion', () => {
  test('a server with completions declares them, one without answers -32601 [completion.capability, completion.error-capability]', async () => {
    const able = await start();
    expect((await able.client.ask('server/discover')).json.result.capabilities.completions).toEqual({});
    const mcp = new McpServer(INFO);
    mcp.registerPrompt('plain', {}, () => 'x');
    const { client } = await start({ mcp });
    expect((await client.ask('server/discover')).json.result.capabilities.completions).toBeUndefined();
    expect(refusalOf(await complete(client, { type: 'ref/prompt', name: 'plain' }, 'x', ''))).toEqual([404, -32601]);
  });

  test('what is completed must be there [completion.error-prompt]', async () => {
    const { client } = await start();
    for (const ref of [
      { type: 'ref/prompt', name: 'none' },
      { type: 'ref/resource', uri: 'spec://none/{id}' },
      { type: 'x' },
    ]) {
      expect(refusalOf(await complete(client, ref, 'tone', ''))).toEqual([200, -32602]);
    }
  });

  test('a request that lacks something, or has it wrong, is -32602 [completion.error-arguments, completion.validate-inputs]', async () => {
    const { client } = await start();
    const wrong: JsonBody[] = [
      {},
      { ref: GREET },
      { ref: GREET, argument: { name: 'tone' } },
      { ref: GREET, argument: { name: 'tone', value: 5 } },
      { ref: GREET, argument: 'tone' },
      { ref: 'greet', argument: { name: 'tone', value: '' } },
      { argument: { name: 'tone', value: '' } },
      { ref: GREET, argument: { name: 'tone', value: '' }, context: 5 },
    ];
    for (const params of wrong) {
      expect((await client.ask('completion/complete', params)).json.error.code).toBe(-32602);
    }
  });

  test('a failure is -32603 and tells nothing [completion.error-internal]', async () => {
    const mcp = completing(() => {
      throw new Error('The password of the database is hunter2.');
    });
    const { json, text } = await complete((await start({ mcp })).client, COMPLETED, 'x', '');
    expect(json.error.code).toBe(-32603);
    expect(text).not.toContain('hunter2');
  });

  test('suggestions keep the order they were given, 100 at most [completion.sorted]', async () => {
    const values = Array.from({ length: 150 }, (_each, index) => `value ${(index * 7) % 150}`);
    const { client } = await start({ mcp: completing(() => values) });
    const { completion } = (await complete(client, COMPLETED, 'x', '')).json.result;
    expect(completion).toEqual({ values: values.slice(0, 100), total: 150, hasMore: true });
  });

  test('a completer matches as it sees fit [completion.fuzzy]', async () => {
    const { client } = await start({ mcp: completing((value) => TONES.filter((tone) => tone.includes(value))) });
    expect((await complete(client, COMPLETED, 'x', 'rm')).json.result.completion.values).toEqual(TONES.slice(0, 3));
  });

  test('only what a completer suggests is told [completion.no-disclosure]', async () => {
    const { client } = await start();
    for (const name of ['name', 'none', '__proto__', 'constructor', 'toString']) {
      const { json } = await complete(client, GREET, name, '');
      expect(json.error?.code ?? json.result.completion.values).toEqual(json.error === undefined ? [] : -32602);
    }
  });

  test('a completer knows who asks, and of what is hidden nothing is told [completion.access-control, completion.no-disclosure]', async () => {
    const mcp = completing((_value, _context, ctx) => (ctx.principal?.subject === 'root' ? ['secret'] : []));
    const visible = (principal?: { subject: string }) => principal?.subject === 'root';
    const complete5 = { id: () => ['5'] };
    mcp.registerResource(
      'hidden',
      new ResourceTemplate('spec://hidden/{id}', { complete: complete5 }),
      { visible },
      () => 'x',
    );
    const { client } = await start({ mcp, before: [authenticateByHeader] });
    const values = async (user: string) =>
      (await complete(client, COMPLETED, 'x', '', user)).json.result.completion.values;
    expect([await values('alice'), await values('root')]).toEqual([[], ['secret']]);
    const hidden = { type: 'ref/resource', uri: 'spec://hidden/{id}' };
    const none = { type: 'ref/resource', uri: 'spec://none/{id}' };
    const [theirs, unknown] = [
      await complete(client, hidden, 'id', '', 'alice'),
      await complete(client, none, 'id', '', 'alice'),
    ];
    expect(theirs.json).toEqual(unknown.json);
    expect((await complete(client, hidden, 'id', '', 'root')).json.result.completion.values).toEqual(['5']);
  });

  test('requests are limited as calls are [completion.rate-limit, completion.limited]', async () => {
    let completions = 0;
    const mcp = completing(() => {
      completions += 1;
      return ['x'];
    });
    const options = { rateLimits: { requests: 2 } };
    const { client } = await start({ mcp, before: [authenticateByHeader], user: 'alice', options });
    const statuses = [];
    for (const _each of [1, 2, 3]) statuses.push((await complete(client, COMPLETED, 'x', '')).status);
    expect([statuses, completions]).toEqual([[200, 200, 429], 2]);
  });
});

const LEVELS = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'];

const logsIn = (messages: readonly JsonBody[]) =>
  messages.filter(({ method }) => method === 'notifications/message').map(({ params }) => params);

const asking = (level: unknown) => ({ meta: { [META.level]: level } });

describe('log messages', () => {
  test('a server that sends them declares so [logging.capability]', async () => {
    const { client } = await start();
    expect((await client.ask('server/discover')).json.result.capabilities.logging).toEqual({});
  });

  test('who names no level is sent none [logging.only-asked]', async () => {
    const { client } = await start();
    expect(logsIn(await client.messagesOfCall('log', { levels: LEVELS }, asking('debug')))).toHaveLength(8);
    expect(logsIn(await client.messagesOfCall('log', { levels: LEVELS }))).toEqual([]);
  });

  test('who names one is sent that and what is above it, as the handler gave it [logging.only-asked, logging.context, logging.logger-names, logging.access]', async () => {
    const { client } = await start();
    for (const [index, level] of LEVELS.entries()) {
      const logged = logsIn(await client.messagesOfCall('log', { levels: LEVELS, data: { port: 1 } }, asking(level)));
      expect(logged).toEqual(LEVELS.slice(index).map((each) => ({ level: each, data: { port: 1 }, logger: 'spec' })));
    }
  });

  test.each(['loud', 'INFO', 3, {}])(
    'the level %j is -32602, and nothing runs [logging.error-level]',
    async (level) => {
      const mcp = specServer();
      const gate = addGate(mcp);
      const { client } = await start({ mcp });
      expect((await client.call('gate', {}, asking(level))).json.error.code).toBe(-32602);
      expect(gate.calls).toHaveLength(0);
    },
  );

  test('they are on the stream of their request, not on a subscription nor on another’s [logging.own-stream, logging.access]', async () => {
    const mcp = specServer();
    const gate = addGate(mcp);
    const { client } = await start({ mcp });
    const listening = await client.listen({ toolsListChanged: true }, asking('debug'));
    const streams = [
      await client.callStream('gate', {}, asking('debug')),
      await client.callStream('gate', {}, asking('debug')),
    ];
    const calls = [await gate.begun(), await gate.begun()];
    for (const [index, call] of calls.entries()) await call.ctx.log('error', `of ${index}`);
    for (const call of calls) call.resolve('done');
    for (const stream of streams) await stream.untilClosed();
    await calls[0]?.ctx.log('error', 'late');
    mcp.registerTool('new', {}, () => 'x');
    expect(logsIn(await listening.untilMessages(2))).toEqual([]);
    expect(streams.map((stream) => logsIn(stream.messages).map(({ data }) => data)).sort()).toEqual([
      ['of 0'],
      ['of 1'],
    ]);
  });

  test('the package itself logs nothing to clients, whatever fails and whoever calls [logging.no-credentials, logging.no-personal-data, logging.no-internals, logging.sensitive-removed]', async () => {
    const headers = { authorization: 'Bearer the-token' };
    const { client } = await start({ before: [authenticateByHeader], user: 'ada@example.com', headers });
    for (const [method, params] of [
      ['resources/read', { uri: 'spec://broken' }],
      ['prompts/get', { name: 'broken' }],
      ['tools/call', { name: 'fail' }],
      ['tools/call', { name: 'echo', arguments: { text: 'x' } }],
      ['tools/call', { name: 'none' }],
    ] as const) {
      const stream = await client.stream(method, params, asking('debug'));
      await stream.untilClosed();
      expect(logsIn(stream.messages)).toEqual([]);
      expect(stream.text).not.toMatch(/the-token|ada@example|hunter2|\.ts:\d+/);
    }
  });

  test('data that is no JSON is not sent as such [logging.data-validated]', async () => {
    const mcp = specServer();
    mcp.registerTool('odd', {}, (ctx) => {
      void ctx.log('error', undefined);
      void ctx.log('error', () => 'x');
      void ctx.log('error', Number.NaN);
      return 'done';
    });
    const { client } = await start({ mcp });
    const logged = logsIn(await client.messagesOfCall('odd', {}, asking('debug')));
    expect(logged.map(({ data }) => data)).toEqual([null, null, null]);
  });
});

describe('pagination', () => {
  const LISTS = [
    ['tools/list', 'tools'],
    ['prompts/list', 'prompts'],
    ['resources/list', 'resources'],
    ['resources/templates/list', 'resourceTemplates'],
  ] as const;

  function paged(): McpServer {
    const mcp = new McpServer(INFO, { pageSize: 2 });
    for (const index of [0, 1, 2, 3, 4]) {
      mcp.registerTool(`t${index}`, {}, () => 'x');
      mcp.registerPrompt(`t${index}`, {}, () => 'x');
      mcp.registerResource(`t${index}`, `spec://${index}`, {}, () => 'x');
      mcp.registerResource(`t${index}`, new ResourceTemplate(`spec://${index}/{id}`), {}, () => 'x');
    }
    return mcp;
  }

  async function pages(client: Modern, method: string, list: string) {
    const names: string[][] = [];
    const cursors: string[] = [];
    for (let cursor: string | undefined; names.length <= 5; ) {
      const { result } = (await client.ask(method, cursor === undefined ? {} : { cursor })).json;
      names.push(result[list].map(({ name }: JsonBody) => name));
      if (result.nextCursor === undefined) break;
      cursor = String(result.nextCursor);
      cursors.push(cursor);
    }
    return { names, cursors };
  }

  test.each(LISTS)(
    '%s comes page by page, whole and in order, the same elsewhere [pagination.stable-cursors]',
    async (method, list) => {
      const { client } = await start({ mcp: paged() });
      const { names, cursors } = await pages(client, method, list);
      expect(names).toEqual([['t0', 't1'], ['t2', 't3'], ['t4']]);
      const elsewhere = await start({ mcp: paged() });
      expect((await pages(elsewhere.client, method, list)).cursors).toEqual(cursors);
    },
  );

  test.each(LISTS)(
    '%s: a cursor that was never given is -32602 [pagination.error-cursor, pagination.invalid-cursors]',
    async (method, list) => {
      const { client } = await start({ mcp: paged() });
      for (const cursor of ['none', '2', '', 5, {}]) {
        expect(refusalOf(await client.ask(method, { cursor }))).toEqual([200, -32602]);
      }
      expect((await pages(client, method, list)).names).toHaveLength(3);
    },
  );
});
