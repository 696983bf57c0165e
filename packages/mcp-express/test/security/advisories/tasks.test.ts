import { expect, test } from '@jest/globals';
import { Modern, WITH_TASKS } from '../../spec/modern/client.js';
import type { JsonBody } from '../../support/raw-client.js';
import { testServer } from '../../support/test-tools.js';
import { deferred, eventually } from '../../support/wait.js';
import { advisory } from './rows.js';
import { ALICE, ALICE_AGAIN, asker, BOB, bytesOf, startGuarded } from './two-principals.js';

const UNKNOWN = 'A'.repeat(22);

async function withTask() {
  const mcp = testServer();
  const finish = deferred<string>();
  const signals: AbortSignal[] = [];
  mcp.registerTool('wait', { task: {} }, (ctx) => {
    signals.push(ctx.signal);
    return finish.promise;
  });
  const server = await startGuarded(mcp);
  const alice = new Modern(server.url, { headers: ALICE, capabilities: WITH_TASKS });
  const taskId: string = (await alice.call('wait')).json.result.taskId;
  return { ...server, alice, taskId, finish, signals };
}

const REACHES: readonly [method: string, params: JsonBody][] = [
  ['tasks/get', {}],
  ['tasks/result', {}],
  ['tasks/cancel', {}],
  ['tasks/update', { inputResponses: { a: { action: 'accept', content: {} } } }],
  ['tasks/list', {}],
];

advisory('CVE-2026-52870', () => {
  test('is to Bob what an unknown one is, byte for byte, and unharmed', async () => {
    const { url, alice, taskId, finish, signals } = await withTask();
    const bob = new Modern(url, { headers: BOB, capabilities: WITH_TASKS });
    for (const [method, params] of REACHES) {
      const asked = await bob.ask(method, { ...params, taskId });
      expect([method, asked.json.result]).toEqual([method, undefined]);
      expect(asked.text).not.toContain(taskId);
      expect(bytesOf(asked)).toEqual(bytesOf(await bob.ask(method, { ...params, taskId: UNKNOWN })));
    }
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    finish.resolve('hers');
    const again = alice.as({ headers: ALICE_AGAIN });
    const done = await eventually('her task is done', async () => {
      const { result } = (await again.ask('tasks/get', { taskId })).json;
      return result.status === 'completed' && result;
    });
    expect(done.result.content[0].text).toBe('hers');
  });

  test('nor is it within reach of a session, her own or his', async () => {
    const { url, alice, taskId, signals } = await withTask();
    for (const who of [ALICE, BOB]) {
      const ask = await asker(url, 'sessions', who);
      for (const [method, params] of REACHES) {
        const asked = await ask(method, { ...params, taskId });
        expect([method, asked.json.error.code]).toEqual([method, -32601]);
        expect(bytesOf(asked)).toEqual(bytesOf(await ask(method, { ...params, taskId: UNKNOWN })));
      }
    }
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    expect((await alice.ask('tasks/get', { taskId })).json.result.status).toBe('working');
  });
});
