import { earliestFit, type Fit, type PersonWorkload, parseRange, soonerFit, workload } from 'resource-planning';
import * as z from 'zod';
import { dayText, hoursText, RANGE_OUTPUT, RECORDS_READ, rangeText, readText, sumHours } from '../plan/format.js';
import { cutRangeFilter, fromToday } from '../plan/future-range.js';
import { readPlan } from '../plan/read.js';
import type { Booking, Member } from '../plan/records.js';
import { SELECTION, select } from '../plan/selection.js';
import { defineQuestion, LIMIT } from '../question.js';
import { RANGE } from '../shared-arguments.js';
import type { FloatTool, ToolCall } from '../tool.js';

const INPUT = z.strictObject({
  hours: z.number().positive().max(10_000).describe('hours of work in all'),
  range: RANGE.default('next 8 weeks').describe('where to look; left out: the next 8 weeks'),
  ...SELECTION,
  most_hours_per_day: z.number().positive().max(24).optional().describe('no more than this on one day'),
  include_tentative: z.boolean().default(false).describe('count tentative and draft work as if it were booked'),
  limit: LIMIT.default(10),
});

const PERSON = z.object({
  id: z.number(),
  name: z.string(),
  role: z.string().optional(),
  department: z.string().optional(),
  start: z.string(),
  finish: z.string(),
  days: z.array(z.object({ day: z.string(), hours: z.number() })),
});
const PARTLY = z.object({ id: z.number(), name: z.string(), free_hours: z.number() });

const OUTPUT = z.object({
  hours: z.number(),
  range: RANGE_OUTPUT,
  people: z.array(PERSON).describe('earliest finish first'),
  matching: z.number().describe('people who can do it in the range, listed or not'),
  partly: z.array(PARTLY).describe('people with some time, but not enough; most first'),
  filters: z.array(z.string()),
  records_read: RECORDS_READ,
});
type Args = z.output<typeof INPUT>;
type Available = z.output<typeof OUTPUT>;
type AvailablePerson = z.output<typeof PERSON>;

/** The tool `find-available`: the people who can do a number of hours soonest. */
export const findAvailable: FloatTool = defineQuestion({
  name: 'find-available',
  title: 'Who can do it, and when?',
  description:
    'Who can take on a number of hours of work soonest, with start, finish and daily hours; those with too little time apart.',
  input: INPUT,
  output: OUTPUT,
  answer,
  text: textOf,
  read: ({ records_read: read }) => readText(read),
  inFull: ['people.days'],
});

async function answer(args: Args, call: ToolCall): Promise<Available> {
  const asked = parseRange(args.range, call.today());
  const range = fromToday(asked, call.today());
  const plan = await readPlan(call, range, { placeholders: args.include_placeholders });
  const { people, filters } = await select(plan.people, args, call);
  const members = new Map(people.map((person) => [person.id, person]));
  const rows = workload({ ...plan, people }, range, { includeTentative: args.include_tentative });
  const judged = rows.map((row) => ({ row, fit: earliestFit(row.days, needOf(args)) }));
  const fitting = judged.filter((one): one is Fitting => one.fit !== undefined).sort(soonest);
  const partly = judged.filter(({ fit }) => fit === undefined).map(({ row }) => partlyOf(row, args));
  const data = {
    hours: args.hours,
    range,
    people: fitting.slice(0, args.limit).map((one) => personOf(one, members.get(one.row.person.id))),
    matching: fitting.length,
    partly: partly
      .filter(({ free_hours: free }) => free > 0)
      .sort((a, b) => b.free_hours - a.free_hours || a.name.localeCompare(b.name))
      .slice(0, args.limit),
    filters: [...filters, ...cutRangeFilter(asked, range), ...dayLimitText(args), tentativeText(args)],
    records_read: plan.recordsRead,
  };
  return data;
}

interface Fitting {
  readonly row: PersonWorkload<Booking>;
  readonly fit: Fit;
}

function needOf({ hours, most_hours_per_day: mostPerDay }: Args) {
  return { hours, mostPerDay };
}

function soonest(a: Fitting, b: Fitting): number {
  return soonerFit(a.fit, b.fit) || a.row.person.name.localeCompare(b.row.person.name);
}

function personOf({ row: { person }, fit }: Fitting, member: Member | undefined): AvailablePerson {
  return {
    id: person.id,
    name: person.name,
    ...(member?.jobTitle === undefined ? {} : { role: member.jobTitle }),
    ...(member?.department === undefined ? {} : { department: member.department }),
    start: fit.start,
    finish: fit.finish,
    days: [...fit.days],
  };
}

/** The free hours of a person who has too few. */
function partlyOf({ person, days }: PersonWorkload<Booking>, { most_hours_per_day: most = 24 }: Args) {
  return { id: person.id, name: person.name, free_hours: sumHours(days.map(({ free }) => Math.min(free, most))) };
}

function dayLimitText({ most_hours_per_day: most }: Args): string[] {
  return most === undefined ? [] : [`at most ${hoursText(most)} h a day`];
}

function tentativeText({ include_tentative: included }: Args): string {
  return included ? 'tentative work counts as booked' : 'tentative work not counted';
}

function textOf(found: Available): string {
  const { hours, people, matching, partly } = found;
  const more = matching > people.length ? ` The first ${people.length} are listed.` : '';
  const some = partly.map(({ name, free_hours: free }) => `${name} ${hoursText(free)} h`).join(', ');
  return [
    `${matching} people can do ${hoursText(hours)} h within ${rangeText(found.range)}.${more}`,
    ...people.map(lineOf),
    ...(partly.length > 0 ? [`Not enough time: ${some}.`] : []),
  ].join('\n');
}

function lineOf(person: AvailablePerson): string {
  const what = [person.role, person.department].filter(Boolean).join(', ');
  const when =
    person.start === person.finish
      ? `on ${dayText(person.start)}`
      : `${dayText(person.start)} to ${dayText(person.finish)}, on ${person.days.length} days`;
  return `- ${person.name} (id ${person.id}${what === '' ? '' : `, ${what}`}) ${when}`;
}
