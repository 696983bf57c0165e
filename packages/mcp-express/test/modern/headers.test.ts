import { beforeEach, describe, expect, test } from '@jest/globals';
import { McpServer, ResourceTemplate } from 'mcp-express';
import { encoded, REVISION, type Started, start } from '../spec/modern/client.js';
import type { JsonBody, RawAnswer } from '../support/raw-client.js';
import { type Headers, openSession, type TestSession } from '../support/session.js';

const VERSION = 'mcp-protocol-version';
const METHOD = 'mcp-method';
const NAME = 'mcp-name';

/** One of everything that is named, and what its name is. */
const CALLED: readonly [string, JsonBody, string][] = [
  ['tools/call', { name: 'tool', arguments: {} }, 'tool'],
  ['prompts/get', { name: 'prompt' }, 'prompt'],
  ['resources/read', { uri: 'spec://resource' }, 'spec://resource'],
];

let server: Started;
let runs: number;

beforeEach(async () => {
  runs = 0;
  const ran = (): string => {
    runs += 1;
    return 'ran';
  };
  const mcp = new McpServer({ name: 'headers', version: '1' });
  mcp.registerTool('tool', { inputSchema: { type: 'object' } }, ran);
  mcp.registerPrompt('prompt', {}, ran);
  mcp.registerPrompt('Grüße', {}, ran);
  mcp.registerPrompt('\ufefftool', {}, ran);
  mcp.registerPrompt('a, b', {}, ran);
  mcp.registerResource('resource', 'spec://resource', {}, ran);
  mcp.registerResource('any', new ResourceTemplate('spec://any/{name}'), {}, ran);
  server = await start({ mcp });
});

function expectMismatch({ status, json }: RawAnswer, id: string | number): void {
  expect([status, json.error?.code, json.error?.data?.reason, json.id]).toEqual([400, -32020, 'header-mismatch', id]);
  expect(runs).toBe(0);
}

type Bend = (value: string) => string | string[] | undefined;

const BENT: readonly [string, Bend][] = [
  ['missing', () => undefined],
  ['longer', (value) => `${value}x`],
  ['shorter', (value) => value.slice(0, -1)],
  ['something else', () => 'other'],
  ['sent twice', (value) => [value, value]],
  ['sent twice, once wrongly', (value) => ['other', value]],
  ['sent twice, once empty', (value) => ['', value]],
  ['sent twice in one line', (value) => `${value}, ${value}`],
  ['empty', () => ''],
  ['blank', () => '  '],
  ['quoted', (value) => `"${value}"`],
  ['followed by a byte beyond ASCII', (value) => `${value}\u00e9`],
  ['begun with a BOM', (value) => `\u00ef\u00bb\u00bf${value}`],
  ['of bytes beyond ASCII', () => Buffer.from('Grüße').toString('latin1')],
];

const CAPITALS: Bend = (value) => value.toUpperCase();

describe.each<[string, readonly [string, Bend][]]>([
  [VERSION, [...BENT, ['a served one of sessions', () => '2025-11-25'], ['encoded', encoded]]],
  [METHOD, [...BENT, ['in capitals', CAPITALS], ['encoded', encoded], ['another that there is', () => 'tools/list']]],
  [NAME, [...BENT, ['in capitals', CAPITALS], ['encoded in capitals', (value) => encoded(value.toUpperCase())]]],
])('%s (R32)', (header, bends) => {
  test.each(bends)('%s: 400 and -32020 with the id, and nothing runs', async (_what, bend) => {
    for (const [method, params, name] of CALLED) {
      const value = { [VERSION]: REVISION, [METHOD]: method, [NAME]: name }[header] ?? '';
      for (const id of ['h', 7]) {
        expectMismatch(await server.client.ask(method, params, { id, headers: { [header]: bend(value) } }), id);
      }
    }
  });

  test.each<[string, (header: string) => string, Bend]>([
    ['blanks before and after', (name) => name, (value) => ` \t ${value}  \t`],
    ['a name in capitals', (name) => name.toUpperCase(), (value) => value],
    ['a name in both cases', (name) => name.replace(/p/g, 'P'), (value) => value],
  ])('%s: 200', async (_what, spelled, bend) => {
    for (const [method, params, name] of CALLED) {
      const value = { [VERSION]: REVISION, [METHOD]: method, [NAME]: name }[header] ?? '';
      const headers = { [header]: undefined, [spelled(header)]: bend(value) };
      expect((await server.client.ask(method, params, { headers })).status).toBe(200);
    }
    expect(runs).toBe(CALLED.length);
  });
});

test('a request without a name needs no Mcp-Name (R32)', async () => {
  for (const method of ['tools/list', 'prompts/list', 'server/discover']) {
    expect((await server.client.ask(method)).status).toBe(200);
    expectMismatch(await server.client.ask(method, {}, { id: 'l', headers: { [METHOD]: undefined } }), 'l');
  }
});

describe('a name as Base64 (R32)', () => {
  const URI = 'spec://any/Grüße';

  test.each<[string, JsonBody, string]>([
    ['prompts/get', { name: 'Grüße' }, 'Grüße'],
    ['prompts/get', { name: '\ufefftool' }, '\ufefftool'],
    ['resources/read', { uri: URI }, URI],
    ['tools/call', { name: 'tool', arguments: {} }, 'tool'],
  ])('%s of %j: 200', async (method, params, name) => {
    const headers = { [NAME]: ` ${encoded(name)}\t` };
    expect((await server.client.ask(method, params, { headers })).status).toBe(200);
    expect(runs).toBe(1);
  });

  test('a name with a comma is one name: 200', async () => {
    expect((await server.client.ask('prompts/get', { name: 'a, b' })).status).toBe(200);
    const two = { [NAME]: ['a', 'b'] };
    runs = 0;
    expectMismatch(await server.client.ask('prompts/get', { name: 'a, b' }, { headers: two }), 1);
  });

  const base64 = (value: string): string => Buffer.from(value).toString('base64');
  const unpadded = (value: string): string => base64(value).replace(/=+$/, '');

  test.each<[string, string, string]>([
    ['without its padding', 'tool', `=?base64?${unpadded('tool')}?=`],
    ['with too much padding', 'tool', `=?base64?${base64('tool')}=?=`],
    ['of the URL alphabet', 'Grüße', `=?base64?${Buffer.from('ü?>ÿ').toString('base64url')}?=`],
    ['with bits that mean nothing', 'tool', '=?base64?dG9vbB==?='],
    ['with a blank within', 'tool', '=?base64?dG9v bA==?='],
    ['of bytes that are no UTF-8', 'Grüße', `=?base64?${Buffer.from('Grüße', 'latin1').toString('base64')}?=`],
    ['of a surrogate', 'tool', `=?base64?${Buffer.from([0xed, 0xa0, 0x80]).toString('base64')}?=`],
    ['of a longer spelling in UTF-8', '/', `=?base64?${Buffer.from([0xc0, 0xaf]).toString('base64')}?=`],
    ['that begins with a BOM', 'tool', encoded('\ufefftool')],
    ['of another normal form', 'Grüße', encoded('Grüße'.normalize('NFD'))],
    ['of itself encoded', 'tool', encoded(encoded('tool'))],
    ['of nothing', 'tool', '=?base64??='],
    ['that is marked in capitals', 'tool', encoded('tool').replace('base64', 'BASE64')],
    ['that names a character set', 'tool', `=?utf-8?b?${base64('tool')}?=`],
    ['in the middle', 'tool', `x${encoded('tool')}`],
    ['cut off', 'tool', encoded('tool').slice(0, -1)],
  ])('%s: 400 and -32020, and nothing runs', async (_what, name, header) => {
    const headers = { [NAME]: header };
    expectMismatch(await server.client.ask('prompts/get', { name }, { id: 'b', headers }), 'b');
    expectMismatch(await server.client.call('tool', {}, { id: 'b', headers }), 'b');
  });

  test('of a name that has what the URL alphabet changes: 400, although the plain alphabet is 200', async () => {
    const uri = 'spec://any/ü?>ÿ~~~';
    const headers = { [NAME]: encoded(uri).replaceAll('+', '-').replaceAll('/', '_') };
    expect(headers[NAME]).not.toBe(encoded(uri));
    expectMismatch(await server.client.ask('resources/read', { uri }, { headers }), 1);
    expect((await server.client.ask('resources/read', { uri })).json.error?.code).not.toBe(-32020);
  });
});

describe('a request of a session (R32)', () => {
  const CALL = { jsonrpc: '2.0', id: 's', method: 'tools/call', params: { name: 'tool', arguments: {} } };
  const PLAIN = { [METHOD]: 'tools/call', [NAME]: 'tool' };
  let session: TestSession;

  beforeEach(async () => {
    session = await openSession(server.url);
  });

  test.each<[string, Headers]>([
    ['without the headers', {}],
    ['without the revision either', { [VERSION]: undefined }],
    ['with right ones', PLAIN],
    ['with the method alone', { [METHOD]: 'tools/call' }],
    ['with the name alone', { [NAME]: 'tool' }],
    ['with an encoded name', { [NAME]: encoded('tool') }],
    ['with blanks around', { [METHOD]: ' tools/call\t', [NAME]: '  tool ' }],
  ])('%s: 200', async (_what, headers) => {
    expect((await session.post(CALL, headers)).status).toBe(200);
    expect(runs).toBe(1);
  });

  const named = BENT.filter(([what]) => what !== 'missing');
  test.each(named)('with one that is %s: 400 and -32020, and nothing runs', async (_what, bend) => {
    expectMismatch(await session.post(CALL, { ...PLAIN, [METHOD]: bend('tools/call') }), 's');
    expectMismatch(await session.post(CALL, { ...PLAIN, [NAME]: bend('tool') }), 's');
  });
});
