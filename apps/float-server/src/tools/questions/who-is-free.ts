import { type PersonWorkload, parseRange, workload } from 'resource-planning';
import * as z from 'zod';
import { dayText, hoursText, RANGE_OUTPUT, RECORDS_READ, rangeText, readText, sumHours } from '../plan/format.js';
import { cutRangeFilter, fromToday } from '../plan/future-range.js';
import { readPlan } from '../plan/read.js';
import type { Booking, Member } from '../plan/records.js';
import { SELECTION, select } from '../plan/selection.js';
import { defineQuestion, LIMIT } from '../question.js';
import { RANGE } from '../shared-arguments.js';
import type { FloatTool, ToolCall } from '../tool.js';

/** A person's days are listed up to this many; beyond it only the total is. */
const MAX_DAYS_IN_TEXT = 10;

/** Filter text for ranges in the past, where free hours can no longer be used. */
const OVER = 'these days are over: hours that were free then';

const INPUT = z.strictObject({
  range: RANGE.default('this week and next week'),
  min_hours: z.number().min(0).max(10_000).default(1).describe('least free hours in the whole range to be listed'),
  ...SELECTION,
  include_tentative: z.boolean().default(false).describe('count tentative and draft work as if it were booked'),
  limit: LIMIT,
});

const PERSON = z.object({
  id: z.number(),
  name: z.string(),
  role: z.string().optional(),
  department: z.string().optional(),
  free_hours: z.number(),
  capacity_hours: z.number(),
  scheduled_hours: z.number(),
  days: z.array(z.object({ day: z.string(), free: z.number(), capacity: z.number(), scheduled: z.number() })),
});

const OUTPUT = z.object({
  range: RANGE_OUTPUT,
  people: z.array(PERSON).describe('most free hours first; days without any capacity are left out'),
  matching: z.number().describe('people with enough free hours, listed or not'),
  without_enough_hours: z.number(),
  placeholders_left_out: z.number(),
  filters: z.array(z.string()),
  records_read: RECORDS_READ,
});
type Args = z.output<typeof INPUT>;
type FreePerson = z.output<typeof PERSON>;
type Free = z.output<typeof OUTPUT>;

/** The tool `who-is-free`: free hours per person and day. */
export const whoIsFree: FloatTool = defineQuestion({
  name: 'who-is-free',
  title: 'Who is free?',
  description:
    'Free hours per person and day, most free first, after scheduled work, confirmed leave and holidays. Knows part-time hours.',
  input: INPUT,
  output: OUTPUT,
  answer,
  text: textOf,
  read: ({ records_read: read }) => readText(read),
  inFull: ['people.days'],
});

async function answer(args: Args, call: ToolCall): Promise<Free> {
  const asked = parseRange(args.range, call.today());
  const isOver = asked.to < call.today();
  const range = isOver ? asked : fromToday(asked, call.today());
  const plan = await readPlan(call, range, { placeholders: args.include_placeholders });
  const { people, placeholders, filters } = await select(plan.people, args, call);
  const members = new Map(people.map((person) => [person.id, person]));
  const rows = workload({ ...plan, people }, range, { includeTentative: args.include_tentative });
  const all = rows.map((row) => freePerson(row, members.get(row.person.id)));
  const enough = all
    .filter((person) => person.free_hours >= args.min_hours && person.free_hours > 0)
    .sort(mostFreeFirst);
  const data = {
    range,
    people: enough.slice(0, args.limit),
    matching: enough.length,
    without_enough_hours: all.length - enough.length,
    placeholders_left_out: placeholders,
    filters: [
      ...filters,
      ...(isOver ? [OVER] : cutRangeFilter(asked, range)),
      `at least ${hoursText(args.min_hours)} free hours`,
      tentativeText(args),
    ],
    records_read: plan.recordsRead,
  };
  return data;
}

function freePerson({ person, days }: PersonWorkload<Booking>, member: Member | undefined): FreePerson {
  const working = days.filter((day) => day.capacity > 0);
  return {
    id: person.id,
    name: person.name,
    ...(member?.jobTitle === undefined ? {} : { role: member.jobTitle }),
    ...(member?.department === undefined ? {} : { department: member.department }),
    free_hours: sumHours(days.map((day) => day.free)),
    capacity_hours: sumHours(days.map((day) => day.capacity)),
    scheduled_hours: sumHours(days.map((day) => day.scheduled)),
    days: working.map(({ day, free, capacity, scheduled }) => ({ day, free, capacity, scheduled })),
  };
}

function mostFreeFirst(a: FreePerson, b: FreePerson): number {
  return b.free_hours - a.free_hours || a.name.localeCompare(b.name);
}

function tentativeText({ include_tentative: included }: Args): string {
  return included ? 'tentative work counts as booked' : 'tentative work not counted';
}

function textOf(found: Free): string {
  const { matching, people, without_enough_hours: busy, placeholders_left_out: placeholders } = found;
  const more = matching > people.length ? ` The ${people.length} with most free hours are listed.` : '';
  const out = placeholders > 0 ? ` ${placeholders} placeholders left out.` : '';
  return [
    `${matching} of ${matching + busy} people have free hours, ${rangeText(found.range)}.${more}${out}`,
    ...people.map(lineOf),
  ].join('\n');
}

function lineOf(person: FreePerson): string {
  const what = [person.role, person.department].filter(Boolean).join(', ');
  const days = person.days.filter((day) => day.free > 0);
  const each = days.map(({ day, free }) => `${dayText(day)} ${hoursText(free)}`).join(', ');
  const detail = days.length <= MAX_DAYS_IN_TEXT ? `: ${each}` : ` on ${days.length} days`;
  return `- ${person.name} (id ${person.id}${what === '' ? '' : `, ${what}`}) ${hoursText(person.free_hours)} h free${detail}`;
}
