/** notifications/resources/updated: when, for which resources, and on which node (issue 7). */
import { describe, expect, test } from '@jest/globals';
import { openStore } from 'mcp-express';
import type { Connected } from '../../../../packages/mcp-express/test/clients/official-clients.js';
import { onCleanup } from '../../../../packages/mcp-express/test/support/cleanup.js';
import { RedisServer } from '../../../../packages/mcp-express/test/support/redis.js';
import { todayIn } from '../../src/app.js';
import { accountKey } from '../../src/tokens/accounts.js';
import { ERAS, read, type Started, startFloat, subscribe, updatesOf } from '../support/server.js';
import { openTeam } from '../support/team.js';

const KEY = 'the-key-of-the-team';

function startOn(url: string, env: Record<string, string> = {}): Promise<Started> {
  return startFloat({ FLOAT_API_KEY: KEY, FLOAT_API_URL: url, FLOAT_POLL_SECONDS: '1', ...env });
}

/** Two people of the team, each with the address of this week. */
async function twoWeeks(connected: Connected): Promise<{ id: number; name: string; week: string }[]> {
  const { people } = (await read(connected, 'float://people')) as { people: { id: number; name: string }[] };
  return people.slice(0, 2).map(({ id, name }) => ({ id, name, week: `float://people/${id}/schedule/this-week` }));
}

async function anyProject(connected: Connected): Promise<{ id: number; name: string; uri: string }> {
  const { projects } = (await read(connected, 'float://projects')) as {
    projects: { id: number; name: string; uri: string }[];
  };
  return projects[0] as { id: number; name: string; uri: string };
}

const booking = (person: number, project: number) => {
  const today = todayIn('UTC');
  return { people_id: person, project_id: project, start_date: today, end_date: today, hours: 1 };
};

describe.each(ERAS)('subscriptions, with %s', (_name, driver) => {
  test('a write by a tool notifies affected subscribers at once, and no others', async () => {
    const connected = await driver.connect((await startFloat({ FLOAT_POLL_SECONDS: '0' })).mcpUrl);
    const updates = updatesOf(connected);
    const [first, second] = await twoWeeks(connected);
    const project = await anyProject(connected);
    for (const one of [first, second]) await read(connected, one!.week);
    for (const one of [first, second]) await subscribe(connected, one!.week);
    const { isError } = await connected.callTool('save-allocation', {
      people: [first!.name],
      project: project.name,
      start_date: todayIn('UTC'),
      end_date: todayIn('UTC'),
      hours: 1.25,
    });
    expect(isError ?? false).toBe(false);
    await updates.until(first!.week);
    const week = await read(connected, first!.week);
    expect(JSON.stringify(week)).toContain('1.25');
    expect(updates.uris).not.toContain(second!.week);
  });

  test('changes made in Float itself are found by polling', async () => {
    const { url, seen, planner: plannerOf } = await openTeam({ tokens: [KEY] });
    const planner = plannerOf(KEY);
    const connected = await driver.connect((await startOn(url)).mcpUrl);
    const updates = updatesOf(connected);
    const [first, second] = await twoWeeks(connected);
    const project = await anyProject(connected);
    for (const one of [first, second]) await read(connected, one!.week);
    await subscribe(connected, first!.week);
    await subscribe(connected, second!.week);
    const made = await planner.create('allocations', booking(first!.id, project.id));
    await updates.until(first!.week);
    // A deletion is in no list of changes.
    await planner.delete('allocations', made.task_id);
    await updates.until(first!.week, 2);
    expect(updates.uris).not.toContain(second!.week);
    expect(seen).toContain('GET /tasks');
  });

  test('a deletion is notified, and the resource is not found afterwards', async () => {
    const connected = await driver.connect((await startFloat({ FLOAT_POLL_SECONDS: '0' })).mcpUrl);
    const updates = updatesOf(connected);
    const project = await anyProject(connected);
    await read(connected, project.uri);
    await subscribe(connected, project.uri);
    const deleted = await connected.callTool('delete-record', { kind: 'project', record: project.id, confirm: true });
    expect(deleted.structuredContent).toMatchObject({ deleted: true });
    await updates.until(project.uri);
    await expect(read(connected, project.uri)).rejects.toThrow(/No project is called/);
  });
});

describe('on several nodes', () => {
  test('a write through one node is notified by the other at once, to clients of all revisions', async () => {
    const redis = await RedisServer.start();
    onCleanup(() => redis.remove());
    const { url, seen } = await openTeam({ tokens: [KEY] });
    // Polling is off, so notifications come from the other node.
    const env = { STORE: redis.url, FLOAT_POLL_SECONDS: '0' };
    const [one, two] = [await startOn(url, env), await startOn(url, env)];
    const [[, legacy], [, modern]] = ERAS as [(typeof ERAS)[number], (typeof ERAS)[number]];
    const writer = await legacy.connect(one.mcpUrl);
    const project = await anyProject(writer);
    const readers = [await legacy.connect(two.mcpUrl), await modern.connect(two.mcpUrl)];
    const told = readers.map(updatesOf);
    for (const reader of readers) {
      await read(reader, project.uri);
      await subscribe(reader, project.uri);
    }
    const saved = await writer.callTool('save-project', { id: project.id, notes: 'Bring cake.' });
    expect(saved.isError ?? false).toBe(false);
    await Promise.all(told.map((updates) => updates.until(project.uri)));
    // The second node does not answer from its stale cache.
    expect(await read(readers[0] as Connected, project.uri)).toMatchObject({ notes: 'Bring cake.' });
    // Both nodes share one rate limit.
    const store = await openStore(redis.url);
    onCleanup(() => store.close());
    const slice = Math.floor(Date.now() / 15_000);
    const names = Array.from({ length: 9 }, (_, back) => `float:${accountKey(KEY)}:read:60000:${slice - back}`);
    const counted = await Promise.all(names.map((name) => store.counters?.read(name)));
    const reads = seen.filter((call) => call.startsWith('GET ')).length;
    expect(reads).toBeGreaterThan(0);
    expect(counted.reduce((sum, one) => sum + (one?.hits ?? 0), 0)).toBe(reads);
  });
});
