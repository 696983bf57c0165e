import { TIMEOFF_STATUSES } from 'float-api';
import { absenceDays, type ClashDay, clashes, type DayRange, type Leave } from 'resource-planning';
import * as z from 'zod';
import { escapedForText } from '../../untrusted-text.js';
import { CONFIRM, requestConsent, unchangedText } from '../consent.js';
import { Directory } from '../directory.js';
import { dayText, hoursText, RANGE_OUTPUT, RECORDS_READ, rangeText, readText, sumHours } from '../plan/format.js';
import { parseFutureRange } from '../plan/future-range.js';
import { memberById } from '../plan/members.js';
import { type ReadPlan, readPlan } from '../plan/read.js';
import type { Booking } from '../plan/records.js';
import { NAME_OR_ID, RANGE } from '../shared-arguments.js';
import { type Answer, CREATES, defineTool, type FloatTool, type ToolCall } from '../tool.js';
import { EFFECT_FILTER } from './effect.js';

const STATUSES = ['tentative', 'confirmed'] as const;
const MAX_DAYS_IN_TEXT = 10;

const INPUT = z.strictObject({
  person: NAME_OR_ID.describe('who (name or id)'),
  type: NAME_OR_ID.describe('type of time off (name or id)'),
  range: RANGE,
  hours_per_day: z.number().positive().max(24).optional().describe('left out: whole days'),
  status: z.enum(STATUSES).default('confirmed').describe('tentative: a request that is still to be approved'),
  notes: z.string().max(2000).optional().describe('free text'),
  confirm: CONFIRM,
});

const WORK = z.object({ allocation_id: z.number(), project_id: z.number(), project: z.string(), hours: z.number() });
const DAY = z.object({ day: z.string(), scheduled: z.number(), clash: z.number(), work: z.array(WORK) });

const OUTPUT = z.object({
  preview: z.boolean().describe('true: nothing was changed'),
  range: RANGE_OUTPUT,
  time_off: z.object({
    id: z.number().optional(),
    person_id: z.number(),
    person: z.string(),
    type_id: z.number(),
    type: z.string(),
    from: z.string(),
    to: z.string(),
    full_day: z.boolean(),
    hours_per_day: z.number().optional(),
    status: z.enum(STATUSES),
  }),
  clash_hours: z.number().describe('planned work that the time off leaves no room for'),
  days: z.array(DAY).describe('the days with such work'),
  already_away: z.array(z.string()).describe('days of the range on which the person has time off already'),
  filters: z.array(z.string()),
  records_read: RECORDS_READ,
});
type Args = z.output<typeof INPUT>;
type Booked = z.output<typeof OUTPUT>;

/** The tool `book-time-off`. */
export const bookTimeOff: FloatTool = defineTool({
  name: 'book-time-off',
  title: 'Book time off',
  description:
    'Books or requests time off for one person, whole days or some hours. Shows the work it clashes with first, asks the user, then writes. Float does not report how much leave is left.',
  input: INPUT,
  output: OUTPUT,
  annotations: CREATES,
  run: book,
});

async function book(args: Args, call: ToolCall): Promise<Answer<Booked>> {
  const range = parseFutureRange(args.range, call.today());
  const names = Directory.forWriting(call);
  const personId = await names.resolve('people', args.person);
  const typeId = await names.resolve('timeoff-types', args.type);
  const plan = await readPlan(call, range, { placeholders: true });
  const person = await memberById(plan.people, personId, names);
  const type = (await names.nameOf('timeoff-types', typeId)) ?? `type ${typeId}`;
  const data = await previewOf(args, { plan, range, person, type: { id: typeId, name: type }, names });
  const question = textOf(escapedForText(data));
  const consent = await requestConsent(call, question, args.confirm);
  if (consent !== 'given') return { text: `${unchangedText(consent)}\n${question}`, data };
  const saved = await call.api.create('timeoffs', bodyOf(args, data.time_off), call);
  const done = { ...data, preview: false, time_off: { id: saved.timeoff_id, ...data.time_off } };
  return { text: `Booked as time off ${saved.timeoff_id}.\n${textOf(escapedForText(done))}`, data: done };
}

interface TimeOffRequest {
  readonly plan: ReadPlan;
  readonly range: DayRange;
  readonly person: ReadPlan['people'][number];
  readonly type: { readonly id: number; readonly name: string };
  readonly names: Directory;
}

async function previewOf(args: Args, { plan, range, person, type, names }: TimeOffRequest): Promise<Booked> {
  const { hours_per_day: hoursPerDay, status } = args;
  const wanted: Leave = { personIds: [person.id], hoursPerDay, confirmed: true, ...range };
  const own = { ...plan, people: [person] };
  const found = clashes({ ...own, leave: [wanted] }, range, { includeTentative: true });
  const days = await Promise.all(found.map((day) => clashRow(day, names)));
  return {
    preview: true,
    range,
    time_off: {
      person_id: person.id,
      person: person.name,
      type_id: type.id,
      type: type.name,
      ...range,
      full_day: hoursPerDay === undefined,
      ...(hoursPerDay === undefined ? {} : { hours_per_day: hoursPerDay }),
      status,
    },
    clash_hours: sumHours(days.map(({ clash }) => clash)),
    days,
    already_away: awayAlready(own, range),
    filters: [EFFECT_FILTER],
    records_read: plan.recordsRead,
  };
}

async function clashRow(day: ClashDay<Booking>, names: Directory): Promise<z.output<typeof DAY>> {
  const work = day.work.map(async ({ allocation, hours }) => ({
    allocation_id: allocation.id,
    project_id: allocation.projectId,
    project: (await names.nameOf('projects', allocation.projectId)) ?? `project #${allocation.projectId}`,
    hours,
  }));
  return { day: day.day, scheduled: day.scheduled, clash: day.confirmedClash, work: await Promise.all(work) };
}

function awayAlready({ people, leave, holidays }: ReadPlan, range: DayRange): string[] {
  return absenceDays({ people, leave, holidays }, range).map(({ day }) => day);
}

function bodyOf({ notes }: Args, { type_id: type, person_id: person, ...off }: Booked['time_off']) {
  const code = Number(Object.entries(TIMEOFF_STATUSES).find(([, word]) => word === off.status)?.[0]);
  return {
    timeoff_type_id: type,
    people_ids: [person],
    start_date: off.from,
    end_date: off.to,
    status: code,
    ...(off.hours_per_day === undefined ? { full_day: 1 as const } : { hours: off.hours_per_day }),
    ...(notes === undefined ? {} : { timeoff_notes: notes }),
  };
}

function textOf(booked: Booked): string {
  const { time_off: off, days, already_away: away } = booked;
  const part = off.hours_per_day === undefined ? 'whole days' : `${hoursText(off.hours_per_day)} h a day`;
  const firmness = off.status === 'confirmed' ? '' : ' (tentative)';
  const before = away.length === 0 ? [] : [`${off.person} has time off already on ${away.join(', ')}.`];
  return [
    `${off.type} for ${off.person}${firmness}, ${rangeText(booked.range)}, ${part}.`,
    clashText(booked),
    ...days.slice(0, MAX_DAYS_IN_TEXT).map(dayLine),
    ...(days.length > MAX_DAYS_IN_TEXT ? [`  and ${days.length - MAX_DAYS_IN_TEXT} more days`] : []),
    ...before,
    `Filters: ${booked.filters.join('; ')}. ${readText(booked.records_read)}`,
  ].join('\n');
}

function clashText({ clash_hours: hours, days }: Booked): string {
  return hours === 0
    ? 'No planned work is in the way.'
    : `Clashes with ${hoursText(hours)} h of work on ${days.length} days:`;
}

function dayLine({ day, clash, work }: z.output<typeof DAY>): string {
  const what = work.map(({ project, hours, allocation_id: id }) => `${project} ${hoursText(hours)} (allocation ${id})`);
  return `  ${dayText(day)}: ${hoursText(clash)} h of ${what.join(', ')}`;
}
