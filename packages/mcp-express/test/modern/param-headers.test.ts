import { beforeEach, describe, expect, test } from '@jest/globals';
import { McpServer } from 'mcp-express';
import { encoded, refusalOf, requestAlone, type Started, start } from '../spec/modern/client.js';
import { send } from '../support/raw-client.js';
import type { Headers } from '../support/session.js';

const MISMATCH = [400, -32020];

const SCHEMA = `{
  "type": "object",
  "properties": {
    "text": { "type": "string", "x-mcp-header": "Text" },
    "count": { "type": "integer", "x-mcp-header": "Count" },
    "dry": { "type": "boolean", "x-mcp-header": "Dry-Run" },
    "inner": {
      "type": "object",
      "properties": {
        "deep": { "type": "object", "properties": { "id": { "type": "integer", "x-mcp-header": "Deep-Id" } } },
        "text": { "type": "string", "x-mcp-header": "Inner-Text" }
      }
    },
    "a.b": { "type": "string", "x-mcp-header": "Dotted" },
    "free": {}
  }
}`;

/** As text, so that `__proto__` is a property like any other. */
const INHERITED = `{
  "type": "object",
  "properties": {
    "__proto__": { "type": "string", "x-mcp-header": "Proto" },
    "constructor": { "type": "string", "x-mcp-header": "Constructor" },
    "inner": { "type": "object", "properties": { "text": { "type": "string", "x-mcp-header": "Text" } } }
  }
}`;

let server: Started;
let seen: string[];

beforeEach(async () => {
  seen = [];
  const mcp = new McpServer({ name: 'params', version: '1' });
  for (const [name, schema] of Object.entries({ marked: SCHEMA, inherited: INHERITED })) {
    mcp.registerTool(name, { inputSchema: JSON.parse(schema) }, (args: unknown) => {
      seen.push(JSON.stringify(args));
      return 'ran';
    });
  }
  server = await start({ mcp });
});

/** A call whose arguments are sent as this very text. */
async function call(args: string, params: Headers = {}, name = 'marked') {
  const names = Object.entries(params).map(([param, value]) => [`mcp-param-${param}`, value]);
  const asked = { id: 'p', headers: Object.fromEntries(names) };
  const { headers, body } = requestAlone('tools/call', { name, arguments: 'ARGS' }, asked);
  return send(server.url, { headers, body: JSON.stringify(body).replace('"ARGS"', args) });
}

describe('an argument and its header (R32)', () => {
  test.each<[string, Headers]>([
    ['{}', {}],
    ['{"text":"x"}', { text: 'x' }],
    ['{"text":"x"}', { TEXT: '  x\t' }],
    ['{"text":""}', { text: '' }],
    ['{"text":"null"}', { text: 'null' }],
    ['{"text":"a, b"}', { text: 'a, b' }],
    ['{"text":"Grüße"}', { text: encoded('Grüße') }],
    ['{"text":"42"}', { text: '42' }],
    ['{"count":42}', { count: '42' }],
    ['{"count":42}', { count: '42.0' }],
    ['{"count":42.0}', { count: '42' }],
    ['{"count":4.2e1}', { count: '42.00' }],
    ['{"count":-1}', { count: '-1.0' }],
    ['{"count":0}', { count: '0' }],
    ['{"count":42}', { count: encoded('42') }],
    ['{"count":9007199254740991}', { count: '9007199254740991' }],
    ['{"dry":true}', { 'dry-run': 'true' }],
    ['{"dry":false}', { 'dry-run': 'false' }],
    ['{"inner":{"deep":{"id":5}}}', { 'deep-id': '5.0' }],
    ['{"text":"a","inner":{"text":"b"}}', { text: 'a', 'inner-text': 'b' }],
    ['{"inner":{}}', {}],
    ['{"a.b":"x"}', { dotted: 'x' }],
    ['{"free":"x"}', { free: 'of us' }],
  ])('%s with %j: 200', async (args, headers) => {
    expect((await call(args, headers)).status).toBe(200);
    expect(seen).toEqual([JSON.stringify(JSON.parse(args))]);
  });

  test.each<[string, Headers]>([
    ['{"text":"x"}', { text: 'y' }],
    ['{"text":"x"}', { text: 'X' }],
    ['{"text":"x"}', { text: ['x', 'x'] }],
    ['{"text":"x, x"}', { text: ['x', 'x'] }],
    ['{"text":"x"}', { text: '"x"' }],
    ['{"text":"42"}', { text: '42.0' }],
    ['{"text":"é"}', { text: 'é' }],
    ['{"text":"Grüße"}', { text: Buffer.from('Grüße').toString('latin1') }],
    ['{"text":"tool"}', { text: '=?base64?dG9vbA?=' }],
    ['{"text":"x"}', { text: encoded('\ufeffx') }],
    ['{"count":42}', { count: '43' }],
    ['{"count":42}', { count: '42.5' }],
    ['{"count":42}', { count: '0x2a' }],
    ['{"count":42}', { count: '+42' }],
    ['{"count":42}', { count: '42n' }],
    ['{"count":42}', { count: '4 2' }],
    ['{"count":0}', { count: '' }],
    ['{"count":0}', { count: 'false' }],
    ['{"count":9007199254740993}', { count: '9007199254740992' }],
    ['{"dry":true}', { 'dry-run': 'True' }],
    ['{"dry":true}', { 'dry-run': '1' }],
    ['{"dry":false}', { 'dry-run': '' }],
    ['{"inner":{"deep":{"id":5}}}', { 'deep-id': '6' }],
    ['{"text":"b","inner":{"text":"a"}}', { text: 'a', 'inner-text': 'b' }],
    ['{"text":"x","count":1}', { text: 'x', count: '2' }],
  ])('%s with %j: 400 and -32020 with the id, and nothing runs', async (args, headers) => {
    const answer = await call(args, headers);
    expect([...refusalOf(answer), answer.json.id]).toEqual([...MISMATCH, 'p']);
    expect(seen).toEqual([]);
  });
});

describe('one without the other (R32)', () => {
  test.each([
    '{"text":"x"}',
    '{"text":""}',
    '{"count":0}',
    '{"dry":false}',
    '{"inner":{"deep":{"id":0}}}',
    '{"a.b":"x"}',
  ])('%s without its header: 400 and -32020, and nothing runs', async (args) => {
    expect(refusalOf(await call(args))).toEqual(MISMATCH);
    expect(seen).toEqual([]);
  });

  test.each<[string, Headers]>([
    ['{}', { text: 'x' }],
    ['{}', { text: '' }],
    ['{}', { text: 'undefined' }],
    ['{"text":null}', { text: 'null' }],
    ['{"text":null}', { text: '' }],
    ['{"count":null}', { count: '0' }],
    ['{"dry":null}', { 'dry-run': 'false' }],
    ['{"inner":null}', { 'deep-id': '1' }],
    ['{"inner":[{"id":1}]}', { 'deep-id': '1' }],
    ['{"inner":{"deep.id":1}}', { 'deep-id': '1' }],
    ['{"a":{"b":"x"}}', { dotted: 'x' }],
  ])('%s with %j, which repeats nothing: 400 and -32020, and nothing runs', async (args, headers) => {
    expect(refusalOf(await call(args, headers))).toEqual(MISMATCH);
    expect(seen).toEqual([]);
  });

  test.each(['{"text":null}', '{"count":null}', '{"inner":null}', '{"inner":{"deep":null}}'])(
    '%s, which is null, needs no header: it is not the headers that are wrong',
    async (args) => {
      expect((await call(args)).json.error?.code).not.toBe(-32020);
    },
  );
});

describe('names that every object has (R32)', () => {
  test.each<[string, Headers]>([
    ['{"constructor":"x"}', { constructor: 'x' }],
    ['{"__proto__":"x","constructor":"y"}', { proto: 'x', constructor: 'y' }],
    ['{"__proto__":"x"}', { proto: 'x' }],
    ['{"inner":{"text":"x"}}', { text: 'x' }],
    ['{}', {}],
  ])('%s with %j: 200, as with any other name', async (args, headers) => {
    expect((await call(args, headers, 'inherited')).json.error).toBeUndefined();
    expect(seen).toEqual([args]);
  });

  test.each<[string, Headers]>([
    ['{"__proto__":"x"}', {}],
    ['{"__proto__":"x"}', { proto: 'y' }],
    ['{"constructor":"x"}', {}],
    ['{"constructor":"x"}', { constructor: 'y' }],
    ['{"__proto__":{"inner":{"text":"x"}}}', { text: 'x' }],
    ['{"inner":{"__proto__":{"text":"x"}}}', { text: 'x' }],
    ['{}', { proto: 'x' }],
    ['{}', { proto: '[object Object]' }],
    ['{}', { constructor: 'function Object() { [native code] }' }],
  ])('%s with %j: 400 and -32020, and nothing runs', async (args, headers) => {
    expect(refusalOf(await call(args, headers, 'inherited'))).toEqual(MISMATCH);
    expect(seen).toEqual([]);
  });
});
