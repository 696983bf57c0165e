/** A change is made for the record that was named, and never for one whose name begins alike. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { granularTools } from './granular/index.js';
import { tools } from './index.js';
import { type Kit, openKit, textOf } from './testing/kit.js';

let kit: Kit;
beforeAll(async () => {
  kit = await openKit({ seed: true, tools: [...tools, ...granularTools], caller: 'grace.mensah@studio.example' });
});
afterAll(() => kit.close());

const DAYS = { start_date: '2026-12-01', end_date: '2026-12-01' };
const PROJECT = 'Helios Customer Portal';

/** Every way in which a change names a person, given that name. */
const WRITES: readonly (readonly [string, (person: string) => Record<string, unknown>])[] = [
  ['book-person', (person) => ({ person, project: PROJECT, range: 'next week', hours_per_day: 1, confirm: true })],
  ['book-time-off', (person) => ({ person, type: 'Vacation', range: 'next week', confirm: true })],
  ['hand-over', (person) => ({ from_person: person, to_person: 'Ava Lindqvist', range: 'next week', confirm: true })],
  ['hand-over', (person) => ({ from_person: 'Ava Lindqvist', to_person: person, range: 'next week', confirm: true })],
  ['save-allocation', (person) => ({ people: [person], project: PROJECT, hours: 1, ...DAYS })],
  ['save-logged-time', (person) => ({ person, project: PROJECT, date: '2026-11-20', hours: 1 })],
  [
    'save-record',
    (person) => ({
      resource: 'time-off',
      fields: { people: [person], time_off_type: 'Vacation', full_day: true, ...DAYS },
    }),
  ],
  ['create-allocation', (person) => ({ people: ['Ava Lindqvist', person], project: PROJECT, hours: 1, ...DAYS })],
  ['create-logged-time', (person) => ({ person, project: PROJECT, date: '2026-11-20', hours: 1 })],
];

const changes = () => kit.requests.filter((line) => !line.startsWith('GET '));

describe.each(WRITES)('%s', (tool, argumentsFor) => {
  test.each(['Gra', 'Mensah', 'grace m', 'G', 'no such person'])(
    '%p changes nothing, and lists who it may be',
    async (name) => {
      const before = changes().length;
      const result = await kit.call(tool, argumentsFor(name));
      expect([result.isError, textOf(result)]).toEqual([true, expect.stringMatching(/\(id \d+\)/)]);
      expect(changes().length).toBe(before);
    },
  );
});
/** Words that are the beginning of names in the sandbox (Grace Mensah, Isla, Inês), and must not be taken for them. */
const SELF = ['me', 'I', 'Me', ' me ', 'myself'];

describe('"me"', () => {
  test('is the caller, in every change and every question', async () => {
    const people = await kit.api.listAll('people');
    const grace = people.find(({ name }) => name === 'Grace Mensah');
    for (const [tool, argumentsFor] of WRITES) {
      const { confirm: _, ...args } = argumentsFor('me') as { confirm?: boolean };
      const result = await kit.call(tool, args);
      expect([tool, result.isError, textOf(result)]).toEqual([
        tool,
        undefined,
        expect.stringContaining('Grace Mensah'),
      ]);
    }
    for (const name of SELF) {
      const plan = await kit.call('show-plan', { person: name, range: 'this week' });
      expect(plan.structuredContent).toMatchObject({ person: { id: grace?.people_id } });
    }
  });

  test('an id of the caller works like an address, and an address that no person has is an error', async () => {
    const [first] = await kit.api.listAll('people');
    const byId = await openKit({ seed: true, caller: String(first?.people_id) });
    expect(textOf(await byId.call('show-plan', { person: 'me', range: 'today' }))).toContain(first?.name);
    await byId.close();
    const stranger = await openKit({ seed: true, caller: 'stranger@example.com' });
    const result = await stranger.call('show-plan', { person: 'me', range: 'today' });
    expect([result.isError, textOf(result)]).toEqual([true, expect.stringContaining('Float has no person with it')]);
    await stranger.close();
  });

  test('is an error where the caller is not known, and never a name that begins so', async () => {
    const anonymous = await openKit({ seed: true });
    const asked = [
      ...WRITES.filter(([tool]) => !tool.startsWith('create-')),
      ['show-plan', (person: string) => ({ person, range: 'today' })] as const,
      ['who-is-away', (person: string) => ({ person, range: 'today' })] as const,
      ['find-allocations', (person: string) => ({ person, range: 'today' })] as const,
      ['logged-vs-planned', (person: string) => ({ person, range: 'last week' })] as const,
    ];
    for (const [tool, argumentsFor] of asked) {
      for (const name of SELF) {
        const result = await anonymous.call(tool, argumentsFor(name));
        const said = [tool, name, result.isError, textOf(result)];
        expect(said).toEqual([tool, name, true, expect.stringContaining('which Float person is calling')]);
      }
    }
    expect(anonymous.requests.filter((line) => !line.startsWith('GET '))).toEqual([]);
    await anonymous.close();
  });
});

test('nothing is planned for what is archived, nor for days that are over because the year was left out', async () => {
  const archived = (await kit.api.listAll('people')).find(({ active }) => active === 0)?.name;
  const [plan] = WRITES.filter(([tool]) => tool === 'save-allocation');
  const result = await kit.call('save-allocation', plan?.[1](String(archived)) ?? {});
  expect([result.isError, textOf(result)]).toEqual([true, expect.stringContaining('is archived')]);
  kit.clock.today = '2027-05-15';
  const leave = { person: 'Ava Lindqvist', type: 'Vacation', confirm: true };
  const over = await kit.call('book-time-off', { ...leave, range: '24 Dec - 2 Jan' });
  expect([over.isError, textOf(over)]).toEqual([true, expect.stringContaining('Give the year')]);
  expect((await kit.call('book-time-off', { ...leave, range: 'last week', confirm: false })).isError).toBeUndefined();
  kit.clock.today = '2026-11-23';
});

test.each(['me.', '@me', 'I.', 'the current user'])('%p is no name of another person', async (word) => {
  const anonymous = await openKit({ seed: true });
  const result = await anonymous.call('show-plan', { person: word, range: 'today' });
  expect([result.isError, textOf(result)]).toEqual([true, expect.stringContaining('which Float person is calling')]);
  await anonymous.close();
});
