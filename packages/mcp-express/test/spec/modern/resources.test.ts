import { describe, expect, test } from '@jest/globals';
import { ConfigurationError, McpError, McpServer, ResourceTemplate } from 'mcp-express';
import type { JsonBody } from '../../support/raw-client.js';
import { authenticateByHeader } from '../../support/start-server.js';
import { INFO, PNG, specServer } from '../server.js';
import { refusalOf, start } from './client.js';

/** RFC 3986, appendix A, as far as characters go: a scheme, and then nothing but what a URI may hold. */
const URI = /^[a-z][a-z0-9+.-]*:(?:[\w.~:/?#[\]@!$&'()*+,;=-]|%[0-9a-f]{2})*$/i;

describe('the list of resources', () => {
  test('a server with resources declares them, and lists them [resources.capability, resources.list-answered]', async () => {
    const { client } = await start();
    const { capabilities } = (await client.ask('server/discover')).json.result;
    expect(capabilities.resources).toEqual({ subscribe: true, listChanged: true });
    const { resources } = (await client.ask('resources/list')).json.result;
    expect(resources.map(({ uri }: JsonBody) => uri)).toEqual(['spec://text', 'spec://bytes', 'spec://broken']);
  });

  test('one that only says so has an empty list; one that does not has none [resources.capability, resources.list-answered]', async () => {
    const announced = await start({ mcp: new McpServer(INFO, { announce: ['resources'] }) });
    expect((await announced.client.ask('resources/list')).json.result.resources).toEqual([]);
    const { client } = await start({ mcp: new McpServer(INFO) });
    expect((await client.ask('server/discover')).json.result.capabilities.resources).toBeUndefined();
    expect(refusalOf(await client.ask('resources/list'))).toEqual([404, -32601]);
  });

  test('no connection and no earlier request changes it, who asks does [resources.list-stable, resources.access-control]', async () => {
    const mcp = specServer();
    const visible = (principal?: { subject: string }) => principal?.subject === 'root';
    mcp.registerResource('hidden', 'spec://hidden', { visible }, () => 'x');
    const { client } = await start({ mcp, before: [authenticateByHeader], user: 'alice' });
    const { text } = await client.ask('resources/list');
    await client.ask('resources/read', { uri: 'spec://text' });
    await client.ask('resources/list', {}, { user: 'root' });
    expect((await client.ask('resources/list')).text).toBe(text);
    expect(text).not.toContain('hidden');
    expect((await client.ask('resources/list', {}, { user: 'root' })).text).toContain('hidden');
  });

  test('who listens is told when it changes [resources.list-changed]', async () => {
    const { client, mcp } = await start();
    const stream = await client.listen({ resourcesListChanged: true });
    const resource = mcp.registerResource('new', 'spec://new', {}, () => 'x');
    await stream.untilMessages(2);
    resource.remove();
    expect((await stream.untilMessages(3)).slice(1).map(({ method }) => method)).toEqual([
      'notifications/resources/list_changed',
      'notifications/resources/list_changed',
    ]);
  });

  test('what it holds are URIs, and nothing else can be registered [resources.uri-rfc3986]', async () => {
    const mcp = specServer();
    for (const uri of ['my-app+x.1://host/a%20b?c=d#e', 'urn:isbn:0451450523', 'file:///a/b']) {
      mcp.registerResource(uri, uri, {}, () => 'x');
    }
    const { client } = await start({ mcp });
    for (const { uri } of (await client.ask('resources/list')).json.result.resources) expect(uri).toMatch(URI);
    for (const uri of ['no uri', '', '/path', '1spec://x', 'spec://host/100%']) {
      expect(() => specServer().registerResource('wrong', uri, {}, () => 'x')).toThrow(ConfigurationError);
    }
  });
});

describe('reading', () => {
  test('bytes come as base64 [resources.binary-encoded]', async () => {
    const mcp = specServer();
    const all = Uint8Array.from({ length: 256 }, (_each, byte) => byte);
    mcp.registerResource('all', 'spec://all', {}, () => all);
    mcp.registerResource('raw', 'spec://raw', {}, (uri) => ({ contents: [{ uri: uri.href, blob: '\u0089PNG…' }] }));
    const { client } = await start({ mcp });
    for (const [uri, bytes] of [
      ['spec://bytes', PNG],
      ['spec://all', Buffer.from(all)],
    ] as const) {
      const { contents } = (await client.ask('resources/read', { uri })).json.result;
      expect(contents[0]).toMatchObject({ uri, blob: bytes.toString('base64') });
    }
    expect((await client.ask('resources/read', { uri: 'spec://raw' })).json.error?.code).toBe(-32603);
  });

  test('what is not there is -32602, and not empty [resources.not-found, resources.not-empty, resources.validate-uris]', async () => {
    const { client } = await start();
    for (const uri of [
      'spec://none',
      'spec://texts',
      'spec://notes/1/2',
      'file:///etc/passwd',
      'no uri',
      '',
      '__proto__',
    ]) {
      const { json } = await client.ask('resources/read', { uri });
      expect(json).toMatchObject({ id: 1, error: { code: -32602 } });
      expect(json.result).toBeUndefined();
    }
  });

  test('a template under which there is nothing can say so [resources.not-found, resources.not-empty]', async () => {
    const mcp = specServer();
    mcp.registerResource('users', new ResourceTemplate('spec://users/{id}'), {}, (uri) => {
      throw new McpError('resource-not-found', 'Resource not found', { data: { uri: uri.href } });
    });
    const { client } = await start({ mcp });
    expect((await client.ask('resources/read', { uri: 'spec://users/5' })).json.error.code).toBe(-32602);
  });

  test('a URI that is no string is refused [resources.validate-uris]', async () => {
    const { client } = await start();
    for (const params of [{}, { uri: 5 }, { uri: null }, { uri: ['spec://text'] }]) {
      expect((await client.ask('resources/read', params)).json.error.code).toBe(-32602);
    }
  });

  test('what is no URI, or of no resource, cannot be listened to [resources.validate-uris]', async () => {
    const { client } = await start();
    const stream = await client.listen({ resourceSubscriptions: ['no uri', '', '/path', 'spec://none'] });
    expect(stream.messages[0]?.params.notifications).toEqual({});
  });

  test('a failure is -32603 and tells nothing [resources.error-internal]', async () => {
    const { client } = await start();
    const { json, text } = await client.ask('resources/read', { uri: 'spec://broken' });
    expect(json.error.code).toBe(-32603);
    expect(text).not.toContain('hunter2');
  });

  test('a resource can be for some alone, and is not read before that is known [resources.access-control, resources.permissions]', async () => {
    const mcp = specServer();
    let reads = 0;
    const visible = (principal?: { subject: string }) => principal?.subject === 'root';
    mcp.registerResource('hidden', 'spec://hidden', { visible }, () => {
      reads += 1;
      return 'secret';
    });
    const { client } = await start({ mcp, before: [authenticateByHeader] });
    const read = async (user: string) => (await client.ask('resources/read', { uri: 'spec://hidden' }, { user })).json;
    expect((await read('alice')).error.code).toBe(-32602);
    expect(reads).toBe(0);
    expect((await read('root')).result.contents[0].text).toBe('secret');
  });

  test.each(['../../etc/passwd', 'a/../../etc/passwd', '%2e%2e/%2e%2e/etc/passwd', '..%2f..%2fetc%2fpasswd', './../x'])(
    'the path %j does not lead a file: template out of its folder [resources.file-paths]',
    async (path) => {
      const mcp = specServer();
      const seen: string[] = [];
      mcp.registerResource('files', new ResourceTemplate('file:///srv/files/{+path}'), {}, (uri, variables) => {
        seen.push(uri.href, decodeURIComponent(String(variables['path'])));
        return 'x';
      });
      const { client } = await start({ mcp });
      await client.ask('resources/read', { uri: `file:///srv/files/${path}` });
      for (const each of seen) expect(each.split('/')).not.toContain('..');
      for (const uri of seen.filter((each) => each.startsWith('file:')))
        expect(uri).toMatch(/^file:\/\/\/srv\/files\//);
    },
  );
});
