import {
  type DayRange,
  type PersonUtilisation,
  parseRange,
  periodsOf,
  type TimeEntry,
  utilisation,
} from 'resource-planning';
import * as z from 'zod';
import { hoursText, RANGE_OUTPUT, RECORDS_READ, rangeText, readText } from '../plan/format.js';
import { ARCHIVED, readOptions, readPlanWithHistory } from '../plan/history.js';
import type { ReadPlan } from '../plan/read.js';
import type { Member } from '../plan/records.js';
import { SELECTION, select } from '../plan/selection.js';
import { readLogged, requireLogged, TIME_TRACKING_OFF } from '../project/logged.js';
import { defineQuestion, LIMIT } from '../question.js';
import { RANGE } from '../shared-arguments.js';
import type { FloatTool, ToolCall } from '../tool.js';
import { tentativeText } from './basis.js';
import { UTILIZATION, type UtilizationRow, utilizationRow } from './utilization-row.js';

const INPUT = z.strictObject({
  range: RANGE.default('this month'),
  group_by: z.enum(['person', 'department', 'role', 'none']).default('person').describe('what a row stands for'),
  data_set: z
    .enum(['scheduled', 'logged'])
    .default('scheduled')
    .describe('hours that the order and the text go by; the data has both'),
  periods: z.enum(['week', 'month']).optional().describe('also the sum of each week or month of the range'),
  ...SELECTION,
  include_archived: ARCHIVED,
  include_tentative: z.boolean().default(false).describe('tentative and draft work counts as scheduled'),
  limit: LIMIT,
});

const GROUP = z.object({
  id: z.number().optional().describe('of the person, department or role; absent for people without one'),
  name: z.string(),
  people: z.number(),
  ...UTILIZATION,
});

const OUTPUT = z.object({
  range: RANGE_OUTPUT,
  formula: z.string(),
  total: z.object({ people: z.number(), ...UTILIZATION }),
  groups: z.array(GROUP).describe('highest per cent first'),
  matching: z.number().describe('rows there are, listed or not'),
  periods: z.array(z.object({ from: z.string(), to: z.string(), ...UTILIZATION })),
  placeholders_left_out: z.number(),
  filters: z.array(z.string()),
  records_read: RECORDS_READ.extend({ logged_time: z.number().optional() }),
});
type Args = z.output<typeof INPUT>;
type Group = z.output<typeof GROUP>;
type Used = z.output<typeof OUTPUT>;

const CAPACITY = 'capacity = working hours less confirmed leave and holidays';

/** The tool `show-utilization`. */
export const showUtilization: FloatTool = defineQuestion({
  name: 'show-utilization',
  title: 'How well are people used?',
  description:
    'Capacity, scheduled, billable, unscheduled, overtime, time off and logged hours, with per cents and the formula.',
  input: INPUT,
  output: OUTPUT,
  answer,
  text: textOf,
  read: ({ records_read: { logged_time: entries, ...read } }) =>
    `${readText(read)}${entries === undefined ? '' : ` Read ${entries} time entries.`}`,
});

async function answer(args: Args, call: ToolCall): Promise<Used> {
  const range = parseRange(args.range, call.today());
  const reading = readLogged(call, { start_date: range.from, end_date: range.to });
  const [plan, logged] = await Promise.all([
    readPlanWithHistory(call, range, { ...readOptions(args), logged: reading }),
    reading,
  ]);
  const { data_set: set } = args;
  if (set === 'logged') requireLogged(logged, 'Use data_set "scheduled".');
  const { people, placeholders, filters } = await select(plan.people, args, call);
  const material = { plan, people, logged, includeTentative: args.include_tentative };
  const rows = rowsIn(range, material);
  const groups = groupsOf(rows, people, { by: args.group_by, set, withLogged: logged !== undefined });
  const data = {
    range,
    formula: `${set} % = ${set} hours / capacity; ${CAPACITY}`,
    total: { people: people.length, ...utilizationRow(rows, logged !== undefined) },
    groups: groups.slice(0, args.limit),
    matching: groups.length,
    periods:
      args.periods === undefined ? [] : periodsOf(range, args.periods).map((period) => periodRow(period, material)),
    placeholders_left_out: placeholders,
    filters: [...filters, tentativeText(args.include_tentative), ...(logged === undefined ? [TIME_TRACKING_OFF] : [])],
    records_read: { ...plan.recordsRead, ...(logged === undefined ? {} : { logged_time: logged.length }) },
  };
  return data;
}

interface Material {
  readonly plan: ReadPlan;
  readonly people: readonly Member[];
  readonly logged: readonly TimeEntry[] | undefined;
  readonly includeTentative: boolean;
}

function rowsIn(range: DayRange, { plan, people, logged = [], includeTentative }: Material): PersonUtilisation[] {
  return utilisation({ ...plan, people }, range, logged, { includeTentative });
}

function periodRow(period: DayRange, material: Material): Used['periods'][number] {
  return { ...period, ...utilizationRow(rowsIn(period, material), material.logged !== undefined) };
}

type KeyOf = (member: Member) => { readonly id: number | undefined; readonly name: string };

const KEYS: Readonly<Record<Exclude<Args['group_by'], 'none'>, KeyOf>> = {
  person: ({ id, name }) => ({ id, name }),
  department: ({ departmentId: id, department }) => ({ id, name: department ?? 'no department' }),
  role: ({ roleId: id, jobTitle }) => ({ id, name: jobTitle ?? 'no role' }),
};

interface Grouping {
  readonly by: Args['group_by'];
  readonly set: Args['data_set'];
  readonly withLogged: boolean;
}

function groupsOf(
  rows: readonly PersonUtilisation[],
  people: readonly Member[],
  { by, set, withLogged }: Grouping,
): Group[] {
  if (by === 'none') return [];
  const rowOf = new Map(rows.map((row) => [row.person.id, row]));
  const groups = new Map<string, { head: ReturnType<KeyOf>; rows: PersonUtilisation[] }>();
  for (const member of people) {
    const head = KEYS[by](member);
    const key = String(head.id ?? head.name);
    const group = groups.get(key) ?? { head, rows: [] };
    const row = rowOf.get(member.id);
    if (row !== undefined) group.rows.push(row);
    groups.set(key, group);
  }
  const share = ({ percent }: Group) => percent[set] ?? -1;
  return [...groups.values()]
    .map(({ head: { id, name }, rows: own }) => ({
      ...(id === undefined ? {} : { id }),
      name,
      people: own.length,
      ...utilizationRow(own, withLogged),
    }))
    .sort((a, b) => share(b) - share(a) || a.name.localeCompare(b.name));
}

function textOf(found: Used, { group_by: by, data_set: set }: Args): string {
  const { total, groups, matching, placeholders_left_out: placeholders } = found;
  const more = matching > groups.length ? ` The first ${groups.length} of ${matching} rows are listed.` : '';
  const out = placeholders > 0 ? ` ${placeholders} placeholders left out.` : '';
  return [
    `${countText(total)}, ${rangeText(found.range)}: ${lineOf(total, set)}.${more}${out}`,
    ...groups.map(
      (group) => `- ${group.name} (${by === 'person' ? `id ${group.id}` : countText(group)}): ${lineOf(group, set)}`,
    ),
    ...found.periods.map((period) => `${rangeText(period)}: ${lineOf(period, set)}`),
    `Formula: ${found.formula}.`,
  ].join('\n');
}

function countText({ people }: Pick<Group, 'people'>): string {
  return people === 1 ? '1 person' : `${people} people`;
}

function lineOf(row: UtilizationRow, set: Args['data_set']): string {
  const scheduled = `${partText('scheduled', row.scheduled, row.percent.scheduled)}, ${hoursText(row.billable)} billable`;
  const logged = row.logged === undefined ? [] : [partText('logged', row.logged, row.percent.logged)];
  const parts = set === 'logged' ? [...logged, scheduled] : [scheduled, ...logged];
  const overtime = row.overtime > 0 ? [`overtime ${hoursText(row.overtime)}`] : [];
  const tentative = row.tentative > 0 ? [`tentative ${hoursText(row.tentative)}`] : [];
  const rest = [
    `unscheduled ${hoursText(row.unscheduled)}`,
    ...overtime,
    ...tentative,
    `time off ${hoursText(row.time_off)}`,
  ];
  return `${[...parts, `capacity ${hoursText(row.capacity)}`, ...rest].join('; ')} h`;
}

function partText(name: string, hours: number, percent: number | undefined): string {
  return `${name} ${hoursText(hours)}${percent === undefined ? '' : ` (${percent.toFixed(1)} %)`}`;
}
