import { describe, expect, test } from '@jest/globals';
import { McpServer } from 'mcp-express';
import { type JsonBody, send } from '../support/raw-client.js';
import { startServer } from '../support/start-server.js';
import { ask, initializeWith, open } from './client.js';
import { ALL } from './requirement.js';
import { INFO, PNG, specServer, WAV } from './server.js';

async function media(revision: string, type: string): Promise<JsonBody> {
  const { session } = await open({ revision });
  const { messages } = (await ask(session, 'prompts/get', { name: 'media' })).json.result;
  return messages.map(({ content }: JsonBody) => content).find((content: JsonBody) => content.type === type);
}

describe('the list of prompts', () => {
  test.each(ALL)('%s: a server with prompts declares them [prompts.capability]', async (revision) => {
    const { url } = await startServer({ mcp: specServer() });
    const { json } = await send(url, { body: initializeWith(revision) });
    expect(json.result.capabilities.prompts).toEqual({ listChanged: true });
  });

  test.each(ALL)(
    '%s: a server without them does not, and has none to list or get [prompts.capability, prompts.respect-capabilities]',
    async (revision) => {
      const { session, url } = await open({ revision, mcp: new McpServer(INFO) });
      const { json } = await send(url, { body: initializeWith(revision) });
      expect(json.result.capabilities.prompts).toBeUndefined();
      const listed = (await ask(session, 'prompts/list')).json;
      expect(listed.error?.code ?? listed.result.prompts).toEqual(listed.error === undefined ? [] : -32601);
      expect((await ask(session, 'prompts/get', { name: 'greet' })).json.error.code).toEqual(expect.any(Number));
    },
  );

  test.each(ALL)('%s: clients are told when it changes [prompts.list-changed]', async (revision) => {
    const { session, mcp } = await open({ revision });
    const stream = await session.listen();
    const prompt = mcp.registerPrompt('new', {}, () => 'x');
    await stream.untilMessages(1);
    prompt.remove();
    await stream.untilMessages(2);
    const changed = { jsonrpc: '2.0', method: 'notifications/prompts/list_changed' };
    expect(stream.messages).toEqual([changed, changed]);
  });
});

describe('getting a prompt', () => {
  test.each(ALL)('%s: an image is base64 with its media type [prompts.image-content]', async (revision) => {
    expect(await media(revision, 'image')).toEqual({
      type: 'image',
      data: PNG.toString('base64'),
      mimeType: 'image/png',
    });
  });

  test.each(ALL)('%s: so is a sound [prompts.audio-content]', async (revision) => {
    expect(await media(revision, 'audio')).toEqual({
      type: 'audio',
      data: WAV.toString('base64'),
      mimeType: 'audio/wav',
    });
  });

  test.each(ALL)('%s: a resource has all it needs [prompts.embedded-resource]', async (revision) => {
    const { resource } = await media(revision, 'resource');
    expect(URL.canParse(resource.uri)).toBe(true);
    expect(resource).toMatchObject({ mimeType: 'text/plain', text: 'embedded' });
  });

  test.each(ALL)('%s: a name that is none is -32602 [prompts.error-name]', async (revision) => {
    const { session } = await open({ revision });
    for (const name of ['none', '', 'Greet', '__proto__', 'constructor', undefined, 5]) {
      expect((await ask(session, 'prompts/get', { name })).json.error.code).toBe(-32602);
    }
  });

  test.each(ALL)(
    '%s: arguments that are missing or wrong are -32602, and the prompt is not made [prompts.error-arguments, prompts.validate-arguments, prompts.validate-content]',
    async (revision) => {
      const { session } = await open({ revision });
      for (const given of [undefined, {}, { tone: 'warm' }, { name: '' }, { name: 5 }, { name: null }, [], 'Ada']) {
        const { json } = await ask(session, 'prompts/get', { name: 'greet', arguments: given });
        expect(json.error.code).toBe(-32602);
      }
      const { json } = await ask(session, 'prompts/get', { name: 'greet', arguments: { name: 'Ada' } });
      expect(json.result.messages).toEqual([{ role: 'user', content: { type: 'text', text: 'Greet Ada.' } }]);
    },
  );

  test.each(ALL)('%s: a failure is -32603 and tells nothing [prompts.error-internal]', async (revision) => {
    const { session } = await open({ revision });
    const { json, text } = await ask(session, 'prompts/get', { name: 'broken' });
    expect(json.error.code).toBe(-32603);
    expect(text).not.toContain('hunter2');
  });

  test.each(ALL)('%s: what is no prompt is not sent as one [prompts.validate-content]', async (revision) => {
    const mcp = specServer();
    const wrong = [undefined, 5, {}, { messages: 'x' }, ['x']];
    for (const [index, value] of wrong.entries()) mcp.registerPrompt(`wrong-${index}`, {}, () => value as never);
    const { session } = await open({ revision, mcp });
    for (const index of wrong.keys()) {
      const { json } = await ask(session, 'prompts/get', { name: `wrong-${index}` });
      expect(json).toMatchObject({ id: 1, error: { code: -32603 } });
    }
  });

  test.each<[string, unknown]>([
    ['of no role', { content: { type: 'text', text: 'x' } }],
    ['of a role that there is not', { role: 'system', content: { type: 'text', text: 'x' } }],
    ['whose content is bare text', { role: 'user', content: 'x' }],
    ['whose content is of no type', { role: 'user', content: { text: 'x' } }],
    ['that is none', 'x'],
  ])('a message %s is not sent [prompts.validate-content]', async (_what, message) => {
    const mcp = specServer();
    mcp.registerPrompt('wrong', {}, () => ({ messages: [message] }) as never);
    const { session } = await open({ mcp });
    const { json } = await ask(session, 'prompts/get', { name: 'wrong' });
    expect(json).toMatchObject({ id: 1, error: { code: -32603 } });
  });

  test.each<[string, object]>([
    ['an image that is not base64', { type: 'image', data: '<png>', mimeType: 'image/png' }],
    ['an image of no media type', { type: 'image', data: 'aGk=', mimeType: '' }],
    ['a sound that is not base64', { type: 'audio', data: 'RIFF…', mimeType: 'audio/wav' }],
    ['a resource without a URI', resourceWith({ uri: 'no uri' })],
    ['a resource without a media type', resourceWith({ mimeType: undefined })],
    ['a resource without content', resourceWith({ text: undefined })],
  ])(
    '%s is not sent [prompts.image-content, prompts.audio-content, prompts.embedded-resource]',
    async (_what, content) => {
      const mcp = specServer();
      mcp.registerPrompt('wrong', {}, () => ({ messages: [{ role: 'user', content }] }) as never);
      const { session } = await open({ mcp });
      const { json } = await ask(session, 'prompts/get', { name: 'wrong' });
      expect(json).toMatchObject({ id: 1, error: { code: -32603 } });
    },
  );
});

function resourceWith(changed: object): object {
  return { type: 'resource', resource: { uri: 'spec://x', mimeType: 'text/plain', text: 'x', ...changed } };
}
