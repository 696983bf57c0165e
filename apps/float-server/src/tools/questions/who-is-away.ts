import {
  type AbsenceDay,
  absenceDays,
  addDays,
  type Day,
  type DayRange,
  eachDay,
  type Holiday,
  overlap,
  parseRange,
} from 'resource-planning';
import * as z from 'zod';
import { named } from '../../untrusted-text.js';
import { Directory } from '../directory.js';
import { dayText, hoursText, RANGE_OUTPUT, rangeText, sumHours } from '../plan/format.js';
import { type AbsencePlan, readAbsences } from '../plan/read-absences.js';
import type { Member, TypedLeave } from '../plan/records.js';
import { SELECTION, select } from '../plan/selection.js';
import { ToolProblem } from '../problem.js';
import { defineQuestion, LIMIT } from '../question.js';
import { NAME_OR_ID, RANGE } from '../shared-arguments.js';
import type { FloatTool, ToolCall } from '../tool.js';

const INPUT = z.strictObject({
  range: RANGE.default('next 2 weeks'),
  person: NAME_OR_ID.optional().describe('only this person (name or id)'),
  ...SELECTION,
  type: NAME_OR_ID.optional().describe('only this type of time off (name or id)'),
  limit: LIMIT,
});

const SPAN = z.object({
  from: z.string(),
  to: z.string(),
  time_off_id: z.number(),
  type: z.string(),
  confirmed: z.boolean(),
  full_day: z.boolean(),
  hours_per_day: z.number().optional(),
});
const PERSON = z.object({
  id: z.number(),
  name: z.string(),
  hours: z.number().describe('hours that confirmed leave takes; none on days off and holidays'),
  tentative_hours: z.number().describe('hours that tentative leave would take on top'),
  spans: z.array(SPAN),
});
const BY_DAY = z.object({ day: z.string(), away: z.number(), tentative: z.number() });

const OUTPUT = z.object({
  range: RANGE_OUTPUT,
  people: z.array(PERSON).describe('most hours away first'),
  matching: z.number().describe('people with leave in the range, listed or not'),
  by_day: z.array(BY_DAY).describe('people away for any part of the day, by confirmed and by only tentative leave'),
  holidays: z.array(z.object({ day: z.string(), name: z.string(), region: z.number().optional() })),
  filters: z.array(z.string()),
  records_read: z.object({
    people: z.number(),
    time_off: z.number(),
    public_holidays: z.number(),
    team_holidays: z.number(),
  }),
});
type Args = z.output<typeof INPUT>;
type AwayPerson = z.output<typeof PERSON>;
type Away = z.output<typeof OUTPUT>;

/** The tool `who-is-away`. */
export const whoIsAway: FloatTool = defineQuestion({
  name: 'who-is-away',
  title: 'Who is away?',
  description:
    'Time off: people with spans and hours, how many are away each day, holidays; tentative leave apart. Float does not report how much leave is left.',
  input: INPUT,
  output: OUTPUT,
  answer,
  text: textOf,
  read: ({ records_read: read }) =>
    `Read ${read.people} people, ${read.time_off} time-off records, ${read.public_holidays + read.team_holidays} holidays.`,
  inFull: ['by_day'],
});

async function answer(args: Args, call: ToolCall): Promise<Away> {
  const range = parseRange(args.range, call.today());
  const plan = await readAbsences(call, range, args.include_placeholders);
  const chosen = await chosenOf(plan, args, call);
  const days = absenceDays({ people: chosen.people, holidays: plan.holidays, leave: chosen.leave }, range);
  const people = chosen.people.flatMap((person) => awayPerson(person, days, range)).sort(mostAwayFirst);
  const data = {
    range,
    people: people.slice(0, args.limit),
    matching: people.length,
    by_day: byDay(days),
    holidays: holidaysOf(plan.holidays, chosen.people, range),
    filters: chosen.filters,
    records_read: plan.recordsRead,
  };
  return data;
}

interface Chosen {
  readonly people: readonly Member[];
  readonly leave: readonly TypedLeave[];
  readonly filters: string[];
}

async function chosenOf(plan: AbsencePlan, args: Args, call: ToolCall): Promise<Chosen> {
  const names = Directory.forReading(call);
  const selected = await select(plan.people, args, call);
  const filters = [...selected.filters];
  let { people } = selected;
  let { leave } = plan;
  if (args.person !== undefined) {
    const id = await names.resolve('people', args.person);
    people = people.filter((person) => person.id === id);
    if (people.length === 0) throw outOfReach(await names.nameOf('people', id));
    filters.push(`person ${named(String(await names.nameOf('people', id)))}`);
  }
  if (args.type !== undefined) {
    const id = await names.resolve('timeoff-types', args.type);
    leave = leave.filter(({ typeId }) => typeId === id);
    filters.push(`type ${named(String(await names.nameOf('timeoff-types', id)))}`);
  }
  return { people, leave, filters };
}

/** Without this error the answer would claim that a person who was not evaluated is never away. */
function outOfReach(name: string | undefined): ToolProblem {
  return new ToolProblem(
    'unknown-name',
    `${named(name ?? 'that person')} is archived, or is left out by the other filters.`,
  );
}

type Found = AbsenceDay<TypedLeave>;

function awayPerson({ id, name }: Member, all: readonly Found[], range: DayRange): AwayPerson[] {
  const days = all.filter(({ person }) => person.id === id);
  if (days.length === 0) return [];
  const records = [...new Set(days.flatMap(({ leave }) => leave))];
  return [
    {
      id,
      name,
      hours: sumHours(days.map(({ confirmedHours }) => confirmedHours)),
      tentative_hours: sumHours(days.map(({ tentativeHours }) => tentativeHours)),
      spans: records
        .flatMap((leave) => spansOf(leave, days, range))
        .sort((a, b) => a.from.localeCompare(b.from) || a.time_off_id - b.time_off_id),
    },
  ];
}

/** Consecutive days that one record covers in the range; several spans if it repeats. */
function spansOf(leave: TypedLeave, days: readonly Found[], range: DayRange): z.output<typeof SPAN>[] {
  const spans: { from: Day; to: Day }[] = [];
  for (const { day } of days.filter((one) => one.leave.includes(leave))) {
    const last = spans.at(-1);
    if (last !== undefined && addDays(last.to, 1) === day) last.to = day;
    else spans.push({ from: day, to: day });
  }
  const { id, type, confirmed, hoursPerDay } = leave;
  const hours = hoursPerDay === undefined ? {} : { hours_per_day: hoursPerDay };
  return spans.map((span) => ({
    ...(overlap(span, range) ?? span),
    time_off_id: id,
    type,
    confirmed,
    full_day: hoursPerDay === undefined,
    ...hours,
  }));
}

function byDay(days: readonly Found[]): z.output<typeof BY_DAY>[] {
  const counts = new Map<Day, { away: number; tentative: number }>();
  for (const { day, confirmedHours, tentativeHours } of days) {
    const count = counts.get(day) ?? { away: 0, tentative: 0 };
    if (confirmedHours > 0) count.away += 1;
    else if (tentativeHours > 0) count.tentative += 1;
    counts.set(day, count);
  }
  return [...counts]
    .filter(([, { away, tentative }]) => away + tentative > 0)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([day, count]) => ({ day, ...count }));
}

/** Holidays of the whole team, and of the regions in which the selected people live. */
function holidaysOf(all: readonly Holiday[], people: readonly Member[], range: DayRange): Away['holidays'] {
  const regions = new Set(people.map(({ region }) => region));
  return all
    .filter(({ region }) => region === undefined || regions.has(region))
    .flatMap(({ name, region, ...span }) => {
      const inside = overlap(span, range);
      const days = inside === undefined ? [] : eachDay(inside);
      return days.map((day) => ({ day, name, ...(region === undefined ? {} : { region }) }));
    })
    .sort((a, b) => a.day.localeCompare(b.day) || a.name.localeCompare(b.name));
}

function mostAwayFirst(a: AwayPerson, b: AwayPerson): number {
  return b.hours - a.hours || b.tentative_hours - a.tentative_hours || a.name.localeCompare(b.name);
}

function textOf({ range, people, matching, holidays }: Away): string {
  const more = matching > people.length ? ` The ${people.length} who are away most are listed.` : '';
  const closed = holidays.map(({ day, name }) => `${dayText(day)} ${name}`).join(', ');
  return [
    `${matching} people have time off, ${rangeText(range)}.${more}`,
    ...people.map(lineOf),
    ...(closed === '' ? [] : [`Holidays: ${closed}.`]),
  ].join('\n');
}

function lineOf({ id, name, hours, tentative_hours: tentative, spans }: AwayPerson): string {
  const maybe = tentative > 0 ? `, ${hoursText(tentative)} h tentative` : '';
  return `- ${name} (id ${id}) ${hoursText(hours)} h away${maybe}: ${spans.map(spanText).join('; ')}`;
}

function spanText({ from, to, type, confirmed, hours_per_day: hours }: z.output<typeof SPAN>): string {
  const part = hours === undefined ? '' : `, ${hoursText(hours)} h a day`;
  return `${rangeText({ from, to })} ${type}${part}${confirmed ? '' : ' (tentative)'}`;
}
