import {
  addDays,
  type Day,
  type DayRange,
  earlier,
  type MissingDay,
  missingDays,
  type PlannedAndLogged,
  parseRange,
  scheduledTime,
  type TimeEntry,
  type Variance,
  varianceBy,
} from 'resource-planning';
import * as z from 'zod';
import { named as namedText } from '../../untrusted-text.js';
import { Directory } from '../directory.js';
import { dayText, hoursText, RANGE_OUTPUT, RECORDS_READ, rangeText, readText, sumHours } from '../plan/format.js';
import { ARCHIVED, readOptions, readPlanWithHistory } from '../plan/history.js';
import { memberAskedFor } from '../plan/members.js';
import type { ReadPlan } from '../plan/read.js';
import type { Member } from '../plan/records.js';
import { SELECTION, select } from '../plan/selection.js';
import { type LoggedEntry, readLogged, requireLogged } from '../project/logged.js';
import { defineQuestion, LIMIT } from '../question.js';
import { NAME_OR_ID, RANGE } from '../shared-arguments.js';
import type { FloatTool, ToolCall } from '../tool.js';

const GROUPS = ['person', 'project', 'person-project', 'day'] as const;
const MAX_MISSING_IN_TEXT = 10;

const INPUT = z.strictObject({
  range: RANGE.default('last week'),
  person: NAME_OR_ID.optional().describe('only this person (name or id)'),
  project: NAME_OR_ID.optional().describe('only time on this project (name or id)'),
  group_by: z.enum(GROUPS).default('person').describe('what a row stands for'),
  ...SELECTION,
  include_archived: ARCHIVED,
  include_tentative: z.boolean().default(false).describe('tentative and draft work counts as planned'),
  limit: LIMIT,
});

const HOURS = { planned: z.number(), logged: z.number(), difference: z.number().describe('logged less planned') };
const ROW = z.object({
  person_id: z.number().optional(),
  person: z.string().optional(),
  project_id: z.number().optional(),
  project: z.string().optional(),
  day: z.string().optional(),
  ...HOURS,
});
const MISSING = z.object({ person_id: z.number(), name: z.string(), day: z.string(), planned: z.number() });

const OUTPUT = z.object({
  range: RANGE_OUTPUT,
  totals: z.object(HOURS),
  rows: z.array(ROW).describe('the largest difference first; days in order'),
  matching: z.number().describe('rows there are, listed or not'),
  missing_days: z.array(MISSING).describe('planned work up to yesterday, and nothing logged on any project'),
  missing: z.number().describe('such days there are, listed or not'),
  locked_entries: z.number().describe('entries whose timesheet is locked: they cannot be changed'),
  filters: z.array(z.string()),
  records_read: RECORDS_READ.extend({ logged_time: z.number() }),
});
type Args = z.output<typeof INPUT>;
type Row = z.output<typeof ROW>;
type Compared = z.output<typeof OUTPUT>;

/** The tool `logged-vs-planned`. */
export const loggedVsPlanned: FloatTool = defineQuestion({
  name: 'logged-vs-planned',
  title: 'Logged time against the plan',
  description:
    'Logged against planned hours; days with planned work and nothing logged; locked entries. To log time, use save-logged-time.',
  input: INPUT,
  output: OUTPUT,
  answer,
  text: textOf,
  read: ({ records_read: read }) => `${readText(read)} Read ${read.logged_time} time entries.`,
});

async function answer(args: Args, call: ToolCall): Promise<Compared> {
  const range = parseRange(args.range, call.today());
  const names = Directory.forReading(call);
  const reading = readLogged(call, { start_date: range.from, end_date: range.to });
  const [plan, logged] = await Promise.all([
    readPlanWithHistory(call, range, { ...readOptions(args), logged: reading }),
    reading,
  ]);
  const entries = requireLogged(logged, 'Use show-utilization for scheduled hours.');
  const { people, projectId, filters } = await chosenOf(args, { plan, names, call });
  const all = timeOf(args, { plan, people, entries, range });
  const time = onProject(all, projectId);
  const rows = await rowsOf(time, args.group_by, names);
  // A day logged on another project is not missing, so projects are not filtered here.
  const missing = missingDays({ scheduled: time.scheduled, logged: all.logged }, lastDay(range, call.today()));
  const data = {
    range,
    totals: totalsOf(time),
    rows: rows.slice(0, args.limit),
    matching: rows.length,
    missing_days: missing.slice(0, args.limit).map((day) => missingRow(day, people)),
    missing: missing.length,
    locked_entries: lockedOf(all.logged, projectId),
    filters: [...filters, args.include_tentative ? 'tentative work counts as planned' : 'tentative work not counted'],
    records_read: { ...plan.recordsRead, logged_time: entries.length },
  };
  return data;
}

interface Choosing {
  readonly plan: ReadPlan;
  readonly names: Directory;
  readonly call: ToolCall;
}

async function chosenOf(args: Args, { plan, names, call }: Choosing) {
  const selected = await select(plan.people, args, call);
  const filters = [...selected.filters];
  let { people } = selected;
  if (args.person !== undefined) {
    const id = await names.resolve('people', args.person);
    people = [await memberAskedFor(people, id, names)];
    filters.push(`person ${namedText(String(people[0]?.name))}`);
  }
  const projectId = args.project === undefined ? undefined : await names.resolve('projects', args.project);
  if (projectId !== undefined) filters.push(`project ${namedText(String(await names.nameOf('projects', projectId)))}`);
  return { people, projectId, filters };
}

interface Material {
  readonly plan: ReadPlan;
  readonly people: readonly Member[];
  readonly entries: readonly LoggedEntry[];
  readonly range: DayRange;
}

/** Unassigned work is left out: no one could log it. */
function timeOf({ include_tentative: includeTentative }: Args, { plan, people, entries, range }: Material) {
  const ids = new Set(people.map(({ id }) => id));
  const scheduled: TimeEntry[] = scheduledTime({ ...plan, people }, range, { includeTentative });
  return {
    scheduled: scheduled.filter(({ personId }) => personId !== undefined),
    logged: entries.filter(({ personId }) => personId !== undefined && ids.has(personId)),
  };
}

function onProject({ scheduled, logged }: PlannedAndLogged, projectId: number | undefined): PlannedAndLogged {
  const fits = (entry: TimeEntry) => projectId === undefined || entry.projectId === projectId;
  return { scheduled: scheduled.filter(fits), logged: logged.filter(fits) };
}

/** The last day on which an entry can be missing: today is not over yet. */
function lastDay({ to }: DayRange, today: Day): Day {
  return earlier(addDays(today, -1), to);
}

const KEYS: Readonly<Record<Args['group_by'], (entry: TimeEntry) => string>> = {
  person: ({ personId }) => `${personId}||`,
  project: ({ projectId }) => `|${projectId}|`,
  'person-project': ({ personId, projectId }) => `${personId}|${projectId}|`,
  day: ({ day }) => `||${day}`,
};

async function rowsOf(time: PlannedAndLogged, group: Args['group_by'], names: Directory): Promise<Row[]> {
  const rows = await Promise.all(varianceBy(time, KEYS[group]).map((variance) => rowOf(variance, names)));
  return rows.sort(group === 'day' ? byDay : byDifference);
}

async function rowOf({ key, planned, logged, difference }: Variance<string>, names: Directory): Promise<Row> {
  const [person, project, day] = key.split('|');
  const hours = { planned, logged, difference };
  return {
    ...(person ? { person_id: Number(person), person: await named('people', Number(person), names) } : {}),
    ...(project ? { project_id: Number(project), project: await named('projects', Number(project), names) } : {}),
    ...(day ? { day } : {}),
    ...hours,
  };
}

async function named(key: 'people' | 'projects', id: number, names: Directory): Promise<string> {
  return (await names.nameOf(key, id)) ?? `#${id}`;
}

function byDay(a: Row, b: Row): number {
  return (a.day ?? '').localeCompare(b.day ?? '');
}

function byDifference(a: Row, b: Row): number {
  const name = ({ person = '', project = '' }: Row) => `${person} ${project}`;
  return Math.abs(b.difference) - Math.abs(a.difference) || name(a).localeCompare(name(b));
}

function totalsOf({ scheduled, logged }: PlannedAndLogged): Compared['totals'] {
  const [planned, done] = [scheduled, logged].map((entries) => sumHours(entries.map(({ hours }) => hours))) as [
    number,
    number,
  ];
  return { planned, logged: done, difference: sumHours([done, -planned]) };
}

function missingRow({ personId, day, planned }: MissingDay, people: readonly Member[]): z.output<typeof MISSING> {
  const name = people.find(({ id }) => id === personId)?.name ?? `#${personId}`;
  return { person_id: personId, name, day, planned };
}

function lockedOf(entries: readonly LoggedEntry[], projectId: number | undefined): number {
  return entries.filter(({ locked, projectId: own }) => locked && (projectId === undefined || own === projectId))
    .length;
}

function textOf(found: Compared): string {
  const { totals, rows, matching, missing_days: missing } = found;
  const more = matching > rows.length ? ` The first ${rows.length} of ${matching} rows are listed.` : '';
  const locked = found.locked_entries > 0 ? ` ${found.locked_entries} entries are locked.` : '';
  const days = missing
    .slice(0, MAX_MISSING_IN_TEXT)
    .map(({ name, day, planned }) => `${name} ${dayText(day)} ${hoursText(planned)} h`);
  const rest = found.missing > days.length ? ` and ${found.missing - days.length} more` : '';
  return [
    `${rangeText(found.range)}: ${hoursLine(totals)}.${more}${locked}`,
    ...rows.map((row) => `- ${[row.person, row.project, row.day].filter(Boolean).join(', ')}: ${hoursLine(row)}`),
    found.missing === 0 ? 'No day with planned work lacks an entry.' : `Nothing logged: ${days.join(', ')}${rest}.`,
  ].join('\n');
}

function hoursLine({ planned, logged, difference }: Compared['totals']): string {
  const sign = difference > 0 ? '+' : '';
  return `${hoursText(logged)} h logged, ${hoursText(planned)} h planned (${sign}${hoursText(difference)})`;
}
