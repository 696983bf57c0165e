import { type ClashDay, clashes, parseRange } from 'resource-planning';
import * as z from 'zod';
import { named } from '../../untrusted-text.js';
import { Directory } from '../directory.js';
import { dayText, hoursText, RANGE_OUTPUT, RECORDS_READ, rangeText, readText, sumHours } from '../plan/format.js';
import { memberAskedFor } from '../plan/members.js';
import { type ReadPlan, readPlan } from '../plan/read.js';
import type { Booking, Member, TypedLeave } from '../plan/records.js';
import { SELECTION, select } from '../plan/selection.js';
import { defineQuestion, LIMIT } from '../question.js';
import { NAME_OR_ID, RANGE } from '../shared-arguments.js';
import type { FloatTool, ToolCall } from '../tool.js';

/** Days listed per person in the text; the structured result has all of them. */
const MAX_DAYS_IN_TEXT = 5;

const INPUT = z.strictObject({
  range: RANGE.default('next 4 weeks'),
  person: NAME_OR_ID.optional().describe('only this person (name or id)'),
  project: NAME_OR_ID.optional().describe('only days with work on this project (name or id)'),
  ...SELECTION,
  include_tentative: z.boolean().default(false).describe('tentative and draft work clashes too'),
  limit: LIMIT,
});

const DAY = z.object({
  day: z.string(),
  scheduled: z.number().describe('planned on the day, as if there were no leave'),
  confirmed_clash: z.number().describe('hours of work that confirmed leave leaves no room for'),
  tentative_clash: z.number().describe('hours on top, if tentative leave is confirmed'),
  leave: z.array(
    z.object({
      time_off_id: z.number(),
      type: z.string(),
      hours: z.number().optional().describe('absent: the whole day'),
      confirmed: z.boolean(),
    }),
  ),
  work: z.array(
    z.object({ allocation_id: z.number(), project_id: z.number(), project: z.string(), hours: z.number() }),
  ),
});
const PERSON = z.object({
  id: z.number(),
  name: z.string(),
  confirmed_clash_hours: z.number(),
  tentative_clash_hours: z.number(),
  days: z.array(DAY),
});

const OUTPUT = z.object({
  range: RANGE_OUTPUT,
  people: z.array(PERSON).describe('most clashing hours first'),
  matching: z.number().describe('people with clashes, listed or not'),
  confirmed_clash_hours: z.number(),
  tentative_clash_hours: z.number(),
  filters: z.array(z.string()),
  records_read: RECORDS_READ,
});
type Args = z.output<typeof INPUT>;
type Found = z.output<typeof OUTPUT>;
type Person = z.output<typeof PERSON>;
type Day = z.output<typeof DAY>;
type Clash = ClashDay<Booking, TypedLeave>;

/** The tool `leave-clashes`: planned work on days of leave. */
export const leaveClashes: FloatTool = defineQuestion({
  name: 'leave-clashes',
  title: 'Where does leave clash with work?',
  description: 'Days on which leave collides with work, with both records. Confirmed and tentative leave apart.',
  input: INPUT,
  output: OUTPUT,
  answer,
  text: textOf,
  read: ({ records_read: read }) => readText(read),
  inFull: ['people.days'],
});

async function answer(args: Args, call: ToolCall): Promise<Found> {
  const range = parseRange(args.range, call.today());
  const names = Directory.forReading(call);
  const plan = await readPlan(call, range, { placeholders: withPlaceholders(args) });
  const { people, projectId, filters } = await chosenOf(args, plan, { names, call });
  const found = clashes({ ...plan, people }, range, { includeTentative: args.include_tentative }).filter((day) =>
    isOn(day, projectId),
  );
  const rows = (await Promise.all(people.map((person) => personOf(person, found, names)))).filter(
    ({ days }) => days.length > 0,
  );
  const data = {
    range,
    people: rows.sort(worstFirst).slice(0, args.limit),
    matching: rows.length,
    confirmed_clash_hours: sumHours(rows.map((row) => row.confirmed_clash_hours)),
    tentative_clash_hours: sumHours(rows.map((row) => row.tentative_clash_hours)),
    filters: [...filters, args.include_tentative ? 'tentative work counts' : 'tentative work not counted'],
    records_read: plan.recordsRead,
  };
  return data;
}

/** A person named in the call is included even if a placeholder. */
function withPlaceholders({ include_placeholders: included, person }: Args): boolean {
  return included || person !== undefined;
}

async function chosenOf(args: Args, plan: ReadPlan, { names, call }: { names: Directory; call: ToolCall }) {
  const selection = { ...args, include_placeholders: withPlaceholders(args) };
  const { people, filters } = await select(plan.people, selection, call);
  const applied = [...filters];
  const member =
    args.person === undefined
      ? undefined
      : await memberAskedFor(plan.people, await names.resolve('people', args.person), names);
  if (member !== undefined) applied.push(`person ${named(member.name)}`);
  const projectId = args.project === undefined ? undefined : await names.resolve('projects', args.project);
  if (projectId !== undefined) applied.push(`work on ${named(String(await names.nameOf('projects', projectId)))}`);
  return { people: people.filter(({ id }) => member === undefined || id === member.id), projectId, filters: applied };
}

/** A day counts if any of its work is on the project: which part of the day's work fails to fit is not defined. */
function isOn({ work }: Clash, projectId: number | undefined): boolean {
  return projectId === undefined || work.some(({ allocation }) => allocation.projectId === projectId);
}

async function personOf({ id, name }: Member, found: readonly Clash[], names: Directory): Promise<Person> {
  const own = found.filter(({ person }) => person.id === id);
  return {
    id,
    name,
    confirmed_clash_hours: sumHours(own.map(({ confirmedClash }) => confirmedClash)),
    tentative_clash_hours: sumHours(own.map(({ tentativeClash }) => tentativeClash)),
    days: await Promise.all(own.map((day) => dayOf(day, names))),
  };
}

async function dayOf({ day, scheduled, confirmedClash, tentativeClash, leave, work }: Clash, names: Directory) {
  const rows = work.map(async ({ allocation: { id, projectId }, hours }) => ({
    allocation_id: id,
    project_id: projectId,
    project: (await names.nameOf('projects', projectId)) ?? `#${projectId}`,
    hours,
  }));
  return {
    day,
    scheduled,
    confirmed_clash: confirmedClash,
    tentative_clash: tentativeClash,
    leave: leave.map(({ id, type, hoursPerDay, confirmed }) => ({
      time_off_id: id,
      type,
      ...(hoursPerDay === undefined ? {} : { hours: hoursPerDay }),
      confirmed,
    })),
    work: await Promise.all(rows),
  } satisfies Day;
}

function worstFirst(a: Person, b: Person): number {
  const hours = (one: Person) => one.confirmed_clash_hours + one.tentative_clash_hours;
  return hours(b) - hours(a) || a.name.localeCompare(b.name);
}

function textOf(found: Found): string {
  const { people, matching, confirmed_clash_hours: sure, tentative_clash_hours: maybe } = found;
  const more = matching > people.length ? ` The first ${people.length} are listed.` : '';
  return [
    `${matching} people have work on days of leave, ${rangeText(found.range)}: ${hoursText(sure)} h against confirmed leave, ${hoursText(maybe)} h against tentative.${more}`,
    ...people.map(lineOf),
  ].join('\n');
}

function lineOf({ id, name, days }: Person): string {
  const shown = days.slice(0, MAX_DAYS_IN_TEXT).map(dayLine);
  const rest = days.length > shown.length ? `; and ${days.length - shown.length} more days` : '';
  return `- ${name} (id ${id}): ${shown.join('; ')}${rest}`;
}

function dayLine({ day, confirmed_clash: sure, tentative_clash: maybe, leave, work }: Day): string {
  const why = leave.map(({ type, confirmed }) => `${type}${confirmed ? '' : ' (tentative)'}`).join(', ');
  const what = work.map(({ project, hours }) => `${project} ${hoursText(hours)} h`).join(', ');
  return `${dayText(day)} ${hoursText(sure + maybe)} h (${why}; ${what})`;
}
