import { describe, expect, test } from '@jest/globals';
import { ConfigurationError, type JsonSchema, McpServer, ResourceTemplate } from 'mcp-express';
import { z } from 'zod';
import type { Headers } from '../../support/session.js';
import { INFO, specServer } from '../server.js';
import { encoded, type Modern, refusalOf, start, textOf, WITH_TASKS } from './client.js';

const MISMATCH = [400, -32020];

/** One of everything that is named by a header, and how often it ran. */
async function counting() {
  const mcp = new McpServer(INFO);
  const runs = { count: 0 };
  const ran = (): string => {
    runs.count += 1;
    return 'ran';
  };
  mcp.registerTool('tool', { inputSchema: { type: 'object' } }, ran);
  mcp.registerPrompt('prompt', {}, ran);
  mcp.registerPrompt('Grüße', {}, ran);
  mcp.registerResource('resource', 'spec://resource', {}, ran);
  mcp.registerResource('any', new ResourceTemplate('spec://any/{name}'), {}, ran);
  mcp.registerTool('job', { task: {} }, () => 'done');
  const started = await start({ mcp, capabilities: WITH_TASKS });
  return { ...started, runs };
}

const NAMED = [
  ['tools/call', { name: 'tool' }],
  ['prompts/get', { name: 'prompt' }],
  ['resources/read', { uri: 'spec://resource' }],
  ['tasks/get', { taskId: 'x' }],
  ['tasks/update', { taskId: 'x', inputResponses: {} }],
  ['tasks/cancel', { taskId: 'x' }],
] as const;

describe('the standard headers', () => {
  test.each<[string, Headers]>([
    ['MCP-Protocol-Version', { 'mcp-protocol-version': undefined }],
    ['Mcp-Method', { 'mcp-method': undefined }],
    ['Mcp-Name', { 'mcp-name': undefined }],
  ])(
    'without %s a request is 400 and -32020, and runs nothing [streamable-http.headers-required, streamable-http.mismatch-answer]',
    async (_what, headers) => {
      const { client, runs } = await counting();
      for (const [method, params] of NAMED) {
        const answer = await client.ask(method, params, { headers, id: 'h' });
        expect(refusalOf(answer)).toEqual(MISMATCH);
        expect(answer.json.id).toBe('h');
      }
      expect(runs.count).toBe(0);
    },
  );

  test.each<[string, Headers]>([
    ['another method', { 'mcp-method': 'tools/list' }],
    ['the method in capitals', { 'mcp-method': 'TOOLS/CALL' }],
    ['no method', { 'mcp-method': '' }],
    ['the method twice', { 'mcp-method': ['tools/call', 'tools/call'] }],
    ['another name', { 'mcp-name': 'other' }],
    ['the name in capitals', { 'mcp-name': 'TOOL' }],
    ['no name', { 'mcp-name': '' }],
    ['the name twice', { 'mcp-name': ['tool', 'tool'] }],
    ['another version', { 'mcp-protocol-version': '2025-11-25' }],
    ['a version that there is not', { 'mcp-protocol-version': '1900-01-01' }],
    ['the version twice', { 'mcp-protocol-version': ['2026-07-28', '2026-07-28'] }],
  ])(
    'with %s it is 400 and -32020, and runs nothing [streamable-http.headers-match, streamable-http.version-matches, streamable-http.mismatch-answer]',
    async (_what, headers) => {
      const { client, runs } = await counting();
      expect(refusalOf(await client.call('tool', {}, { headers }))).toEqual(MISMATCH);
      expect(runs.count).toBe(0);
    },
  );

  test('the name is that of the tool, the prompt, the resource or the task [streamable-http.headers-match]', async () => {
    const { client, runs } = await counting();
    for (const [method, params] of NAMED) {
      const headers = { 'mcp-name': 'other' };
      expect(refusalOf(await client.ask(method, params, { headers }))).toEqual(MISMATCH);
    }
    expect(runs.count).toBe(0);
    for (const [method, params] of NAMED.slice(0, 3)) expect((await client.ask(method, params)).status).toBe(200);
    expect(runs.count).toBe(3);
    const { taskId } = (await client.call('job')).json.result;
    expect((await client.ask('tasks/get', { taskId })).status).toBe(200);
  });

  test('the case of their names does not matter [streamable-http.header-name-case]', async () => {
    const { client } = await counting();
    const lower = { 'mcp-protocol-version': undefined, 'mcp-method': undefined, 'mcp-name': undefined };
    const upper = { 'MCP-PROTOCOL-VERSION': '2026-07-28', 'MCP-METHOD': 'tools/call', 'McP-nAmE': 'tool' };
    expect((await client.call('tool', {}, { headers: { ...lower, ...upper } })).status).toBe(200);
  });

  test.each(['\u00e9', 'tool\u0080', 'to\u00ffol'])(
    'the name %j has what headers have not: 400 and -32020 [streamable-http.header-characters]',
    async (name) => {
      const { client, runs } = await counting();
      for (const header of ['mcp-name', 'mcp-method']) {
        expect(refusalOf(await client.call('tool', {}, { headers: { [header]: name } }))).toEqual(MISMATCH);
      }
      expect(runs.count).toBe(0);
    },
  );
});

describe('encoded values', () => {
  test('a name that no header can have is decoded before it is compared [streamable-http.value-decoded]', async () => {
    const { client, runs } = await counting();
    expect((await client.ask('prompts/get', { name: 'Grüße' })).status).toBe(200);
    expect((await client.call('tool', {}, { headers: { 'mcp-name': encoded('tool') } })).status).toBe(200);
    expect(runs.count).toBe(2);
    const uri = 'spec://any/=?base64?eA==?=';
    expect((await client.ask('resources/read', { uri })).json.error?.code).not.toBe(-32020);
  });

  test.each<[string, string]>([
    ['the name of something else', encoded('other')],
    ['marks in capitals', encoded('tool').replace('base64', 'BASE64')],
    ['no end', encoded('tool').slice(0, -2)],
    ['no beginning', encoded('tool').slice(2)],
    ['no Base64', '=?base64?****?='],
    ['Base64 with a blank', '=?base64?dG9v bA==?='],
    ['Base64 without its padding', '=?base64?dG9vbA?='],
    ['Base64 of the URL kind', '=?base64?dG9vbA-_?='],
    ['no UTF-8', `=?base64?${Buffer.from([0xff, 0xfe]).toString('base64')}?=`],
  ])('%s is not the name [streamable-http.sentinel-exact, streamable-http.value-decoded]', async (_what, name) => {
    const { client, runs } = await counting();
    expect(refusalOf(await client.call('tool', {}, { headers: { 'mcp-name': name } }))).toEqual(MISMATCH);
    expect(runs.count).toBe(0);
  });
});

const MARKED = {
  type: 'object',
  properties: {
    plain: { type: ['string', 'null'] },
    text: { type: 'string', 'x-mcp-header': 'Text' },
    count: { type: 'integer', 'x-mcp-header': 'Count' },
    dry: { type: 'boolean', 'x-mcp-header': 'Dry-Run' },
    inner: { type: 'object', properties: { deep: { type: 'string', 'x-mcp-header': 'Deep' } } },
  },
} as const;

async function marked(): Promise<{ client: Modern; runs: { count: number } }> {
  const mcp = specServer();
  const runs = { count: 0 };
  mcp.registerTool('marked', { inputSchema: MARKED }, (args) => {
    runs.count += 1;
    return JSON.stringify(args);
  });
  const { client } = await start({ mcp });
  return { client, runs };
}

describe('headers of arguments', () => {
  test.each<[object, Headers]>([
    [{}, {}],
    [{ text: 'x' }, { 'mcp-param-text': 'x' }],
    [{ text: '' }, { 'mcp-param-text': '' }],
    [{ text: 'x' }, { 'MCP-PARAM-TEXT': 'x' }],
    [{ text: 'x' }, { 'mcp-param-text': encoded('x') }],
    [{ text: 'Hello, 世界' }, { 'mcp-param-text': encoded('Hello, 世界') }],
    [{ text: ' padded ' }, { 'mcp-param-text': encoded(' padded ') }],
    [{ text: 'a\nb' }, { 'mcp-param-text': encoded('a\nb') }],
    [{ text: '=?base64?literal?=' }, { 'mcp-param-text': encoded('=?base64?literal?=') }],
    [{ text: '42' }, { 'mcp-param-text': '42' }],
    [{ count: 42 }, { 'mcp-param-count': '42' }],
    [{ count: -7 }, { 'mcp-param-count': '-7' }],
    [{ dry: true }, { 'mcp-param-dry-run': 'true' }],
    [{ dry: false }, { 'mcp-param-dry-run': 'false' }],
    [{ inner: { deep: 'x' } }, { 'mcp-param-deep': 'x' }],
    [{ inner: {} }, {}],
    [{ plain: 'x' }, { 'mcp-param-unknown': 'y' }],
  ])('%j with %j is served [streamable-http.param-matches, streamable-http.value-decoded]', async (args, headers) => {
    const { client } = await marked();
    const answer = await client.call('marked', args, { headers });
    expect(answer.status).toBe(200);
    expect(JSON.parse(textOf(answer))).toEqual(args);
  });

  test.each<[object, Headers]>([
    [{ count: 42 }, { 'mcp-param-count': '42.0' }],
    [{ count: 42.0 }, { 'mcp-param-count': '4.2e1' }],
  ])('%j and %j are the same number [streamable-http.integers-numerically]', async (args, headers) => {
    const { client } = await marked();
    expect((await client.call('marked', args, { headers })).status).toBe(200);
  });

  test.each<[object, Headers]>([
    [{ text: 'x' }, { 'mcp-param-text': 'y' }],
    [{ text: 'x' }, { 'mcp-param-text': 'X' }],
    [{ text: 'x' }, { 'mcp-param-text': '' }],
    [{ text: 'x' }, { 'mcp-param-text': ['x', 'y'] }],
    [{ text: 'x' }, { 'mcp-param-text': encoded('y') }],
    [{ text: '42' }, { 'mcp-param-text': '42.0' }],
    [{ count: 42 }, { 'mcp-param-count': '43' }],
    [{ count: 42 }, { 'mcp-param-count': '0x2a' }],
    [{ count: 0 }, { 'mcp-param-count': '' }],
    [{ dry: true }, { 'mcp-param-dry-run': 'True' }],
    [{ dry: true }, { 'mcp-param-dry-run': 'false' }],
    [{ inner: { deep: 'x' } }, { 'mcp-param-deep': 'y' }],
  ])('%j with %j is 400 and -32020, and runs nothing [streamable-http.param-matches]', async (args, headers) => {
    const { client, runs } = await marked();
    expect(refusalOf(await client.call('marked', args, { headers }))).toEqual(MISMATCH);
    expect(runs.count).toBe(0);
  });

  test.each<object>([{ text: 'x' }, { text: '' }, { count: 0 }, { dry: false }, { inner: { deep: 'x' } }])(
    '%j without its header is 400 and -32020 [streamable-http.param-missing]',
    async (args) => {
      const { client, runs } = await marked();
      expect(refusalOf(await client.call('marked', args))).toEqual(MISMATCH);
      expect(runs.count).toBe(0);
    },
  );

  test('an argument that is null or not there needs none [streamable-http.param-absent]', async () => {
    const { client } = await marked();
    for (const args of [{}, { text: null }, { inner: null }, { inner: { deep: null } }]) {
      expect((await client.call('marked', args)).status).toBe(200);
    }
  });

  test.each(['\u00e9', 'x\u0080'])(
    'a header with %j is 400 and -32020 [streamable-http.param-characters]',
    async (text) => {
      const { client, runs } = await marked();
      const answer = await client.call('marked', { text }, { headers: { 'mcp-param-text': text } });
      expect(refusalOf(answer)).toEqual(MISMATCH);
      expect(runs.count).toBe(0);
    },
  );

  test('an integer that no double holds is not taken for its neighbour [tools.header-safe-integer, streamable-http.param-matches]', async () => {
    const { client, runs } = await marked();
    const headers = { 'mcp-param-count': '9007199254740993' };
    expect(refusalOf(await client.call('marked', { count: 2 ** 53 }, { headers }))).toEqual(MISMATCH);
    expect(runs.count).toBe(0);
  });
});

describe('which arguments can have a header', () => {
  const registering =
    (properties: object, more: object = {}) =>
    () => {
      specServer().registerTool('t', { inputSchema: { type: 'object', properties, ...more } as JsonSchema }, () => 'x');
    };
  const named = (name: unknown) => ({ a: { type: 'string', 'x-mcp-header': name } });
  const MARK = { type: 'string', 'x-mcp-header': 'Deep' };

  test('an empty name is refused [tools.header-empty]', () => {
    for (const name of ['', undefined, null, 5]) expect(registering(named(name))).toThrow(ConfigurationError);
  });

  test.each(['a b', 'a:b', 'a/b', 'ä', '(a)', 'a,b', '"a"'])(
    'so is %j, which is no header name [tools.header-token]',
    (name) => {
      expect(registering(named(name))).toThrow(ConfigurationError);
    },
  );

  test.each(['a\r', 'a\nb', '\ta', 'a\u0000', 'a\u007f'])('so is %j [tools.header-control]', (name) => {
    expect(registering(named(name))).toThrow(ConfigurationError);
  });

  test('so are two of one name, whatever its case [tools.header-unique]', () => {
    const second = { b: { type: 'object', properties: { c: { type: 'string', 'x-mcp-header': 'REGION' } } } };
    expect(registering({ ...named('Region'), ...second })).toThrow(ConfigurationError);
  });

  test.each(['number', 'object', 'array', 'null', undefined])(
    'so is one of the type %p [tools.header-primitive]',
    (type) => {
      expect(registering({ a: { type, 'x-mcp-header': 'A' } })).toThrow(ConfigurationError);
    },
  );

  test.each<[string, object, object]>([
    ['items', { a: { type: 'array', items: { type: 'object', properties: { b: MARK } } } }, {}],
    ['prefixItems', { a: { type: 'array', prefixItems: [MARK] } }, {}],
    ['anyOf', { a: { anyOf: [MARK] } }, {}],
    ['oneOf', {}, { oneOf: [{ properties: { a: MARK } }] }],
    ['allOf', {}, { allOf: [{ properties: { a: MARK } }] }],
    ['not', {}, { not: { properties: { a: MARK } } }],
    ['if', {}, { if: { properties: { a: MARK } } }],
    ['else', {}, { if: false, else: { properties: { a: MARK } } }],
    ['$ref', { a: { $ref: '#/$defs/a' } }, { $defs: { a: MARK } }],
    ['additionalProperties', {}, { additionalProperties: MARK }],
    ['patternProperties', {}, { patternProperties: { a: MARK } }],
    ['the root', {}, { 'x-mcp-header': 'Root' }],
  ])('so is one within %s [tools.header-reachable]', (_what, properties, more) => {
    expect(registering(properties, more)).toThrow(ConfigurationError);
  });

  test('all others are listed as they were given, from every kind of schema [tools.header-token, tools.header-primitive, tools.header-reachable]', async () => {
    const mcp = specServer();
    mcp.registerTool('json', { inputSchema: MARKED }, () => 'x');
    const region = z.string().optional().meta({ 'x-mcp-header': "Re!gi#on$%&'*+-.^_`|~9" });
    mcp.registerTool('zod', { inputSchema: z.object({ region }) }, () => 'x');
    const { client } = await start({ mcp });
    const { tools } = (await client.ask('tools/list')).json.result;
    const schemas = tools.filter(({ name }: { name: string }) => ['json', 'zod'].includes(name));
    expect(schemas[0].inputSchema).toEqual(MARKED);
    expect(schemas[1].inputSchema.properties.region['x-mcp-header']).toBe("Re!gi#on$%&'*+-.^_`|~9");
  });
});
