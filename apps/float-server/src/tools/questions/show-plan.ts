import type { RecordOf } from 'float-api';
import { type DayPlan, type DayRange, dayPlans, type Place, parseRange, stepOfCode } from 'resource-planning';
import * as z from 'zod';
import { Directory } from '../directory.js';
import { dayText, hoursText, RANGE_OUTPUT, RECORDS_READ, rangeText, readText, sumHours } from '../plan/format.js';
import { readPlanWithHistory } from '../plan/history.js';
import { memberAskedFor } from '../plan/members.js';
import type { ReadPlan } from '../plan/read.js';
import type { Booking, Member, TypedLeave } from '../plan/records.js';
import { STATUS } from '../project/format.js';
import { defineQuestion } from '../question.js';
import { NAME_OR_ID, RANGE } from '../shared-arguments.js';
import type { FloatTool, ToolCall } from '../tool.js';

const INPUT = z.strictObject({
  person: NAME_OR_ID.describe('whose plan (name or id)'),
  range: RANGE.default('this week'),
  include_tentative: z.boolean().default(true).describe('tentative and draft work counts too; it is marked'),
});

const WORK = z.object({
  allocation_id: z.number(),
  project_id: z.number(),
  project: z.string(),
  task: z.string().optional(),
  hours: z.number(),
  status: STATUS,
});
const LEAVE = z.object({
  time_off_id: z.number(),
  type: z.string(),
  hours: z.number().optional().describe('absent: the whole day'),
  confirmed: z.boolean(),
});
const TOTALS = {
  capacity: z.number().describe('working hours less confirmed leave and holidays'),
  scheduled: z.number(),
  free: z.number(),
  overtime: z.number(),
  time_off: z.number(),
};
const DAY = z.object({
  day: z.string(),
  ...TOTALS,
  holiday: z.string().optional(),
  places: z.array(z.string()).describe('where the person works, such as home'),
  work: z.array(WORK),
  leave: z.array(LEAVE),
});

const OUTPUT = z.object({
  person: z.object({ id: z.number(), name: z.string(), role: z.string().optional() }),
  range: RANGE_OUTPUT,
  totals: z.object(TOTALS),
  days: z.array(DAY).describe('days on which there is nothing at all are left out'),
  filters: z.array(z.string()),
  records_read: RECORDS_READ.extend({ statuses: z.number() }),
});
type Args = z.output<typeof INPUT>;
type Shown = z.output<typeof OUTPUT>;
type ShownDay = z.output<typeof DAY>;

/** The tool `show-plan`: the plan of one person, day by day. */
export const showPlan: FloatTool = defineQuestion({
  name: 'show-plan',
  title: 'What is one person doing?',
  description:
    'The plan of one person day by day: work, leave, holidays, place of work, free hours, overtime, and sums.',
  input: INPUT,
  output: OUTPUT,
  answer,
  text: textOf,
  read: ({ records_read: read }) => readText(read),
});

async function answer(args: Args, call: ToolCall): Promise<Shown> {
  const range = parseRange(args.range, call.today());
  const names = Directory.forReading(call);
  const [plan, statuses] = await Promise.all([
    readPlanWithHistory(call, range, { placeholders: true, archived: true }),
    call.api.listAll('statuses', { start_date: range.from, end_date: range.to }, call),
  ]);
  const member = await memberAskedFor(plan.people, await names.resolve('people', args.person), names);
  const days = daysOf(member, { plan, statuses, range }, args);
  const data = {
    person: { id: member.id, name: member.name, ...(member.jobTitle === undefined ? {} : { role: member.jobTitle }) },
    range,
    totals: totalsOf(days),
    days: (await Promise.all(days.map((day) => shownDay(day, names)))).filter(saysSomething),
    filters: [args.include_tentative ? 'tentative work counts, marked' : 'tentative work not counted'],
    records_read: { ...plan.recordsRead, statuses: statuses.length },
  };
  return data;
}

interface Material {
  readonly plan: ReadPlan;
  readonly statuses: readonly RecordOf<'statuses'>[];
  readonly range: DayRange;
}

function daysOf(member: Member, { plan, statuses, range }: Material, args: Args): DayPlan<Booking, TypedLeave>[] {
  const places = statuses.map(placeOf);
  return dayPlans(member, { ...plan, places }, range, { includeTentative: args.include_tentative });
}

const PLACES: Readonly<Record<number, string>> = { 1: 'home', 2: 'travel', 4: 'office' };

function placeOf(record: RecordOf<'statuses'>): Place {
  const { status_type_id: type, status_name: own } = record;
  return {
    personId: record.people_id,
    name: own || (PLACES[type] ?? `place ${type}`),
    from: record.start_date,
    to: record.end_date,
    repeat: stepOfCode(record.repeat_state),
    repeatUntil: record.repeat_end_date ?? undefined,
  };
}

function totalsOf(days: readonly DayPlan[]): Shown['totals'] {
  const sum = (part: 'capacity' | 'scheduled' | 'free' | 'overtime' | 'timeOff') =>
    sumHours(days.map((day) => day[part]));
  return {
    capacity: sum('capacity'),
    scheduled: sum('scheduled'),
    free: sum('free'),
    overtime: sum('overtime'),
    time_off: sum('timeOff'),
  };
}

async function shownDay(day: DayPlan<Booking, TypedLeave>, names: Directory): Promise<ShownDay> {
  const { capacity, scheduled, free, overtime, timeOff, holiday, places } = day;
  const work = day.work.map(async ({ allocation, hours }) => ({
    allocation_id: allocation.id,
    project_id: allocation.projectId,
    project: (await names.nameOf('projects', allocation.projectId)) ?? `#${allocation.projectId}`,
    ...(allocation.task === undefined ? {} : { task: allocation.task }),
    hours,
    status: allocation.status,
  }));
  return {
    day: day.day,
    ...{ capacity, scheduled, free, overtime, time_off: timeOff },
    ...(holiday === undefined ? {} : { holiday: holiday.name }),
    places: [...places],
    work: await Promise.all(work),
    leave: day.leave.map(({ id, type, hoursPerDay, confirmed }) => ({
      time_off_id: id,
      type,
      ...(hoursPerDay === undefined ? {} : { hours: hoursPerDay }),
      confirmed,
    })),
  };
}

function saysSomething({ capacity, work, leave, holiday, places }: ShownDay): boolean {
  return capacity > 0 || work.length > 0 || leave.length > 0 || holiday !== undefined || places.length > 0;
}

function textOf({ person, range, totals, days }: Shown): string {
  const over = totals.overtime > 0 ? `, ${hoursText(totals.overtime)} h overtime` : '';
  const off = totals.time_off > 0 ? `, ${hoursText(totals.time_off)} h time off` : '';
  return [
    `${person.name} (id ${person.id}), ${rangeText(range)}: ${hoursText(totals.scheduled)} of ${hoursText(totals.capacity)} h scheduled, ${hoursText(totals.free)} h free${over}${off}.`,
    ...days.map(lineOf),
  ].join('\n');
}

function lineOf(day: ShownDay): string {
  const work = day.work.map(({ project, task, hours, status }) => {
    const mark = status === 'confirmed' || status === 'complete' ? '' : ` (${status})`;
    return `${project}${task === undefined ? '' : `, ${task}`} ${hoursText(hours)} h${mark}`;
  });
  const leave = day.leave.map(({ type, hours, confirmed }) => {
    const length = hours === undefined ? '' : ` ${hoursText(hours)} h`;
    return `${type}${length}${confirmed ? '' : ' (tentative)'}`;
  });
  const holiday = day.holiday === undefined ? [] : [`holiday: ${day.holiday}`];
  const over = day.overtime > 0 ? [`${hoursText(day.overtime)} h too much`] : [];
  const free = day.free > 0 ? [`${hoursText(day.free)} h free`] : [];
  const all = [...work, ...leave, ...holiday, ...day.places, ...over, ...free];
  return `- ${dayText(day.day)}: ${all.length === 0 ? 'nothing' : all.join('; ')}`;
}
