/**
 * The fifteen questions of planners, asked through official clients of both eras, over real HTTP. Every number is worked
 * out a second time from the records themselves, without anything of `resource-planning`.
 */

import { expect, test } from '@jest/globals';
import type { FloatClient } from 'float-api';
import type { Connected } from '../../../../packages/mcp-express/test/clients/official-clients.js';
import { todayIn } from '../../src/app.js';
import {
  type Cell,
  cellsOf,
  clashHours,
  contractHours,
  daysOf,
  earliestDays,
  firmWorld,
  isHoliday,
  leaveOf,
  plusDays,
  type Records,
  readWorld,
  realPeople,
  sum,
} from '../../src/tools/testing/hours-oracle.js';
import { ERAS, startFloat } from '../support/server.js';
import { openTeam } from '../support/team.js';

const TOKEN = 'float-token';
const LIMIT = 200;

/** A client's view, and the facts. */
interface Agency {
  readonly client: Connected;
  /** As it is now. */
  world(): Promise<Records>;
  /** With confirmed work alone. */
  firm(): Promise<Records>;
  /** Float, past the server. */
  readonly api: FloatClient;
  readonly today: string;
  /** The next four weeks, and the same in the words of a tool. */
  readonly range: readonly [string, string];
  readonly within: string;
}

// biome-ignore lint/suspicious/noExplicitAny: results are inspected without types.
type Data = any;

async function ask({ client }: Agency, tool: string, args: object): Promise<Data> {
  const { structuredContent, content, isError } = await client.callTool(tool, args);
  expect([tool, isError, content[0].text]).toEqual([
    tool,
    undefined,
    expect.not.stringMatching(/undefined|NaN|\[object/),
  ]);
  return structuredContent;
}

const byId = (a: { id: number }, b: { id: number }) => a.id - b.id;
const total = (cells: readonly Cell[], part: 'capacity' | 'scheduled' | 'free') => sum(cells.map((cell) => cell[part]));
const overtime = (cells: readonly Cell[]) =>
  sum(cells.map(({ scheduled, capacity }) => Math.max(0, scheduled - capacity)));

async function openAgency(driver: (typeof ERAS)[number][1]): Promise<Agency> {
  const team = await openTeam({ tokens: [TOKEN] });
  const api = team.planner(TOKEN);
  const { mcpUrl } = await startFloat({ FLOAT_API_URL: team.url, FLOAT_API_KEY: TOKEN });
  const client = await driver.connect(mcpUrl, {
    capabilities: { elicitation: {} },
    prepare: ({ onRequest }) =>
      onRequest('elicitation/create', () => ({ action: 'accept', content: { go_ahead: true } })),
  });
  const world = () => readWorld({ api });
  const today = todayIn('UTC');
  const range = [today, plusDays(today, 27)] as const;
  return {
    client,
    api,
    world,
    firm: async () => firmWorld(await world(), { api }),
    today,
    range,
    within: range.join('..'),
  };
}

/** Those that write come last: the others count what is there. */
const QUESTIONS: readonly (readonly [name: string, (agency: Agency) => Promise<void>])[] = [
  [
    '1. Who is free?',
    async (agency) => {
      const { range, within } = agency;
      const { people } = await ask(agency, 'who-is-free', {
        detail: 'full',
        range: within,
        limit: LIMIT,
        min_hours: 0,
      });
      const world = await agency.firm();
      const expected = realPeople(world)
        .map((person) => ({ id: person.people_id, free_hours: total(cellsOf(world, person, range), 'free') }))
        .filter(({ free_hours: free }) => free > 0);
      expect(people.map(({ id, free_hours }: Data) => ({ id, free_hours })).sort(byId)).toEqual(expected.sort(byId));
    },
  ],
  [
    '2. Who can do 60 hours, and when?',
    async (agency) => {
      const { range, within } = agency;
      const { people } = await ask(agency, 'find-available', {
        detail: 'full',
        hours: 60,
        range: within,
        limit: LIMIT,
      });
      const world = await agency.firm();
      const expected = realPeople(world).flatMap((person) => {
        const days = earliestDays(cellsOf(world, person, range), 60);
        return days === undefined ? [] : [{ id: person.people_id, finish: days.at(-1)?.day, days }];
      });
      expect(people.map(({ id, finish, days }: Data) => ({ id, finish, days })).sort(byId)).toEqual(
        expected.sort(byId),
      );
    },
  ],
  [
    '3. Who is overbooked?',
    async (agency) => {
      const { range, within } = agency;
      const { people } = await ask(agency, 'who-is-overbooked', { detail: 'full', range: within, limit: LIMIT });
      const world = await agency.firm();
      const expected = realPeople(world)
        .map((person) => ({ id: person.people_id, hours: overtime(cellsOf(world, person, range)) }))
        .filter(({ hours }) => hours > 0);
      const shown = people
        .map(({ id, overtime_hours: hours }: Data) => ({ id, hours }))
        .filter(({ hours }: Data) => hours > 0);
      expect(shown.sort(byId)).toEqual(expected.sort(byId));
    },
  ],
  [
    '4. What is on my plate?',
    async (agency) => {
      const { range, within } = agency;
      const world = await agency.world();
      for (const person of realPeople(world).slice(0, 4)) {
        const { totals } = await ask(agency, 'show-plan', { person: person.name, range: within });
        const cells = cellsOf(world, person, range);
        expect(totals).toMatchObject({
          capacity: total(cells, 'capacity'),
          scheduled: total(cells, 'scheduled'),
          free: total(cells, 'free'),
          overtime: overtime(cells),
        });
      }
    },
  ],
  [
    '5. Who works on the project?',
    async (agency) => {
      const { range, within } = agency;
      const world = await agency.world();
      const project = Number(world.allocations[0]?.project_id);
      const found = await ask(agency, 'who-works-on', { project, range: within, limit: LIMIT });
      const expected = world.people
        .filter(({ people_type_id: type }) => type < 4)
        .map((person) => {
          const work = cellsOf(world, person, range).flatMap((cell) =>
            cell.work.filter((one) => one.project === project),
          );
          return { id: person.people_id, hours: sum(work.map(({ hours }) => hours)) };
        })
        .filter(({ hours }) => hours > 0);
      const shown = found.people.map(({ id, confirmed_hours: sure, tentative_hours: maybe }: Data) => ({
        id,
        hours: sum([sure, maybe]),
      }));
      expect(shown.sort(byId)).toEqual(expected.sort(byId));
    },
  ],
  [
    '6. How busy are we?',
    async (agency) => {
      const { range, within } = agency;
      const { total: all, groups } = await ask(agency, 'show-utilization', { range: within, limit: LIMIT });
      const world = await agency.firm();
      const rows = realPeople(world).map((person) => ({ id: person.people_id, cells: cellsOf(world, person, range) }));
      const [capacity, scheduled] = [
        sum(rows.map(({ cells }) => total(cells, 'capacity'))),
        sum(rows.map(({ cells }) => total(cells, 'scheduled'))),
      ];
      expect(all).toMatchObject({ people: rows.length, capacity, scheduled });
      expect(all.percent.scheduled).toBeCloseTo((scheduled / capacity) * 100, 1);
      for (const { id, cells } of rows) {
        expect(groups.find((group: Data) => group.id === id)).toMatchObject({ scheduled: total(cells, 'scheduled') });
      }
    },
  ],
  [
    '7. What is left of the budget?',
    async (agency) => {
      const projects = await agency.api.listAll('projects', { active: 1 });
      const inHours = projects.filter(({ budget_type: type, budget_priority: level }) => type === 1 && level === 0);
      expect(inHours.length).toBeGreaterThan(0);
      const { logged } = await agency.world();
      for (const { project_id: project, budget_total: budget } of inHours) {
        const data = await ask(agency, 'show-budget', { project, basis: 'logged' });
        const billable = logged.filter((entry) => entry.project_id === project && entry.billable === 1);
        const used = sum(billable.map(({ hours }) => hours));
        expect(data.logged).toMatchObject({ used, total: Number(budget), remaining: sum([Number(budget), -used]) });
      }
    },
  ],
  [
    '8. Which projects are at risk?',
    async (agency) => {
      const { projects, matching, checked } = await ask(agency, 'projects-at-risk', { limit: LIMIT });
      const active = await agency.api.listAll('projects', { active: 1 });
      expect(checked).toBe(active.length);
      expect(matching).toBe(projects.length);
      for (const { id, risks, used, total: budget, percent } of projects) {
        expect(active.map(({ project_id: one }) => one)).toContain(id);
        expect(risks.length).toBeGreaterThan(0);
        if (percent !== undefined) expect(percent).toBeCloseTo((Number(used) / Number(budget)) * 100, 1);
      }
    },
  ],
  [
    '9. Where does leave clash with work?',
    async (agency) => {
      const { range, within } = agency;
      const { people } = await ask(agency, 'leave-clashes', { detail: 'full', range: within, limit: LIMIT });
      const world = await agency.firm();
      const expected = realPeople(world)
        .map((person) => ({ id: person.people_id, hours: clashHours(world, person, range, [1, 2]) }))
        .filter(({ hours }) => hours > 0);
      const shown = people.map(({ id, confirmed_clash_hours: sure, tentative_clash_hours: maybe }: Data) => ({
        id,
        hours: sum([sure, maybe]),
      }));
      expect(shown.sort(byId)).toEqual(expected.sort(byId));
    },
  ],
  [
    '12. Was logged what was planned?',
    async (agency) => {
      const past = [plusDays(agency.today, -14), plusDays(agency.today, -1)] as const;
      const { totals } = await ask(agency, 'logged-vs-planned', { range: past.join('..') });
      const world = await agency.firm();
      const people = realPeople(world);
      const planned = sum(people.map((person) => total(cellsOf(world, person, past), 'scheduled')));
      const ids = new Set(people.map(({ people_id: id }) => id));
      const logged = sum(
        world.logged
          .filter(({ people_id: id, date }) => ids.has(Number(id)) && date >= past[0] && date <= past[1])
          .map(({ hours }) => hours),
      );
      expect(totals).toEqual({ planned, logged, difference: sum([logged, -planned]) });
    },
  ],
  [
    '13. Who is away?',
    async (agency) => {
      const { range, within } = agency;
      const { people } = await ask(agency, 'who-is-away', { detail: 'full', range: within, limit: LIMIT });
      const world = await agency.world();
      const hoursOf = (person: Records['people'][number], statuses: number[]) => {
        const leave = leaveOf(world, person, range[1], statuses);
        const hours = daysOf(...range).map((day) => {
          const off = leave.get(day);
          const normal = isHoliday(world, person, day) ? 0 : contractHours(person, day);
          return Math.min(normal, off?.full ? 24 : (off?.hours ?? 0));
        });
        return sum(hours);
      };
      const shown = new Map<number, [number, number]>(
        people.map(({ id, hours, tentative_hours: maybe }: Data) => [id, [hours, maybe]]),
      );
      for (const person of realPeople(world)) {
        const [sure, both] = [hoursOf(person, [2]), hoursOf(person, [1, 2])];
        expect([person.name, shown.get(person.people_id) ?? [0, 0]]).toEqual([person.name, [sure, sum([both, -sure])]]);
      }
    },
  ],
  [
    '14. What is due?',
    async (agency) => {
      const [from, to] = agency.range;
      const { items } = await ask(agency, 'whats-due', { range: agency.within, kinds: ['milestone'], limit: LIMIT });
      const projects = await agency.api.listAll('projects', { active: 1 });
      const ids = new Set(projects.map(({ project_id: id }) => id));
      const expected = (await agency.api.listAll('milestones')).filter(
        ({ project_id: project, date, end_date: end }) =>
          ids.has(project) && date.slice(0, 10) <= to && (end ?? date).slice(0, 10) >= from,
      );
      expect(items.map(({ id }: Data) => id).sort()).toEqual(expected.map(({ milestone_id: id }) => id).sort());
      for (const { due, days_left: left } of items) {
        expect(left).toBe((Date.parse(due) - Date.parse(agency.today)) / 86_400_000);
      }
    },
  ],
  [
    '15. Can we take it on?',
    async (agency) => {
      const { within } = agency;
      const world = await agency.world();
      const role = Number(realPeople(world).find(({ role_id: id }) => id)?.role_id);
      const found = await ask(agency, 'can-we-take-on', {
        detail: 'full',
        range: within,
        demands: [{ role, hours: 2_000 }],
      });
      const able = realPeople(world).filter(({ role_id: id }) => id === role);
      for (const { from, to, lines } of found.weeks) {
        const free = sum(able.map((person) => total(cellsOf(world, person, [from, to]), 'free')));
        expect(lines[0].free).toBe(free);
      }
    },
  ],
  [
    '10. Book a person',
    async (agency) => {
      const { range, within } = agency;
      const before = await agency.world();
      const [person] = realPeople(before);
      const project = Number(before.allocations[0]?.project_id);
      const args = { person: person?.people_id, project, range: within, hours_per_day: 1 };
      const preview = await ask(agency, 'book-person', args);
      const booked = preview.preview === false ? preview : await ask(agency, 'book-person', { ...args, confirm: true });
      const after = await agency.world();
      expect(after.allocations.length).toBe(before.allocations.length + 1);
      const hours = (world: Records) => total(cellsOf(world, person as Records['people'][number], range), 'scheduled');
      expect(sum([hours(after), -hours(before)])).toBe(booked.total_hours);
    },
  ],
  [
    '11. Hand the work over',
    async (agency) => {
      const { range, within } = agency;
      const before = await agency.world();
      const people = realPeople(before);
      const busiest = people.toSorted(
        (a, b) => total(cellsOf(before, b, range), 'scheduled') - total(cellsOf(before, a, range), 'scheduled'),
      );
      const [from, to] = [busiest[0], busiest.at(-1)] as [Records['people'][number], Records['people'][number]];
      const args = { from_person: from.people_id, to_person: to.people_id, range: within };
      const first = await ask(agency, 'hand-over', args);
      const done = first.preview === false ? first : await ask(agency, 'hand-over', { ...args, confirm: true });
      const after = await agency.world();
      const hours = (world: Records, person: Records['people'][number]) =>
        total(cellsOf(world, person, range), 'scheduled');
      expect(sum([hours(before, from), -hours(after, from)])).toBe(done.hours_given);
      expect(sum([hours(after, to), -hours(before, to)])).toBe(done.hours_taken);
    },
  ],
];

test.each(ERAS)('the fifteen questions, with %s', async (_name, driver) => {
  const agency = await openAgency(driver);
  for (const [question, isAnswered] of QUESTIONS) {
    await isAnswered(agency).catch((cause: unknown) => {
      throw new Error(`${question} ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    });
  }
});
