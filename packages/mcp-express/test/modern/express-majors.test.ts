import { describe, expect, test } from '@jest/globals';
import { begin } from '../support/raw-client.js';
import { EXPRESS_MAJORS } from '../support/start-server.js';
import { addGate } from '../support/test-tools.js';
import { accepted, askingServer, codeOf, request, start, textOf } from './alone.js';

const PARAMS = { name: 'greet', arguments: {} };

describe.each(EXPRESS_MAJORS)('requests that stand alone under Express %d (R20)', (major) => {
  test.each(['serve', 'node'] as const)(
    'by %s: rounds, subscriptions, refusals and who goes (R17, R20, R32)',
    async (by) => {
      const mcp = askingServer();
      const gate = addGate(mcp);
      const { client, router, url } = await start({ mcp, express: major, by, mount: '/below' });
      const first = await client.call('greet');
      expect(textOf(await client.again(PARAMS, first, { 'elicitation-1': accepted({ name: 'A' }) }))).toBe(
        'Hello A {}',
      );
      expect(codeOf(await client.call('echo', { text: 'x' }, { headers: { 'mcp-name': 'other' } }))).toEqual([
        400, -32020,
      ]);
      expect(codeOf(await client.ask('ping'))).toEqual([404, -32601]);
      const stream = await client.listen({ toolsListChanged: true });
      const gone = begin(url, request('tools/call', { name: 'gate' }));
      const call = await gate.begun();
      gone.destroy();
      await call.aborted;
      await router.notify.toolsChanged();
      await stream.untilMessages(2);
      await router.close({ graceMs: 0 });
      expect([await stream.untilClosed(), stream.messages.at(-1).result.resultType]).toEqual(['end', 'complete']);
      expect(await router.stats()).toMatchObject({ calls: 0, streams: 0, listeners: 0 });
    },
  );
});
