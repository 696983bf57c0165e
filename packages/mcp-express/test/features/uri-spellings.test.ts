import { describe, expect, test } from '@jest/globals';
import { UriTemplate as OfficialTemplate } from '@modelcontextprotocol/sdk/shared/uriTemplate.js';
import fc from 'fast-check';
import { McpServer, ResourceTemplate } from 'mcp-express';
import { startServer } from '../support/start-server.js';
import { openWire, type WireSession } from './wire-session.js';

async function sessionWith(register: (mcp: McpServer) => void): Promise<WireSession> {
  const mcp = new McpServer({ name: 't', version: '1' });
  register(mcp);
  const { url } = await startServer({ mcp });
  return openWire(url);
}

async function readIn(session: WireSession, uri: string): Promise<{ uri: string; text: string } | number> {
  const { result, error } = await session.ask('resources/read', { uri });
  return result === undefined ? error.code : result.contents[0];
}

const templated = (template: string): Promise<WireSession> =>
  sessionWith((mcp) => {
    mcp.registerResource('t', new ResourceTemplate(template), {}, (_uri, variables) => JSON.stringify(variables));
  });

describe('a value of {var} may be written as clients write it', () => {
  test.each([
    ["x://a/it's", "it's"],
    ['x://a/f(x)!', 'f(x)!'],
    ['x://a/ada@example.com', 'ada@example.com'],
    ['x://a/12:30+1;v=2&w', '12:30+1;v=2&w'],
    ['x://a/a b', 'a b'],
    ['x://a/Zo\u00eb', 'Zo\u00eb'],
    ['x://a/Zo%c3%ab', 'Zo\u00eb'],
    ['x://a/%7e%41', '~A'],
    ['x://a/[1]', '[1]'],
  ])('%s', async (uri, value) => {
    const read = await readIn(await templated('x://a/{v}'), uri);
    expect(read).toMatchObject({ text: JSON.stringify({ v: value }) });
  });

  test("every expansion of the official SDK's template is read back", async () => {
    const session = await templated('x://a/{v}/end');
    const official = new OfficialTemplate('x://a/{v}/end');
    const value = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => !/^\.+$/.test(text));
    await fc.assert(
      fc.asyncProperty(value, async (v) => {
        expect(await readIn(session, official.expand({ v }))).toMatchObject({ text: JSON.stringify({ v }) });
      }),
      { numRuns: 60 },
    );
  });
});

describe('literals of a template are found in either spelling', () => {
  test.each([
    ['x://caf\u00e9/{v}', 'x://caf\u00e9/1'],
    ['x://caf\u00e9/{v}', 'x://caf%C3%A9/1'],
    ['x://caf%c3%a9/{v}', 'x://caf\u00e9/1'],
    ['x://a/my files/{v}', 'x://a/my%20files/1'],
    ['x://a/my files/{v}', 'x://a/my files/1'],
    ['x://a/my%20files/{v}', 'x://a/my files/1'],
    ['x://a/%7Eme/{v}', 'x://a/~me/1'],
  ])('%s reads %s', async (template, uri) => {
    expect(await readIn(await templated(template), uri)).toMatchObject({ text: '{"v":"1"}' });
  });
});

describe('scheme and host are alike in either case, paths and values are not', () => {
  test.each([
    ['Orders://Shop.example/{v}', 'orders://shop.EXAMPLE/Ab', { v: 'Ab' }],
    ['orders://{v}.Shop.example/x', 'ORDERS://Ada.shop.example/x', { v: 'Ada' }],
    ['orders://{v}/x', 'orders://Ada/x', { v: 'Ada' }],
  ])('%s reads %s', async (template, uri, variables) => {
    expect(await readIn(await templated(template), uri)).toMatchObject({ text: JSON.stringify(variables) });
  });

  test('a path in another case is another resource', async () => {
    expect(await readIn(await templated('x://a/Files/{v}'), 'x://a/files/1')).toBe(-32002);
  });
});

test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty', 'valueOf'])(
  'a variable may be called %s, in every kind of expression',
  async (name) => {
    const value = JSON.parse(`{"${name}":"1"}`);
    const list = JSON.parse(`{"${name}":["1","2"]}`);
    const texts = async (template: string, uri: string): Promise<unknown> => {
      const read = await readIn(await templated(template), uri);
      return typeof read === 'number' ? read : JSON.parse(read.text);
    };
    expect(await texts(`x://a/{${name}}`, 'x://a/1')).toEqual(value);
    expect(await texts(`x://a{?${name}}`, `x://a?${name}=1`)).toEqual(value);
    expect(await texts(`x://a{?${name}*}`, `x://a?${name}=1&${name}=2`)).toEqual(list);
    expect(await texts(`x://a{;${name}}`, `x://a;${name}=1`)).toEqual(value);
  },
);

describe('a fixed resource is found in every spelling of its URI (RFC 3986, section 6.2)', () => {
  test.each([
    ['https://example.com/', ['https://EXAMPLE.com', 'HTTPS://example.com/', 'https://example.com']],
    ['https://example.com', ['https://example.com:443', 'https://Example.com:443/', 'https://example.com:/']],
    ['http://example.com:80/x?y', ['http://example.com/x?y', 'HTTP://example.com:80/x?y']],
    ['config://app', ['CONFIG://App', 'config://app/']],
    ['file:///my%20files/caf%C3%A9.txt', ['file:///my files/caf\u00e9.txt', 'file:///my%20files/caf%c3%a9.txt']],
    ['file:///~me', ['file:///%7Eme', 'file:///%7eme']],
  ])('%s', async (registered, spellings) => {
    const session = await sessionWith((mcp) => mcp.registerResource('r', registered, {}, () => 'found'));
    for (const uri of [registered, ...spellings]) {
      expect(await readIn(session, uri)).toMatchObject({ text: 'found' });
    }
  });

  test('of two that differ in spelling only, each is found by its own', async () => {
    const session = await sessionWith((mcp) => {
      mcp.registerResource('a', 'config://app', {}, () => 'a');
      mcp.registerResource('b', 'config://app/', {}, () => 'b');
    });
    expect(await readIn(session, 'config://app')).toMatchObject({ text: 'a' });
    expect(await readIn(session, 'config://app/')).toMatchObject({ text: 'b' });
  });

  test('the contents name a URI that is one', async () => {
    const session = await templated('file:///{+path}');
    expect(await readIn(session, 'file:///my files/caf\u00e9')).toMatchObject({ uri: 'file:///my%20files/caf%C3%A9' });
    expect(await readIn(session, "file:///it's%2e")).toMatchObject({ uri: "file:///it's%2e" });
  });
});

describe('a resource registered with characters that a URI cannot hold', () => {
  test.each([
    ['file:///my notes/caf\u00e9.txt', 'file:///my%20notes/caf%C3%A9.txt'],
    ['x://a/"quoted"|b', 'x://a/%22quoted%22%7Cb'],
  ])('%s is listed encoded, and read in either spelling', async (uri, encoded) => {
    const session = await sessionWith((mcp) => {
      mcp.registerResource('a', uri, {}, () => 'text');
      expect(() => mcp.registerResource('b', encoded, {}, () => 'text')).toThrow('is registered already');
    });
    expect((await session.ask('resources/list')).result.resources).toEqual([{ uri: encoded, name: 'a' }]);
    expect(await readIn(session, encoded)).toEqual({ uri: encoded, text: 'text' });
    expect(await readIn(session, uri)).toMatchObject({ text: 'text' });
  });

  test('is listed encoded by a template too', async () => {
    const list = () => ({ resources: [{ uri: 'x://a/my file', name: 'f' }] });
    const session = await sessionWith((mcp) => {
      mcp.registerResource('t', new ResourceTemplate('x://a/{v}', { list }), {}, (_uri, { v }) => String(v));
    });
    expect((await session.ask('resources/list')).result.resources).toEqual([{ uri: 'x://a/my%20file', name: 'f' }]);
  });

  test.each(['my file.txt', 'x://a/100%', '://x', ''])('%j is no URI even so', async (uri) => {
    const mcp = new McpServer({ name: 't', version: '1' });
    expect(() => mcp.registerResource('a', uri, {}, () => 'text')).toThrow(/"a" has an invalid URI/);
  });
});
