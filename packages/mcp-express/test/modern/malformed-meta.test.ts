import { describe, expect, test } from '@jest/globals';
import { McpServer } from 'mcp-express';
import { send } from '../support/raw-client.js';
import { addEcho } from '../support/test-tools.js';
import { ABLE, askingServer, codeOf, META, REVISION, request, start } from './alone.js';

const GOOD = { [META.version]: REVISION, [META.capabilities]: {} };
const HEADERS = { 'mcp-protocol-version': REVISION, 'mcp-method': 'tools/call', 'mcp-name': 'echo' };

async function counted() {
  const mcp = new McpServer({ name: 'counted', version: '1' });
  const count = addEcho(mcp);
  return { ...(await start({ mcp })), count };
}

/** The body as text, so that what JSON.stringify would leave out can be there. */
const body = (meta: string): string =>
  `{"jsonrpc":"2.0","id":"m","method":"tools/call","params":{"name":"echo","arguments":{"text":"x"}${meta}}}`;

const withMeta = (meta: unknown): string => body(`,"_meta":${JSON.stringify(meta)}`);

describe('a request whose "_meta" is not what it must be (SEP-2575)', () => {
  test.each<[string, string]>([
    ['missing', body('')],
    ['null', withMeta(null)],
    ['a list', withMeta([GOOD])],
    ['a text', withMeta(JSON.stringify(GOOD))],
    ['empty', withMeta({})],
    ['under another name', body(`,"_Meta":${JSON.stringify(GOOD)}`)],
    ['without a revision', withMeta({ ...GOOD, [META.version]: undefined })],
    ['with a revision of null', withMeta({ ...GOOD, [META.version]: null })],
    ['with a revision that is a number', withMeta({ ...GOOD, [META.version]: 20260728 })],
    ['with a list of revisions', withMeta({ ...GOOD, [META.version]: [REVISION] })],
    [
      'with its revision in another case',
      withMeta({ [META.version.toUpperCase()]: REVISION, [META.capabilities]: {} }),
    ],
    ['without capabilities', withMeta({ [META.version]: REVISION })],
    ['with capabilities of null', withMeta({ ...GOOD, [META.capabilities]: null })],
    ['with a list of capabilities', withMeta({ ...GOOD, [META.capabilities]: [] })],
    ['with capabilities that are true', withMeta({ ...GOOD, [META.capabilities]: true })],
    ['with a client that is a text', withMeta({ ...GOOD, [META.client]: 'me' })],
    ['with a client that has no version', withMeta({ ...GOOD, [META.client]: { name: 'me' } })],
    ['with a client whose name is a number', withMeta({ ...GOOD, [META.client]: { name: 1, version: '1' } })],
    ['with a level there is not', withMeta({ ...GOOD, [META.level]: 'verbose' })],
    ['with all of it in the prototype', body(`,"_meta":{"__proto__":${JSON.stringify(GOOD)}}`)],
    ['in the prototype of the parameters', body(`,"__proto__":{"_meta":${JSON.stringify(GOOD)}}`)],
    ['first good, then not', body(`,"_meta":${JSON.stringify(GOOD)},"_meta":{}`)],
  ])('%s: 400 and -32602 with its id, and nothing runs (SEP-2575)', async (_what, text) => {
    const { url, count } = await counted();
    const answer = await send(url, { body: text, headers: HEADERS });
    expect(codeOf(answer)).toEqual([400, -32602]);
    expect(answer.json).toMatchObject({ id: 'm', error: { data: { reason: 'invalid-meta' } } });
    expect(answer.headers['mcp-session-id']).toBeUndefined();
    expect(count.calls).toBe(0);
  });

  test.each<[string, object]>([
    ['no client', GOOD],
    ['a client of null', { ...GOOD, [META.client]: null }],
    ['a level of null', { ...GOOD, [META.level]: null }],
    ['capabilities nobody knows', { ...GOOD, [META.capabilities]: { x: { y: 1 }, extensions: { 'a/b': null } } }],
    ['keys nobody knows', { ...GOOD, 'io.modelcontextprotocol/new': 1, mine: null, 'com.example/x': [] }],
    ['a progress token that is an object', { ...GOOD, progressToken: {} }],
    ['trace context', { ...GOOD, traceparent: 'nonsense', baggage: 5 }],
  ])('with %s is served (SEP-2575)', async (_what, meta) => {
    const { url, count } = await counted();
    expect(codeOf(await send(url, { body: withMeta(meta), headers: HEADERS }))).toEqual([200, undefined]);
    expect(count.calls).toBe(1);
  });
});

describe('a request in a revision that is not served (SEP-2575)', () => {
  test.each([
    'v999.0.0',
    '2026-07-29',
    '2026-7-28',
    '2026-07-28 ',
    '2025-11-25',
    '2024-11-05',
    '__proto__',
    'constructor',
  ])('%j, in header and "_meta" alike: never served as something else (SEP-2575)', async (revision) => {
    const { url, count } = await counted();
    const text = withMeta({ ...GOOD, [META.version]: revision });
    const answer = await send(url, { body: text, headers: { ...HEADERS, 'mcp-protocol-version': revision } });
    // A header cannot end with a space, so the two differ.
    expect(codeOf(answer)).toEqual([400, revision.endsWith(' ') ? -32020 : -32022]);
    if (!revision.endsWith(' '))
      expect(answer.json.error.data).toMatchObject({ supported: [REVISION], requested: revision });
    expect([answer.json.id, count.calls]).toEqual(['m', 0]);
  });

  test('a revision of any length is not echoed at any length (SEP-2575)', async () => {
    const { url } = await counted();
    const revision = 'x'.repeat(5_000);
    const text = withMeta({ ...GOOD, [META.version]: revision });
    const answer = await send(url, { body: text, headers: { ...HEADERS, 'mcp-protocol-version': revision } });
    expect(codeOf(answer)).toEqual([400, -32022]);
    expect(answer.text.length).toBeLessThan(500);
  });
});

describe('a body that two readers could read in two ways (CVE-2026-27896, GHSA-q382-vc8q-7jhj)', () => {
  const params = `{"name":"echo","arguments":{"text":"x"},"_meta":${JSON.stringify(GOOD)}}`;
  const raw = (members: string): string => `{"jsonrpc":"2.0","id":"m",${members}}`;

  test.each<[string, string, number, number]>([
    ['a method in another case', raw(`"Method":"tools/call","params":${params}`), 400, -32600],
    [
      'two methods, the last another',
      raw(`"method":"tools/call","method":"tools/list","params":${params}`),
      400,
      -32020,
    ],
    ['parameters in another case', raw(`"method":"tools/call","Params":${params}`), 400, -32602],
    [
      'a name in another case',
      raw(`"method":"tools/call","params":${params.replace('"name"', '"Name"')}`),
      400,
      -32020,
    ],
    [
      'two names, the last another',
      raw(`"method":"tools/call","params":${params.replace('"name":"echo"', '"name":"echo","name":"other"')}`),
      400,
      -32020,
    ],
    ['a method with NUL', raw(`"method":"tools/call\\u0000","params":${params}`), 400, -32020],
    [
      'a name with NUL',
      raw(`"method":"tools/call","params":${params.replace('"echo"', '"echo\\u0000"')}`),
      400,
      -32020,
    ],
    [
      'a name with a BOM',
      raw(`"method":"tools/call","params":${params.replace('"echo"', '"\\ufeffecho"')}`),
      400,
      -32020,
    ],
    [
      'a name with a lone surrogate',
      raw(`"method":"tools/call","params":${params.replace('"echo"', '"echo\\ud800"')}`),
      400,
      -32020,
    ],
    [
      'a name that looks the same',
      raw(`"method":"tools/call","params":${params.replace('"echo"', '"ech\\u043e"')}`),
      400,
      -32020,
    ],
  ])('%s is refused, and nothing runs (CVE-2026-27896)', async (_what, text, status, code) => {
    const { url, count } = await counted();
    expect(codeOf(await send(url, { body: text, headers: HEADERS }))).toEqual([status, code]);
    expect(count.calls).toBe(0);
  });

  test('escapes and the order of members are the same text to all readers, and served (CVE-2026-27896)', async () => {
    const { url, count } = await counted();
    const text = `{"params":${params.replace('"echo"', '"\\u0065cho"')},"method":"tools\\/call","id":"m","jsonrpc":"2.0"}`;
    expect(codeOf(await send(url, { body: text, headers: HEADERS }))).toEqual([200, undefined]);
    const twice = raw(`"method":"tools/list","method":"tools/call","params":${params}`);
    expect(codeOf(await send(url, { body: twice, headers: HEADERS }))).toEqual([200, undefined]);
    expect(count.calls).toBe(2);
  });
});

test('answers nested deeper than can be sealed are an error of the client, as such arguments are (R31)', async () => {
  const { url } = await start({ mcp: askingServer() });
  const params = { name: 'greet', arguments: {}, inputResponses: { other: { a: 'DEEP' } } };
  const { body: asked, headers } = request('tools/call', params, { capabilities: ABLE });
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  const answer = await send(url, { body: JSON.stringify(asked).replace('"DEEP"', deep), headers });
  expect(codeOf(answer)[1]).toBe(-32602);
});
