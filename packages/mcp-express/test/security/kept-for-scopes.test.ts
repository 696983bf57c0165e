import { describe, expect, test } from '@jest/globals';
import { McpServer } from 'mcp-express';
import { apiKeys, bearerAuth, hashApiKey } from 'mcp-express/auth';
import { type Modern, start, WITH_TASKS } from '../spec/modern/client.js';
import type { RawAnswer } from '../support/raw-client.js';
import { openSession } from '../support/session.js';
import { deferred, eventually } from '../support/wait.js';

/** One person with three tokens, and another person. */
const KEYS = {
  broad: { key: 'broad-0123456789-0123456789-0123', subject: 'alice', scopes: ['read', 'salaries'] },
  broader: { key: 'broader-0123456789-0123456789-01', subject: 'alice', scopes: ['salaries', 'read', 'admin'] },
  narrow: { key: 'narrow-0123456789-0123456789-012', subject: 'alice', scopes: ['read'] },
  other: { key: 'other-0123456789-0123456789-0123', subject: 'boris', scopes: ['read', 'salaries'] },
} as const;

const as = (who: keyof typeof KEYS) => ({ authorization: `Bearer ${KEYS[who].key}` });
const KEYED = { 'idempotency-key': '0b5c1d0e-6d5a-4b39-9f0a-0d6bb0f7d1c4' };

async function serving() {
  const count = { runs: 0 };
  const [begun, gate] = [deferred<void>(), deferred<void>()];
  const mcp = new McpServer({ name: 'people', version: '1' });
  const report = (scopes: readonly string[] | undefined): string => {
    count.runs += 1;
    return scopes?.includes('salaries') === true ? 'Ann earns 100' : 'Ann works here';
  };
  mcp.registerTool('report', {}, ({ principal }) => report(principal?.scopes));
  mcp.registerTool('slow', {}, async ({ principal }) => {
    begun.resolve();
    await gate.promise;
    return report(principal?.scopes);
  });
  mcp.registerTool('later', { task: {} }, ({ principal }) => report(principal?.scopes));
  const keys = Object.values(KEYS).map(({ key, subject, scopes }) => ({
    hash: hashApiKey(key),
    subject,
    scopes: [...scopes],
  }));
  const auth = bearerAuth({ verify: apiKeys({ keys }) });
  const started = await start({ mcp, options: { auth }, capabilities: WITH_TASKS, headers: as('broad') });
  const client = (who: keyof typeof KEYS, more = {}): Modern => started.client.as({ headers: { ...as(who), ...more } });
  return { ...started, client, count, begun, gate };
}

const refusal = ({ status, json, headers }: RawAnswer) => [
  status,
  json.error?.data?.reason,
  headers['www-authenticate'],
];
const textOf = ({ json }: RawAnswer): string => json.result.content[0].text;

describe('an answer that is kept for an idempotency key (R36)', () => {
  test('is given to the token it was made with, and to a broader one', async () => {
    const { client, count } = await serving();
    for (const who of ['broad', 'broad', 'broader'] as const) {
      expect(textOf(await client(who, KEYED).call('report'))).toBe('Ann earns 100');
    }
    expect(count.runs).toBe(1);
  });

  test('is not given to a narrower token of the same person, which learns what is missing; nothing runs again', async () => {
    const { client, count } = await serving();
    await client('broad', KEYED).call('report');
    const answer = await client('narrow', KEYED).call('report');
    expect(refusal(answer)).toEqual([403, 'insufficient-scope', expect.stringContaining('salaries')]);
    expect(answer.text).not.toContain('earns');
    expect(textOf(await client('narrow').call('report'))).toBe('Ann works here');
    expect(textOf(await client('other', KEYED).call('report'))).toBe('Ann earns 100');
    expect(count.runs).toBe(3);
  });

  test('nor while it is still being made', async () => {
    const { client, begun, gate, count } = await serving();
    const first = client('broad', KEYED).call('slow');
    await begun.promise;
    const joined = await client('narrow', KEYED).call('slow');
    expect(refusal(joined)[1]).toBe('insufficient-scope');
    gate.resolve();
    expect(textOf(await first)).toBe('Ann earns 100');
    expect(count.runs).toBe(1);
  });

  test('the same in sessions', async () => {
    const { url, count } = await serving();
    const [broad, narrow] = [
      await openSession(url, undefined, as('broad')),
      await openSession(url, undefined, as('narrow')),
    ];
    expect(textOf(await broad.call('report', {}, 1, { headers: KEYED }))).toBe('Ann earns 100');
    const answer = await narrow.call('report', {}, 1, { headers: KEYED });
    expect([answer.json.error?.data?.reason, count.runs]).toEqual(['insufficient-scope', 1]);
  });
});

describe('a task', () => {
  test('is for those who have the scopes it was begun with: to look at, answer, end and hear of', async () => {
    const { client } = await serving();
    const taskId = (await client('broad').call('later')).json.result.taskId;
    const ended = await eventually('the task is over', async () => {
      const { json } = await client('broader').ask('tasks/get', { taskId });
      return json.result.status === 'completed' ? json.result : undefined;
    });
    expect(JSON.stringify(ended)).toContain('Ann earns 100');
    for (const [method, params] of [
      ['tasks/get', {}],
      ['tasks/cancel', {}],
      ['tasks/update', { inputResponses: {} }],
    ] as const) {
      const answer = await client('narrow').ask(method, { taskId, ...params });
      expect(refusal(answer)).toEqual([403, 'insufficient-scope', expect.stringContaining('salaries')]);
    }
    expect((await client('other').ask('tasks/get', { taskId })).json.error?.code).toBe(-32602);
  });

  test('is not listened to with a narrower token, as if it were unknown', async () => {
    const { client } = await serving();
    const taskId = (await client('broad').call('later')).json.result.taskId;
    for (const [who, granted] of [
      ['broad', { taskIds: [taskId] }],
      ['narrow', {}],
    ] as const) {
      const stream = await client(who).listen({ taskIds: [taskId] });
      expect(stream.messages[0]?.params.notifications).toEqual(granted);
      stream.destroy();
    }
  });

  test('of a narrow token is for the broader one too', async () => {
    const { client } = await serving();
    const taskId = (await client('narrow').call('later')).json.result.taskId;
    const { json } = await client('broad').ask('tasks/get', { taskId });
    expect(json.result.taskId).toBe(taskId);
  });
});
