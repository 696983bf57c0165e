import { expect, test } from '@jest/globals';
import { memoryStore } from 'mcp-express';
import { Client, WITH_TASKS } from '../modern/alone.js';
import { startServer } from '../support/start-server.js';
import { eventually } from '../support/wait.js';

const LEASE_MS = 400;

test('a node that lives for one look at a time still tells that another is gone (R12, invariant 1)', async () => {
  const store = memoryStore();
  const now = Date.now();
  const times = { createdAt: now, updatedAt: now, expiresAt: now + 60_000, ttlMs: 60_000, pollIntervalMs: 1_000 };
  const task = { id: 'owed', owner: '', node: 'a node that crashed', status: 'working', ...times } as const;
  await store.tasks.create(task, { total: 10, perOwner: 10 });
  const statuses: string[] = [];
  const livesOnce = async (): Promise<string> => {
    const { url, router } = await startServer({ options: { store, leaseMs: LEASE_MS } });
    const { json } = await new Client(url, { capabilities: WITH_TASKS }).ask('tasks/get', { taskId: 'owed' });
    await router.close({ graceMs: 0 });
    statuses.push(json.result.status);
    return json.result.status;
  };
  expect(await livesOnce()).toBe('working');
  await eventually('one of the next lives tells it', async () => (await livesOnce()) === 'failed');
  expect(statuses.slice(0, -1).every((status) => status === 'working')).toBe(true);
});
