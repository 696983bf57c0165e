import { describe, expect, test } from '@jest/globals';
import {
  ConfigurationError,
  type HandlerContext,
  McpServer,
  mcpRouter,
  ResourceTemplate,
  type RouterOptions,
} from 'mcp-express';
import { start, WITH_TASKS } from '../spec/modern/client.js';
import { startServer } from '../support/start-server.js';
import { deferred, eventually } from '../support/wait.js';
import { openWire } from './wire-session.js';

const SECRET = 's3cr3t';
const CREDENTIALS = {
  authorization: `Bearer ${SECRET}`,
  'proxy-authorization': SECRET,
  cookie: `sid=${SECRET}`,
  dpop: SECRET,
  'x-api-key': SECRET,
  'api-key': SECRET,
  'x-auth-token': SECRET,
  'x-amz-security-token': SECRET,
  'x-amzn-oidc-data': SECRET,
  'x-forwarded-access-token': SECRET,
  'cf-access-jwt-assertion': SECRET,
  'ocp-apim-subscription-key': SECRET,
};
const OTHERS = { 'x-trace': 't-1', 'user-agent': 'test', 'x-auth-request-email': 'a@b.example' };
const HEADERS = { ...CREDENTIALS, ...OTHERS };

const seen = ({ request }: HandlerContext): string => JSON.stringify(request.headers);

function headerServer(): McpServer {
  const mcp = new McpServer({ name: 'headers', version: '1' });
  mcp.registerTool('see', {}, seen);
  mcp.registerPrompt('see', {}, (ctx) => seen(ctx));
  mcp.registerResource('see', 'see://1', {}, (_uri, ctx) => seen(ctx));
  mcp.registerResource(
    'all',
    new ResourceTemplate('see://of/{id}', {
      list: (ctx) => ({ resources: [{ uri: 'see://of/1', name: seen(ctx) }] }),
      complete: { id: (_value, _context, ctx) => [seen(ctx)] },
    }),
    {},
    (_uri, _variables, ctx) => seen(ctx),
  );
  return mcp;
}

async function serving(options: RouterOptions = {}) {
  const { url } = await startServer({ mcp: headerServer(), options });
  return openWire(url);
}

describe('the headers a handler is given', () => {
  test('have no credentials, and all else, for whatever handler', async () => {
    const session = await serving();
    const ref = { type: 'ref/resource', uri: 'see://of/{id}' };
    const answers = await Promise.all([
      session.ask('tools/call', { name: 'see', arguments: {} }, HEADERS),
      session.ask('prompts/get', { name: 'see' }, HEADERS),
      session.ask('resources/read', { uri: 'see://1' }, HEADERS),
      session.ask('resources/read', { uri: 'see://of/2' }, HEADERS),
      session.ask('resources/list', {}, HEADERS),
      session.ask('completion/complete', { ref, argument: { name: 'id', value: '' } }, HEADERS),
    ]);
    for (const answer of answers) {
      const text = JSON.stringify(answer.result);
      expect(text).not.toContain(SECRET);
      for (const name of Object.keys(OTHERS)) expect(text).toContain(name);
    }
  });

  test('have those that the option names', async () => {
    const session = await serving({ credentialHeaders: ['X-Api-Key'] });
    const { content } = await session.tool('see', {}, HEADERS);
    const headers = JSON.parse(content[0].text);
    expect(headers['x-api-key']).toBe(SECRET);
    expect(headers).not.toHaveProperty('authorization');
  });

  test('are none of a task either, for as long as it runs', async () => {
    const mcp = new McpServer({ name: 'tasks', version: '1' });
    const [go, result] = [deferred<void>(), deferred<string>()];
    mcp.registerTool('later', { task: {} }, async (ctx) => {
      await go.promise;
      result.resolve(seen(ctx));
      return 'done';
    });
    const { client } = await start({ mcp, capabilities: WITH_TASKS });
    const { json } = await client.call('later', {}, { headers: HEADERS });
    go.resolve();
    expect(await result.promise).not.toContain(SECRET);
    expect(await result.promise).toContain('x-trace');
    await eventually('the task is over', async () => {
      const task = await client.ask('tasks/get', { taskId: json.result.taskId });
      return task.json.result.status === 'completed';
    });
  });

  test('are named by an option that takes names only', () => {
    const mcp = headerServer();
    for (const credentialHeaders of ['cookie', ['a b'], [1]]) {
      expect(() => mcpRouter(mcp, { credentialHeaders } as RouterOptions)).toThrow(ConfigurationError);
    }
  });
});
