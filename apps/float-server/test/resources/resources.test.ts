/** People, projects and the schedule as resources, through official clients of both eras (issue 7). */
import { describe, expect, test } from '@jest/globals';
import { ERAS, read, startFloat } from '../support/server.js';

const TEMPLATES = [
  'float://people{?page}',
  'float://people/{person}',
  'float://people/{person}/schedule/{week}',
  'float://projects{?page}',
  'float://projects/{project}',
  'float://schedule/{week}{?page}',
];

describe.each(ERAS)('resources, with %s', (_name, driver) => {
  test('are listed with their templates', async () => {
    const { client } = await driver.connect((await startFloat()).mcpUrl);
    const { resources } = await client.listResources();
    expect(resources.map(({ uri }: { uri: string }) => uri)).toEqual([
      'float://people',
      'float://projects',
      'float://schedule/this-week',
      'float://schedule/next-week',
    ]);
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }: { uriTemplate: string }) => uriTemplate)).toEqual(TEMPLATES);
    expect(client.getServerCapabilities()['resources']).toMatchObject({ subscribe: true });
  });

  test('lead from the list to a person, and from there to a week that adds up', async () => {
    const connected = await driver.connect((await startFloat()).mcpUrl);
    const list = await read(connected, 'float://people');
    const people = list['people'] as { id: number; name: string; uri: string }[];
    expect(people).toHaveLength(Math.min(50, Number(list['total'])));
    for (const { id, name, uri } of people.slice(0, 3)) {
      const person = await read(connected, uri);
      expect(person).toMatchObject({ id, name, active: true });
      // A name works in the place of an id.
      expect(await read(connected, `float://people/${encodeURIComponent(name)}`)).toEqual(person);
      const { this_week: address } = person['schedule'] as { this_week: string };
      const week = await read(connected, address);
      const days = week['days'] as { capacity: number; work?: { hours: number; status: string; project: string }[] }[];
      const work = days.flatMap((day) => day.work ?? []).filter(({ status }) => /confirmed|complete/.test(status));
      const sum = (hours: number[]) => hours.reduce((all, one) => all + one, 0);
      expect(week['capacity_hours']).toBeCloseTo(sum(days.map(({ capacity }) => capacity)), 6);
      expect(week['scheduled_hours']).toBeCloseTo(sum(work.map(({ hours }) => hours)), 6);
      const { name: iso } = week['week'] as { name: string };
      expect(await read(connected, `float://people/${id}/schedule/${iso}`)).toEqual(week);
    }
  });

  test('agree with the tool about the hours of a week', async () => {
    const connected = await driver.connect((await startFloat()).mcpUrl);
    const team = await read(connected, 'float://schedule/next-week');
    const { structuredContent } = await connected.callTool('who-is-free', { range: 'next week', limit: 100 });
    const free = new Map(
      structuredContent.people.map((one: { id: number; free_hours: number }) => [one.id, one.free_hours]),
    );
    const rows = team['people'] as { id: number; free_hours: number }[];
    expect(rows.length).toBeGreaterThan(3);
    for (const row of rows) expect([row.id, row.free_hours]).toEqual([row.id, free.get(row.id) ?? 0]);
  });

  test('show a project with what belongs to it', async () => {
    const connected = await driver.connect((await startFloat()).mcpUrl);
    const { projects } = (await read(connected, 'float://projects')) as { projects: { id: number; uri: string }[] };
    const bodies = await Promise.all(projects.map(({ uri }) => read(connected, uri)));
    expect(bodies.map(({ id }) => id)).toEqual(projects.map(({ id }) => id));
    for (const part of ['team', 'phases', 'milestones']) {
      expect(bodies.some((body) => (body[part] as unknown[]).length > 0)).toBe(true);
    }
    expect(bodies.every((body) => JSON.stringify(body).length < 8_000)).toBe(true);
  });

  test('complete every variable, by name and by id', async () => {
    const { client } = await driver.connect((await startFloat()).mcpUrl);
    const suggest = async (uri: string, name: string, value: string): Promise<string[]> => {
      const { completion } = await client.complete({ ref: { type: 'ref/resource', uri }, argument: { name, value } });
      return completion.values;
    };
    for (const uri of TEMPLATES) {
      for (const [, names = ''] of uri.matchAll(/\{\??([^}]+)\}/g)) {
        const values = await suggest(uri, names, '');
        expect([uri, names, values.length]).toEqual([uri, names, expect.any(Number)]);
        expect(values.length).toBeGreaterThan(0);
        // A suggestion can be typed and is suggested again.
        const [first = ''] = values;
        expect(await suggest(uri, names, first.slice(0, 3))).toContain(first);
      }
    }
    const [name = ''] = await suggest('float://people/{person}', 'person', '');
    const { contents } = await client.readResource({ uri: `float://people/${encodeURIComponent(name)}` });
    const { id } = JSON.parse(contents[0].text);
    expect(await suggest('float://people/{person}', 'person', String(id))).toContain(String(id));
    const family = name.split(' ').at(-1)?.toLowerCase() ?? '';
    expect(await suggest('float://people/{person}', 'person', family)).toContain(name);
    expect(await suggest('float://people/{person}/schedule/{week}', 'week', 'n')).toEqual(['next-week']);
  });

  test.each([
    ['float://people/Nobody%20Known', /No person is called "Nobody Known"\. The nearest are: /],
    ['float://people/0', /No person is called "0"/],
    ['float://projects/0', /No project is called "0"/],
    ['float://people?page=99', /There is no page "99": pages are 1 to 1/],
    ['float://schedule/2026-W60', /"2026-W60" is not a week\. Write it as 2026-W48/],
    ['float://schedule/tomorrow', /is not a week/],
    ['float://elsewhere', /Resource not found/],
  ])('that do not exist are not found: %s', async (uri, message) => {
    const { client } = await driver.connect((await startFloat()).mcpUrl);
    await expect(client.readResource({ uri })).rejects.toThrow(message);
  });
});
