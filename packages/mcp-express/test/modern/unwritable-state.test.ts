import { expect, test } from '@jest/globals';
import { inputRequired, type Observation } from 'mcp-express';
import { testServer } from '../support/test-tools.js';
import { ASK_NAME, codeOf, start } from './alone.js';

const circle: Record<string, unknown> = {};
circle['self'] = circle;

test.each<[string, unknown]>([
  ['a BigInt', 1n],
  ['a circle', circle],
  ['a BigInt within', { deep: [{ n: 1n }] }],
])(
  '%s that a handler keeps for itself is its own mistake: an internal error, which is told to who observes (R31)',
  async (_what, own) => {
    const mcp = testServer();
    mcp.registerTool('keeps', {}, () =>
      inputRequired({ inputRequests: { who: inputRequired.elicit(ASK_NAME) }, requestState: own }),
    );
    const observed: Observation[] = [];
    const { client, router } = await start({ mcp, options: { observe: (event) => void observed.push(event) } });
    const answer = await client.call('keeps');
    expect([codeOf(answer)[1], answer.json.error.data.reason]).toEqual([-32603, 'internal-error']);
    expect(observed.filter(({ type }) => type === 'failure')).toHaveLength(1);
    expect((await router.stats()).calls).toBe(0);
  },
);

test('a question that no client can be asked is told to who observes, with what is wrong with it (R31)', async () => {
  const mcp = testServer();
  mcp.registerTool('asks', {}, () => inputRequired({ inputRequests: { x: { method: 'ping' as 'roots/list' } } }));
  const observed: Observation[] = [];
  const { client } = await start({ mcp, options: { observe: (event) => void observed.push(event) } });
  const answer = await client.call('asks');
  expect([codeOf(answer)[1], answer.text.includes('ping')]).toEqual([-32603, false]);
  const failures = observed.flatMap((event) => (event.type === 'failure' ? [String(event.cause)] : []));
  expect(failures).toEqual([expect.stringContaining('ping')]);
});
