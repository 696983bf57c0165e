import { describe, expect, test } from '@jest/globals';
import { ping } from '../support/session.js';
import { ABLE, dialogue, IMPATIENT, messagesOfCall, open, untilAsked } from './client.js';
import { ALL } from './requirement.js';
import { specServer } from './server.js';

const ROOTS = [{ uri: 'file:///home/ada/project', name: 'Project' }, { uri: 'file:///tmp' }];

describe('roots', () => {
  test.each(ALL)('%s: who declares none is not asked for them [roots.check-capability]', async (revision) => {
    const { session } = await open({ revision, options: IMPATIENT, capabilities: { sampling: {} } });
    expect(await messagesOfCall(session, 'roots', {})).toMatchObject([{ id: 1, result: { isError: true } }]);
  });

  test.each(ALL)('%s: who declares them is asked, each time anew [roots.check-capability]', async (revision) => {
    const { session } = await open({ revision, capabilities: ABLE });
    for (const roots of [ROOTS, []]) {
      const { asked, result } = await dialogue(session, 'roots', {}, { roots });
      expect(asked.method).toBe('roots/list');
      expect(JSON.parse(result.content[0].text)).toEqual(roots);
    }
  });

  test.each(ALL)('%s: that they have changed is told to who listens [roots.list-changes]', async (revision) => {
    const mcp = specServer();
    const told: (string | undefined)[] = [];
    mcp.onRootsChanged(({ sessionId }) => told.push(sessionId));
    const { session } = await open({ revision, mcp, capabilities: ABLE });
    const { status, text } = await session.post({ jsonrpc: '2.0', method: 'notifications/roots/list_changed' });
    expect([status, text]).toEqual([202, '']);
    expect(told).toEqual([session.id]);
  });

  test.each(ALL)(
    '%s: when they are not to be had, the tool hears of it and the session goes on [roots.unavailable]',
    async (revision) => {
      const { session } = await open({ revision, capabilities: ABLE });
      for (const error of [
        { code: -32601, message: 'Roots not supported' },
        { code: -32603, message: 'Gone' },
      ]) {
        const { stream, asked } = await untilAsked(session, 'roots', {});
        await session.post({ jsonrpc: '2.0', id: asked.id, error });
        await stream.untilClosed();
        expect(stream.messages.at(-1)?.result).toMatchObject({ isError: true });
      }
      for (const answer of [{}, { roots: 'none' }, { roots: null }]) {
        expect((await dialogue(session, 'roots', {}, answer)).result.isError).toBe(true);
      }
      expect((await session.post(ping())).json.result).toEqual({});
    },
  );
});
