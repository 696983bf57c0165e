import { describe, expect, test } from '@jest/globals';
import { McpServer } from 'mcp-express';
import type { JsonBody } from '../../support/raw-client.js';
import { authenticateByHeader } from '../../support/start-server.js';
import { INFO, PNG, specServer, WAV } from '../server.js';
import { refusalOf, start } from './client.js';

async function media(type: string): Promise<JsonBody> {
  const { client } = await start();
  const { messages } = (await client.ask('prompts/get', { name: 'media' })).json.result;
  return messages.map(({ content }: JsonBody) => content).find((content: JsonBody) => content.type === type);
}

describe('the list of prompts', () => {
  test('a server with prompts declares them, and lists them [prompts.capability, prompts.list-answered]', async () => {
    const { client } = await start();
    expect((await client.ask('server/discover')).json.result.capabilities.prompts).toEqual({ listChanged: true });
    const { prompts } = (await client.ask('prompts/list')).json.result;
    expect(prompts.map(({ name }: JsonBody) => name)).toEqual(['greet', 'media', 'broken']);
  });

  test('one that only says so has an empty list; one that does not has none [prompts.list-answered, prompts.capability, prompts.respect-capabilities]', async () => {
    const announced = await start({ mcp: new McpServer(INFO, { announce: ['prompts'] }) });
    expect((await announced.client.ask('prompts/list')).json.result.prompts).toEqual([]);
    const { client } = await start({ mcp: new McpServer(INFO) });
    expect((await client.ask('server/discover')).json.result.capabilities.prompts).toBeUndefined();
    expect(refusalOf(await client.ask('prompts/list'))).toEqual([404, -32601]);
    expect((await client.ask('prompts/get', { name: 'greet' })).json.error.code).toEqual(expect.any(Number));
  });

  test('no connection and no earlier request changes it, who asks does [prompts.list-stable]', async () => {
    const mcp = specServer();
    mcp.registerPrompt('hidden', { visible: (principal) => principal?.subject === 'root' }, () => 'x');
    const { client } = await start({ mcp, before: [authenticateByHeader], user: 'alice' });
    const { text } = await client.ask('prompts/list');
    await client.ask('prompts/get', { name: 'greet', arguments: { name: 'Ada' } });
    await client.ask('prompts/list', {}, { user: 'root' });
    expect((await client.ask('prompts/list')).text).toBe(text);
    expect(text).not.toContain('hidden');
    expect((await client.ask('prompts/list', {}, { user: 'root' })).text).toContain('hidden');
    expect((await client.ask('prompts/get', { name: 'hidden' })).json.error.code).toBe(-32602);
  });

  test('who listens is told when it changes [prompts.list-changed]', async () => {
    const { client, mcp } = await start();
    const stream = await client.listen({ promptsListChanged: true });
    const prompt = mcp.registerPrompt('new', {}, () => 'x');
    await stream.untilMessages(2);
    prompt.remove();
    expect((await stream.untilMessages(3)).slice(1).map(({ method }) => method)).toEqual([
      'notifications/prompts/list_changed',
      'notifications/prompts/list_changed',
    ]);
  });
});

describe('getting a prompt', () => {
  test('media are base64 with their media type, resources have all they need [prompts.image-content, prompts.audio-content, prompts.embedded-resource]', async () => {
    expect(await media('image')).toEqual({ type: 'image', data: PNG.toString('base64'), mimeType: 'image/png' });
    expect(await media('audio')).toEqual({ type: 'audio', data: WAV.toString('base64'), mimeType: 'audio/wav' });
    const { resource } = await media('resource');
    expect(URL.canParse(resource.uri)).toBe(true);
    expect(resource).toMatchObject({ mimeType: 'text/plain', text: 'embedded' });
  });

  test.each<[string, object]>([
    ['an image that is not base64', { type: 'image', data: '<png>', mimeType: 'image/png' }],
    ['a sound of no media type', { type: 'audio', data: 'aGk=', mimeType: '' }],
    ['a resource without a URI', { type: 'resource', resource: { uri: 'no uri', mimeType: 'text/plain', text: 'x' } }],
    ['text in a list', ['x']],
  ])(
    '%s is not sent [prompts.image-content, prompts.audio-content, prompts.embedded-resource, prompts.validate-content]',
    async (_what, content) => {
      const mcp = specServer();
      mcp.registerPrompt('wrong', {}, () => ({ messages: [{ role: 'user', content }] }) as never);
      const { client } = await start({ mcp });
      expect((await client.ask('prompts/get', { name: 'wrong' })).json).toMatchObject({
        id: 1,
        error: { code: -32603 },
      });
    },
  );

  test('a name that is none is -32602 [prompts.error-name]', async () => {
    const { client } = await start();
    for (const name of ['none', '', 'Greet', '__proto__', 'constructor', undefined, 5]) {
      expect((await client.ask('prompts/get', { name }, { headers: headersFor(name) })).json.error.code).toBe(-32602);
    }
  });

  test('arguments that are missing or wrong are -32602, and the prompt is not made [prompts.error-arguments, prompts.validate-arguments, prompts.validate-content]', async () => {
    const { client } = await start();
    for (const given of [undefined, {}, { tone: 'warm' }, { name: '' }, { name: 5 }, { name: null }, [], 'Ada']) {
      expect((await client.ask('prompts/get', { name: 'greet', arguments: given })).json.error.code).toBe(-32602);
    }
    const { json } = await client.ask('prompts/get', { name: 'greet', arguments: { name: 'Ada' } });
    expect(json.result.messages).toEqual([{ role: 'user', content: { type: 'text', text: 'Greet Ada.' } }]);
  });

  test('a failure is -32603 and tells nothing [prompts.error-internal]', async () => {
    const { client } = await start();
    const { json, text } = await client.ask('prompts/get', { name: 'broken' });
    expect(json.error.code).toBe(-32603);
    expect(text).not.toContain('hunter2');
  });
});

/** A client that names nothing in its body names nothing in its headers. */
function headersFor(name: unknown) {
  return typeof name === 'string' ? {} : { 'mcp-name': undefined };
}
