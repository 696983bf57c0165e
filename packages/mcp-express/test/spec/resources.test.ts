import { describe, expect, test } from '@jest/globals';
import { ConfigurationError, McpError, McpServer } from 'mcp-express';
import { type JsonBody, send } from '../support/raw-client.js';
import { authenticateByHeader, startServer, USER_HEADER } from '../support/start-server.js';
import { ask, initializeWith, open } from './client.js';
import { ALL, SINCE_2025_06_18 } from './requirement.js';
import { INFO, PNG, specServer } from './server.js';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** RFC 3986, appendix A, as far as characters go: a scheme, and then nothing but what a URI may hold. */
const URI = /^[a-z][a-z0-9+.-]*:(?:[\w.~:/?#[\]@!$&'()*+,;=-]|%[0-9a-f]{2})*$/i;

describe('the list of resources', () => {
  test.each(ALL)('%s: a server with resources declares them [resources.capability]', async (revision) => {
    const { url } = await startServer({ mcp: specServer() });
    const { json } = await send(url, { body: initializeWith(revision) });
    expect(json.result.capabilities.resources).toEqual({ subscribe: true, listChanged: true });
  });

  test.each(ALL)('%s: a server without them does not [resources.capability]', async (revision) => {
    const { url } = await startServer({ mcp: new McpServer(INFO) });
    const { json } = await send(url, { body: initializeWith(revision) });
    expect(json.result.capabilities.resources).toBeUndefined();
  });

  test.each(ALL)('%s: clients are told when it changes [resources.list-changed]', async (revision) => {
    const { session, mcp } = await open({ revision });
    const stream = await session.listen();
    const resource = mcp.registerResource('new', 'spec://new', {}, () => 'x');
    await stream.untilMessages(1);
    resource.remove();
    await stream.untilMessages(2);
    const changed = { jsonrpc: '2.0', method: 'notifications/resources/list_changed' };
    expect(stream.messages).toEqual([changed, changed]);
  });

  test.each(SINCE_2025_06_18)('%s: what it holds are URIs [resources.uri-rfc3986]', async (revision) => {
    const mcp = specServer();
    for (const uri of ['my-app+x.1://host/a%20b?c=d#e', 'urn:isbn:0451450523', 'file:///a/b', 'mailto:a@b.example']) {
      mcp.registerResource(uri, uri, {}, () => 'x');
    }
    const { session } = await open({ revision, mcp });
    const { resources } = (await ask(session, 'resources/list')).json.result;
    expect(resources.length).toBeGreaterThanOrEqual(7);
    for (const { uri } of resources as JsonBody[]) expect(uri).toMatch(URI);
  });

  test.each(['no uri', '', '/path', '1spec://x', 'my scheme://x', 'spec_x://y', 'spec://host/100%', ' spec://host/x'])(
    '%p is no URI, and no resource is registered under it [resources.uri-rfc3986]',
    (uri) => {
      expect(() => specServer().registerResource('wrong', uri, {}, () => 'x')).toThrow(ConfigurationError);
    },
  );

  test.each([
    ['spec://host/a b', 'spec://host/a%20b'],
    ['spec://host/é', 'spec://host/%C3%A9'],
    ['spec://host/<x>', 'spec://host/%3Cx%3E'],
  ])('%p is listed as the URI %p [resources.uri-rfc3986]', (given, uri) => {
    const mcp = specServer();
    mcp.registerResource('encoded', given, {}, () => 'x');
    expect(mcp.catalog.resourceAt(uri)?.key).toBe(uri);
  });
});

describe('reading', () => {
  test.each(ALL)('%s: bytes come as base64 [resources.binary-encoded]', async (revision) => {
    const mcp = specServer();
    const all = Uint8Array.from({ length: 256 }, (_each, byte) => byte);
    mcp.registerResource('all', 'spec://all', {}, () => all.subarray(1));
    const { session } = await open({ revision, mcp });
    for (const [uri, bytes] of [
      ['spec://bytes', PNG],
      ['spec://all', Buffer.from(all.subarray(1))],
    ] as const) {
      const { contents } = (await ask(session, 'resources/read', { uri })).json.result;
      expect(contents[0]).toMatchObject({ uri, blob: expect.stringMatching(BASE64) });
      expect(Buffer.from(contents[0].blob, 'base64')).toEqual(bytes);
      expect(contents[0].text).toBeUndefined();
    }
  });

  test.each(ALL)('%s: a blob that is not base64 is not sent [resources.binary-encoded]', async (revision) => {
    const mcp = specServer();
    mcp.registerResource('raw', 'spec://raw', {}, (uri) => ({ contents: [{ uri: uri.href, blob: '\u0089PNG…' }] }));
    const { session } = await open({ revision, mcp });
    expect((await ask(session, 'resources/read', { uri: 'spec://raw' })).json.error?.code).toBe(-32603);
  });

  test.each(ALL)(
    '%s: what is not there is -32002 and names it [resources.error-not-found, resources.validate-uris]',
    async (revision) => {
      const { session } = await open({ revision });
      for (const uri of ['spec://none', 'spec://texts', 'spec://notes/1/2', 'file:///etc/passwd', 'no uri', '']) {
        const { json } = await ask(session, 'resources/read', { uri });
        expect(json.error).toMatchObject({ code: -32002, data: { uri } });
      }
    },
  );

  test.each(ALL)('%s: a URI that is no string is refused [resources.validate-uris]', async (revision) => {
    const { session } = await open({ revision });
    for (const method of ['resources/read', 'resources/subscribe', 'resources/unsubscribe']) {
      for (const params of [undefined, {}, { uri: 5 }, { uri: null }, { uri: ['spec://text'] }]) {
        expect((await ask(session, method, params)).json.error.code).toBe(-32602);
      }
    }
  });

  test.each(ALL)('%s: what is no URI cannot be subscribed to [resources.validate-uris]', async (revision) => {
    const { session } = await open({ revision });
    for (const uri of ['no uri', '', '/path', 'spec://a%2']) {
      const { json } = await ask(session, 'resources/subscribe', { uri });
      expect(json.error?.code).toEqual(expect.any(Number));
    }
  });

  test.each(ALL)('%s: a failure is -32603 and tells nothing [resources.error-internal]', async (revision) => {
    const { session } = await open({ revision });
    const { json, text } = await ask(session, 'resources/read', { uri: 'spec://broken' });
    expect(json.error.code).toBe(-32603);
    expect(text).not.toContain('hunter2');
  });

  test.each(ALL)(
    '%s: a resource can be for some alone, and is not read before that is known [resources.access-control, resources.permissions]',
    async (revision) => {
      const mcp = specServer();
      mcp.registerResource('secret', 'spec://secret', {}, (_uri, ctx) => {
        if (ctx.principal?.subject !== 'root') throw new McpError('insufficient-scope', 'Not you');
        return 'secret';
      });
      const before = [authenticateByHeader];
      const read = async (user: string) => {
        const { session } = await open({ revision, mcp, before, headers: { [USER_HEADER]: user } });
        return (await ask(session, 'resources/read', { uri: 'spec://secret' })).json;
      };
      expect((await read('alice')).error.message).toBe('Not you');
      expect((await read('root')).result.contents[0].text).toBe('secret');
    },
  );
});
