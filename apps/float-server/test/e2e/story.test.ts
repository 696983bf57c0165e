/** A user's first day with float-server, with the official clients over real HTTP. */

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startProxy } from '../../../../packages/mcp-express/test/support/tcp-proxy.js';
import { CLIENTS, CLIENTS_WITHOUT_SESSION, type OfficialClient } from './clients.js';
import { type Program, startProgram } from './program.js';

interface Person {
  readonly id: number;
  readonly name: string;
  readonly free_hours: number;
  readonly days: readonly { day: string; free: number; capacity: number }[];
}

let program: Program;

beforeAll(async () => {
  program = await startProgram();
});

afterAll(() => program.stop());

const ALL = { ...CLIENTS, ...CLIENTS_WITHOUT_SESSION };

describe.each(Object.keys(ALL))('the first day, with %s (R20)', (name) => {
  let client: OfficialClient;

  beforeAll(async () => {
    client = await (ALL[name] as (typeof ALL)[string])(program.url);
  });

  afterAll(() => client.close());

  test('the tools are there', async () => {
    const tools = await client.toolNames();
    expect(tools).toEqual(
      expect.arrayContaining(['who-is-free', 'who-is-overbooked', 'save-allocation', 'delete-record']),
    );
    expect(tools.length).toBeLessThanOrEqual(25);
  });

  test('who-is-free answers for next week with increasing progress', async () => {
    const progress: number[] = [];
    const answer = await client.call(
      'who-is-free',
      { range: 'next week' },
      { onprogress: (report) => progress.push(report.progress) },
    );
    expect(answer.isError).toBe(false);
    expect(answer.text).toMatch(/people have free hours/);
    const people = answer.data['people'] as Person[];
    expect(people.length).toBeGreaterThan(3);
    expect(people.map(({ free_hours }) => free_hours)).toEqual(
      people.map(({ free_hours }) => free_hours).sort((a, b) => b - a),
    );
    expect(progress.length).toBeGreaterThan(0);
    expect(progress).toEqual([...new Set(progress)].sort((a, b) => a - b));
  });

  test('an allocation over their capacity makes a free person overbooked, by just that much', async () => {
    const free = await client.call('who-is-free', { range: 'next week', min_hours: 30, detail: 'full' });
    const person = (free.data['people'] as Person[]).find(({ days }) => days.every((day) => day.free === day.capacity));
    if (person === undefined) throw new Error('the seed has no person who is entirely free');
    const day = person.days[0] as Person['days'][number];
    const before = await client.call('who-is-overbooked', { range: `${day.day}..${day.day}` });
    expect(JSON.stringify(before.data['people'])).not.toContain(person.name);

    const projects = await client.call('find-projects', { active: true });
    const [project] = projects.data['records'] as { id: number; name: string }[];
    const saved = await client.call('save-allocation', {
      people: [person.name],
      project: project?.name,
      start_date: day.day,
      end_date: day.day,
      hours: day.capacity + 3,
    });
    expect([saved.isError, saved.text]).toEqual([false, expect.stringContaining(person.name)]);

    const after = await client.call('who-is-overbooked', { range: `${day.day}..${day.day}` });
    const overbooked = (after.data['people'] as { name: string; overtime_hours: number }[]).find(
      (other) => other.name === person.name,
    );
    expect(overbooked).toMatchObject({ overtime_hours: 3 });
  });
});

describe.each(Object.keys(CLIENTS))('a session, with %s', (name) => {
  test('a connection that is lost in the middle of a call costs nothing: the answer comes once (R7)', async () => {
    const proxy = await startProxy(program.port);
    const behind = await (CLIENTS[name] as (typeof CLIENTS)[string])(proxy.url);
    let resets = 0;
    const answer = await behind.call(
      'who-is-free',
      { range: 'next 10 days' },
      {
        onprogress: () => {
          resets += 1;
          if (resets === 1) proxy.reset();
        },
      },
    );
    expect(resets).toBeGreaterThan(0);
    expect(answer.text).toMatch(/people have free hours/);
    expect(behind.answers()).toBe(1);
    await behind.close();
  });
});
