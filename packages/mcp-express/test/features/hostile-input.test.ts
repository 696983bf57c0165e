import { describe, expect, test } from '@jest/globals';
import { McpServer, ResourceTemplate } from 'mcp-express';
import { z } from 'zod';
import { startServer } from '../support/start-server.js';
import { openWire, type WireSession } from './wire-session.js';

let calls = 0;

function server(): McpServer {
  const mcp = new McpServer({ name: 'hostile', version: '1' });
  mcp.registerTool('echo', { inputSchema: { text: z.string() } }, ({ text }) => {
    calls += 1;
    return text;
  });
  mcp.registerTool('other', {}, () => {
    calls += 1;
    return 'other';
  });
  mcp.registerResource('r', 'hostile://r', {}, () => 'r');
  mcp.registerResource(
    't',
    new ResourceTemplate('hostile://t{/id*}{?q*}', { complete: { id: () => ['1'] } }),
    {},
    () => 't',
  );
  mcp.registerPrompt('p', { argsSchema: { a: z.string().optional() }, complete: { a: () => ['x'] } }, () => 'p');
  return mcp;
}

const open = async (): Promise<WireSession> => openWire((await startServer({ mcp: server() })).url);

/** Every parameter of every method, and whether it may be left out. */
const PARAMETERS: readonly [method: string, parameter: string, rest: object, optional: boolean][] = [
  ['tools/call', 'name', {}, false],
  ['tools/call', 'arguments', { name: 'echo' }, true],
  ['tools/list', 'cursor', {}, true],
  ['resources/list', 'cursor', {}, true],
  ['resources/templates/list', 'cursor', {}, true],
  ['resources/read', 'uri', {}, false],
  ['resources/subscribe', 'uri', {}, false],
  ['resources/unsubscribe', 'uri', {}, false],
  ['prompts/list', 'cursor', {}, true],
  ['prompts/get', 'name', {}, false],
  ['prompts/get', 'arguments', { name: 'p' }, true],
  ['completion/complete', 'ref', { argument: { name: 'a', value: '' } }, false],
  ['completion/complete', 'argument', { ref: { type: 'ref/prompt', name: 'p' } }, false],
  [
    'completion/complete',
    'context',
    { ref: { type: 'ref/prompt', name: 'p' }, argument: { name: 'a', value: '' } },
    true,
  ],
  ['logging/setLevel', 'level', {}, false],
];

const TEXTS = new Set(['name', 'cursor', 'uri', 'level']);
const WRONG_FOR_TEXT: readonly unknown[] = [0, -1.5, true, [], ['a'], {}, { toString: 'x' }];
const WRONG_FOR_OBJECT: readonly unknown[] = [0, true, 'text', [], [{}]];

describe('wrong types in every parameter (-32602, and the process unharmed)', () => {
  test.each(PARAMETERS)('%s: %s', async (method, parameter, rest, optional) => {
    const session = await open();
    const wrong: unknown[] = TEXTS.has(parameter) ? [...WRONG_FOR_TEXT] : [...WRONG_FOR_OBJECT];
    // Null is the same as absent.
    if (!optional) wrong.push(undefined, null);
    for (const value of wrong) {
      const { error } = await session.ask(method, { ...rest, [parameter]: value });
      expect({ value, code: error?.code }).toEqual({ value, code: -32602 });
    }
    expect((await session.ask('ping')).result).toEqual({});
  });

  test.each([
    'tools/destroy',
    'Tools/list',
    'tools/list ',
    '',
    '__proto__',
    'constructor',
    'tools\u0000list',
    'ping\ud800',
  ])('the unknown method %j is -32601', async (method) => {
    expect((await (await open()).ask(method)).error.code).toBe(-32601);
  });

  test.each(['nonsense', 'eyJhIjoxfQ==', '../../etc/passwd', '\u0000', 'x'.repeat(100_000)])(
    'a foreign cursor is -32602 (%#)',
    async (cursor) => {
      const session = await open();
      for (const method of ['tools/list', 'resources/list', 'resources/templates/list', 'prompts/list']) {
        expect((await session.ask(method, { cursor })).error.code).toBe(-32602);
      }
    },
  );
});

describe('names that are nearly those of something (GHSA-q382-vc8q-7jhj)', () => {
  test.each([
    'echo\u0000',
    '\ufeffecho',
    'echo\ud800',
    'Echo',
    'echo ',
    'еcho',
    '__proto__',
    'toString',
    'constructor',
  ])('the tool %j is unknown, and none runs', async (name) => {
    const session = await open();
    const before = calls;
    expect((await session.ask('tools/call', { name, arguments: { text: 'x' } })).error.code).toBe(-32602);
    expect((await session.ask('prompts/get', { name })).error.code).toBe(-32602);
    expect(calls).toBe(before);
  });

  test('keys are told apart by case, and of two equal ones the last counts, for everybody (CVE-2026-27896)', async () => {
    const session = await open();
    const before = calls;
    const smuggled = await session.post('{"jsonrpc":"2.0","id":1,"Method":"tools/call","params":{"name":"other"}}');
    expect([smuggled.status, calls]).toEqual([400, before]);
    const twice = await session.post(
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","method":"ping","params":{"name":"other"}}',
    );
    expect([twice.json.result, calls]).toEqual([{}, before]);
  });

  test('text of every kind comes back to the letter', async () => {
    const session = await open();
    for (const text of ['\u0000', 'ä€😀', '\u2028\u2029', '"\\\r\n', 'x'.repeat(100_000)]) {
      const { content } = await session.tool('echo', { text });
      expect(content[0].text).toBe(text);
    }
    // Half a character is none, and decoders of other languages refuse it.
    expect((await session.tool('echo', { text: 'a\ud800b' })).content[0].text).toBe('a\ufffdb');
  });
});

describe('what is large or deep answers quickly, and so does everybody else', () => {
  const NEST = 50_000;
  const deep = `${'['.repeat(NEST)}${']'.repeat(NEST)}`;

  test.each([
    ['arguments nested 50,000 deep', 'tools/call', `{"name":"echo","arguments":{"text":${deep}}}`],
    ['a URI of 100 kB of separators', 'resources/read', `{"uri":"hostile://t/${'a,'.repeat(50_000)}!"}`],
    [
      'a URI of 100 kB of path',
      'resources/read',
      `{"uri":"hostile://t${'/a'.repeat(50_000)}?${'q=1&'.repeat(20_000)}x"}`,
    ],
    ['metadata nested 50,000 deep', 'ping', `{"_meta":${deep}}`],
  ])('%s', async (_what, method, params) => {
    const session = await open();
    const hostile = session.post(`{"jsonrpc":"2.0","id":1,"method":"${method}","params":${params}}`);
    const begun = performance.now();
    expect((await session.ask('ping')).result).toEqual({});
    expect(performance.now() - begun).toBeLessThan(10_000);
    const { status, json } = await hostile;
    expect(status).toBe(200);
    expect(json).toHaveProperty(json.error === undefined ? 'result' : 'error.code');
  });
});

describe('schemas that cannot be used stop the registration', () => {
  test('one that holds itself', () => {
    const circle: Record<string, unknown> = { type: 'object' };
    circle['properties'] = { self: circle };
    const mcp = new McpServer({ name: 'x', version: '1' });
    expect(() => mcp.registerTool('circle', { inputSchema: circle }, () => 'x')).toThrow(
      /inputSchema of tool "circle"/,
    );
  });
});
