import { afterEach, describe, expect, jest, test } from '@jest/globals';
import {
  ConfigurationError,
  completable,
  McpError,
  McpServer,
  mcpRouter,
  type Observation,
  type RouterOptions,
} from 'mcp-express';
import { z } from 'zod';
import { start, WITH_TASKS } from '../spec/modern/client.js';
import { startServer } from '../support/start-server.js';
import { eventually } from '../support/wait.js';
import { openWire } from './wire-session.js';

const SECRET = 's3cr3t-of-alice';

function crash(where: string): never {
  throw new TypeError(`${where} crashed with password=${SECRET}`);
}

function crashServer(): McpServer {
  const mcp = new McpServer({ name: 'crash', version: '1' });
  mcp.registerTool('boom', {}, () => crash('tool'));
  mcp.registerTool('late', { task: {} }, () => crash('task'));
  mcp.registerTool('odd', {}, () => 42 as unknown as string);
  mcp.registerTool('text', {}, () => {
    throw 'a text';
  });
  mcp.registerTool('nothing', {}, () => {
    throw undefined;
  });
  mcp.registerTool('refuse', {}, () => {
    throw new McpError('invalid-params', 'no', { cause: new Error('on purpose') });
  });
  mcp.registerTool('failed', {}, () => ({ content: [], isError: true }));
  mcp.registerTool('strict', { inputSchema: z.object({ n: z.number() }) }, () => 'ok');
  mcp.registerTool('fine', {}, () => 'ok');
  mcp.registerPrompt('boom', { argsSchema: { a: completable(z.string(), () => crash('completion')) } }, () =>
    crash('prompt'),
  );
  mcp.registerResource('boom', 'boom://1', {}, () => crash('resource'));
  return mcp;
}

/** What a call of each kind is; all of them crash. */
const CRASHES = [
  ['tool', 'tools/call', { name: 'boom', arguments: {} }],
  ['prompt', 'prompts/get', { name: 'boom', arguments: { a: 'x' } }],
  ['resource', 'resources/read', { uri: 'boom://1' }],
  [
    'completion',
    'completion/complete',
    { ref: { type: 'ref/prompt', name: 'boom' }, argument: { name: 'a', value: '' } },
  ],
] as const;

const realEnv = process.env['NODE_ENV'];

afterEach(() => {
  process.env['NODE_ENV'] = realEnv;
  jest.restoreAllMocks();
});

/** A server as in production, what it writes to stderr, and what it tells. */
async function serving(options: RouterOptions = {}, env = 'production') {
  process.env['NODE_ENV'] = env;
  const lines: string[] = [];
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    lines.push(
      ...String(text)
        .split('\n')
        .filter((line) => line !== ''),
    );
    return true;
  });
  const events: Observation[] = [];
  const { url } = await startServer({
    mcp: crashServer(),
    options: { observe: (event) => events.push(event), ...options },
  });
  return { session: await openWire(url), url, lines, events };
}

describe('a handler that crashes (R59)', () => {
  test.each(CRASHES)(
    'leaves one line with its stack on stderr, and the client sees no stack: %s',
    async (what, method, params) => {
      const { session, lines } = await serving();
      const answer = await session.ask(method, params);
      expect(lines).toHaveLength(1);
      const line = JSON.parse(lines[0] as string);
      expect(line).toMatchObject({ level: 'error', event: 'call-ended', method, requestId: answer.id });
      expect(line.session).toMatch(/^[\w-]{16}$/);
      expect(line.err).toMatchObject({ name: 'TypeError', stack: expect.stringMatching(/crash-log\.test/) });
      expect(line.msg).toContain(`TypeError: ${what} crashed`);
      expect(lines[0]).not.toContain(SECRET);
      expect(JSON.stringify(answer)).not.toMatch(/crash-log\.test|\bat \w/);
    },
  );

  test.each(CRASHES)('has its cause in what is observed: %s', async (what, method, params) => {
    const { session, events } = await serving({ logger: false });
    await session.ask(method, params);
    const ended = events.flatMap((event) => (event.type === 'call-ended' && event.method === method ? [event] : []));
    expect(ended).toMatchObject([
      { cause: { name: 'TypeError', message: expect.stringContaining(`${what} crashed`) } },
    ]);
  });

  test('is logged where it stands alone, and as a task', async () => {
    process.env['NODE_ENV'] = 'production';
    const logged: { event: string; err: { message: string } }[] = [];
    const logger = { error: (fields: object) => logged.push(fields as (typeof logged)[number]) };
    const { client } = await start({ mcp: crashServer(), options: { logger }, capabilities: WITH_TASKS });
    await client.call('boom');
    await client.call('late');
    await eventually('the task is over', () => logged.length === 2);
    expect(logged.map(({ event }) => event)).toEqual(['call-ended', 'task-ended']);
    expect(logged[1]?.err.message).toContain('task crashed');
  });

  test('is shown whatever it threw, or returned and should not have', async () => {
    const { session, lines } = await serving();
    for (const name of ['odd', 'text', 'nothing']) await session.tool(name, {});
    expect(lines).toHaveLength(3);
    expect(lines[0]).toContain('Tool \\"odd\\" returned');
    expect(lines[1]).toContain('a text');
    expect(lines[2]).toContain('undefined');
  });
});

describe('what is no crash', () => {
  test('leaves no line: what fails on purpose, wrong arguments, unknown names, and what goes well', async () => {
    const { session, lines } = await serving();
    for (const name of ['refuse', 'failed', 'strict', 'fine', 'no-such']) {
      await session.ask('tools/call', { name, arguments: {} });
    }
    await session.ask('resources/read', { uri: 'no://such' });
    expect(lines).toEqual([]);
  });
});

describe('the option logger', () => {
  test('is silent with false, and by default where NODE_ENV is test', async () => {
    for (const [options, env] of [
      [{ logger: false }, 'production'],
      [{}, 'test'],
    ] as const) {
      const { session, lines } = await serving(options, env);
      for (const [, method, params] of CRASHES) await session.ask(method, params);
      expect(lines).toEqual([]);
      jest.restoreAllMocks();
    }
  });

  test('is given an object and a message, as pino takes them; what it throws harms nothing', async () => {
    const logged: unknown[][] = [];
    const logger = {
      error: (...args: unknown[]) => {
        logged.push(args);
        throw new Error('the disk is full');
      },
    };
    const { session, lines } = await serving({ logger }, 'test');
    const answer = await session.tool('boom', {});
    expect(answer).toMatchObject({ isError: true });
    expect(logged).toEqual([
      [
        expect.objectContaining({ method: 'tools/call', name: 'boom' }),
        expect.stringMatching(/^tools\/call "boom" failed/),
      ],
    ]);
    expect(lines).toEqual([]);
  });

  test('is a logger, or false', () => {
    for (const logger of [true, 'pino', {}, () => {}]) {
      expect(() => mcpRouter(crashServer(), { logger } as unknown as RouterOptions)).toThrow(ConfigurationError);
    }
  });
});
