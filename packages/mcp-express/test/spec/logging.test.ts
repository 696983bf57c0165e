import { describe, expect, test } from '@jest/globals';
import { memoryStore } from 'mcp-express';
import { type JsonBody, send } from '../support/raw-client.js';
import { authenticateByHeader, startServer, USER_HEADER } from '../support/start-server.js';
import { altered } from '../support/stores.js';
import { ask, initializeWith, join, messagesOfCall, open, request } from './client.js';
import { ALL } from './requirement.js';
import { specServer } from './server.js';

const LEVELS = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'];

const logsIn = (messages: readonly JsonBody[]) =>
  messages.filter(({ method }) => method === 'notifications/message').map(({ params }) => params);

describe('log messages', () => {
  test.each(ALL)('%s: a server that sends them declares so [logging.capability]', async (revision) => {
    const { url } = await startServer({ mcp: specServer() });
    const { json } = await send(url, { body: initializeWith(revision) });
    expect(json.result.capabilities.logging).toEqual({});
  });

  test.each(ALL)(
    '%s: data and logger are sent as the handler gave them [logging.context, logging.logger-names]',
    async (revision) => {
      const { session } = await open({ revision });
      for (const data of ['text', 5, null, false, [1], { error: 'x', details: { port: 1 } }]) {
        const messages = await messagesOfCall(session, 'log', { levels: ['error'], data });
        expect(logsIn(messages)).toEqual([{ level: 'error', data: data ?? 'error', logger: 'spec' }]);
      }
    },
  );

  test.each(ALL)('%s: who asks for less gets less, in its own session alone [logging.access]', async (revision) => {
    const { session, url } = await open({ revision });
    const other = await join(url, { revision });
    for (const [index, level] of LEVELS.entries()) {
      expect((await ask(session, 'logging/setLevel', { level })).json.result).toEqual({});
      const logged = logsIn(await messagesOfCall(session, 'log', { levels: LEVELS }));
      expect(logged.map((each) => each.level)).toEqual(LEVELS.slice(index));
    }
    expect(logsIn(await messagesOfCall(other, 'log', { levels: LEVELS })).length).toBeGreaterThan(1);
  });

  test.each(ALL)('%s: they come to the session of their call and to no other [logging.access]', async (revision) => {
    const { session, url, mcp } = await open({ revision });
    const other = await join(url, { revision });
    const streams = [await session.listen(), await other.listen()];
    expect(logsIn(await messagesOfCall(session, 'log', { levels: ['error'] }))).toHaveLength(1);
    mcp.registerTool('new', {}, () => 'x');
    for (const stream of streams) expect(logsIn(await stream.untilMessages(1))).toEqual([]);
  });
});

describe('logging/setLevel', () => {
  test.each(ALL)('%s: a level that is none is -32602 [logging.error-level]', async (revision) => {
    const { session } = await open({ revision });
    for (const params of [undefined, {}, { level: 'loud' }, { level: 'INFO' }, { level: 3 }, { level: null }]) {
      expect((await ask(session, 'logging/setLevel', params)).json.error.code).toBe(-32602);
    }
  });

  test.each(ALL)(
    '%s: a level that could not be stored is an error that says so, and no more [logging.error-configuration]',
    async (revision) => {
      const setLogLevel = () => Promise.reject(new Error('The password of the database is hunter2.'));
      const store = altered(memoryStore(), { sessions: { setLogLevel } });
      const { session } = await open({ revision, options: { store } });
      const { json, text } = await ask(session, 'logging/setLevel', { level: 'info' });
      expect(json.error).toMatchObject({ code: -32000, data: { reason: 'store-unavailable' } });
      expect(text).not.toContain('hunter2');
    },
  );
});

describe('what the package itself does', () => {
  test.each(ALL)(
    '%s: it logs nothing to clients, whatever fails and whoever calls [logging.no-credentials, logging.no-personal-data, logging.no-internals]',
    async (revision) => {
      const headers = { [USER_HEADER]: 'ada@example.com', authorization: 'Bearer the-token' };
      const { session, mcp } = await open({ revision, before: [authenticateByHeader], headers });
      await ask(session, 'logging/setLevel', { level: 'debug' });
      const own = await session.listen();
      const bodies = [
        request('resources/read', { uri: 'spec://broken' }),
        request('prompts/get', { name: 'broken' }),
        request('tools/call', { name: 'fail' }),
        request('tools/call', { name: 'echo', arguments: { text: 'x' } }),
        request('no/such'),
      ];
      let text = '';
      for (const body of bodies) {
        const stream = await session.stream(body, { accept: 'text/event-stream' });
        await stream.untilClosed();
        expect(logsIn(stream.messages)).toEqual([]);
        text += stream.text;
      }
      mcp.registerTool('new', {}, () => 'x');
      expect(logsIn(await own.untilMessages(1))).toEqual([]);
      expect(text + own.text).not.toMatch(/the-token|ada@example|hunter2|\.ts:\d+/);
    },
  );
});
