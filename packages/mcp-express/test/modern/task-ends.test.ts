import { describe, expect, test } from '@jest/globals';
import { type HandlerContext, McpServer } from 'mcp-express';
import { type Deferred, deferred, eventually } from '../support/wait.js';
import { start, WITH_TASKS } from './alone.js';

const TASKS = 30;
const FINAL = ['completed', 'failed', 'cancelled'];

/** Tasks that end as the test says. */
async function ending(wait: (ctx: HandlerContext, gate: Deferred<string>) => Promise<string>) {
  const mcp = new McpServer({ name: 'ending', version: '1' });
  const gates: Deferred<string>[] = [];
  mcp.registerTool('job', { task: {} }, (ctx) => {
    const gate = deferred<string>();
    gates.push(gate);
    return wait(ctx, gate);
  });
  const server = await start({ mcp }, { capabilities: WITH_TASKS });
  const ids: string[] = [];
  for (let count = 0; count < TASKS; count += 1) ids.push((await server.client.call('job')).json.result.taskId);
  await eventually('all run', () => gates.length === TASKS);
  return { ...server, gates, ids };
}

describe('a task that is ended from two sides at once (SEP-2663, R17)', () => {
  test('has one end, and everybody sees the same, for good (R17)', async () => {
    const { client, gates, ids, router } = await ending((_ctx, gate) => gate.promise);
    const stream = await client.listen({ taskIds: ids });
    const finish = async (index: number): Promise<void> => {
      if (index % 2) await new Promise(setImmediate);
      if (index % 3 === 0) gates[index]?.reject(new Error('broken'));
      else gates[index]?.resolve('done');
    };
    const cancel = (taskId: string) => client.ask('tasks/cancel', { taskId });
    await Promise.all(ids.flatMap((id, index) => [cancel(id), finish(index), cancel(id), cancel(id)]));
    await eventually('nothing runs', async () => (await router.stats()).tasks === 0);
    const ends = await Promise.all(ids.map(async (taskId) => (await client.ask('tasks/get', { taskId })).json.result));
    for (const end of ends) expect([end.status, FINAL.includes(end.status)]).toEqual([end.status, true]);
    const told = () => stream.messages.slice(1).map(({ params }) => params);
    await stream.until(
      'all ends are told',
      () =>
        new Set(
          told()
            .filter(({ status }) => FINAL.includes(status))
            .map(({ taskId }) => taskId),
        ).size === TASKS,
    );
    for (const end of ends) {
      const { _meta, resultType: _type, ...task } = end;
      for (const seen of told().filter(({ taskId, status }) => taskId === end.taskId && FINAL.includes(status))) {
        const { _meta: _own, ...shown } = seen;
        expect(shown).toEqual(task);
      }
    }
  });

  test('is cancelled also when its handler answers the signal with a result (R17)', async () => {
    let heard = 0;
    const { client, ids, router } = await ending(
      (ctx) =>
        new Promise((resolve) => {
          ctx.signal.addEventListener('abort', () => {
            heard += 1;
            resolve('I was done anyway');
          });
        }),
    );
    await Promise.all(ids.map((taskId) => client.ask('tasks/cancel', { taskId })));
    await eventually('nothing runs', async () => (await router.stats()).tasks === 0);
    const ends = await Promise.all(ids.map(async (taskId) => (await client.ask('tasks/get', { taskId })).json.result));
    expect(new Set(ends.map(({ status, result }) => `${status} ${result}`))).toEqual(new Set(['cancelled undefined']));
    expect(heard).toBe(TASKS);
  });
});
