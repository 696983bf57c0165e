import { ALLOCATION_STATUSES, FloatApiError, PROJECT_STATUSES, type Project } from 'float-api';
import {
  type Allocation,
  type Amount,
  type Booking,
  type BookingPart,
  bookingFor,
  type Day,
  type DayRange,
  normalHours,
} from 'resource-planning';
import * as z from 'zod';
import { escapedForText, named } from '../../untrusted-text.js';
import { CONFIRM, requestConsent, unchangedText } from '../consent.js';
import { Directory } from '../directory.js';
import { hoursText, RANGE_OUTPUT, RECORDS_READ, rangeText, readText } from '../plan/format.js';
import { parseFutureRange } from '../plan/future-range.js';
import { memberById } from '../plan/members.js';
import { type ReadPlan, readPlan } from '../plan/read.js';
import { ToolProblem } from '../problem.js';
import { NAME_OR_ID, RANGE } from '../shared-arguments.js';
import { type Answer, CREATES, defineTool, type FloatTool, type ToolCall } from '../tool.js';
import { EFFECT, EFFECT_FILTER, effectOn, overtimeAdded, overtimeText } from './effect.js';

const STATUSES = ['draft', 'tentative', 'confirmed'] as const;

const INPUT = z.strictObject({
  person: NAME_OR_ID.describe('who (name or id)'),
  project: NAME_OR_ID.describe('on what (name or id)'),
  range: RANGE,
  hours_per_day: z.number().positive().max(24).optional().describe('one of the three: hours of each working day'),
  percent: z.number().positive().max(300).optional().describe("one of the three: share of the person's working day"),
  total_hours: z.number().positive().max(10_000).optional().describe('one of the three: hours in all, spread evenly'),
  task: NAME_OR_ID.optional().describe('task of the project (name or id)'),
  phase: NAME_OR_ID.optional().describe('phase of the project (name or id)'),
  status: z.enum(STATUSES).optional().describe('left out: as firm as the project'),
  notes: z.string().max(2000).optional().describe('free text'),
  confirm: CONFIRM,
});

const OUTPUT = z.object({
  preview: z.boolean().describe('true: nothing was changed'),
  range: RANGE_OUTPUT,
  allocation: z.object({
    id: z.number().optional(),
    person_id: z.number(),
    person: z.string(),
    project_id: z.number(),
    project: z.string(),
    from: z.string(),
    to: z.string(),
    hours_per_day: z.number(),
    status: z.enum(STATUSES),
  }),
  further_allocations: z
    .array(z.object({ id: z.number().optional(), from: z.string(), to: z.string(), hours_per_day: z.number() }))
    .describe('where the days of the person change their length, a share of them is several allocations'),
  days: z.number().describe('days it takes place on'),
  total_hours: z.number(),
  share_of_mean_day: z.boolean().optional().describe('the days change their length too often to book each share'),
  not_booked_hours: z.number().describe('of the total asked for, what does not divide by the days'),
  effect: z.array(EFFECT),
  overtime_added: z.number(),
  days_over: z.number().describe('of the days, those before today'),
  days_off: z.boolean().describe('the days are no working days of the person: the work is put there on purpose'),
  joins_team: z.boolean().describe('the person is not in the team of the project yet'),
  filters: z.array(z.string()),
  records_read: RECORDS_READ,
});
type Args = z.output<typeof INPUT>;
type Booked = z.output<typeof OUTPUT>;

/** The tool `book-person`. */
export const bookPerson: FloatTool = defineTool({
  name: 'book-person',
  title: 'Book a person on a project',
  description:
    'Books a person on a project. Shows the effect on the days of the person first, asks the user, then writes. To change work, use save-allocation.',
  input: INPUT,
  output: OUTPUT,
  annotations: CREATES,
  run: book,
});

async function book(args: Args, call: ToolCall): Promise<Answer<Booked>> {
  const request = await resolveRequest(args, call);
  const data = previewOf(args, request, call.today());
  const question = textOf(escapedForText(data));
  const consent = await requestConsent(call, question, args.confirm);
  if (consent !== 'given') return { text: `${unchangedText(consent)}\n${question}`, data };
  const ids = await written(request, data, args, call);
  const [id, ...others] = ids;
  const done = {
    ...data,
    preview: false,
    allocation: { id, ...data.allocation },
    further_allocations: data.further_allocations.map((part, at) => ({ id: others[at], ...part })),
  };
  const which = ids.length === 1 ? `allocation ${id}` : `allocations ${ids.join(', ')}`;
  return { text: `Booked as ${which}.\n${textOf(escapedForText(done))}`, data: done };
}

/** Creates the allocations in order. @throws ToolProblem with the ids already created if Float rejects a later one */
async function written(request: BookingRequest, { allocation }: Booked, args: Args, call: ToolCall): Promise<number[]> {
  const ids: number[] = [];
  for (const part of request.booking.parts) {
    const body = { ...bodyOf(request, allocation, part), ...extras(args, request) };
    try {
      ids.push((await call.api.create('allocations', body, call)).task_id);
    } catch (error) {
      if (ids.length === 0 || !(error instanceof FloatApiError)) throw error;
      const problem = `Booked in part only: allocations ${ids.join(', ')} are there, those from ${part.from} on are not.`;
      throw new ToolProblem('booked-in-part', `${problem} ${error.message}`);
    }
  }
  return ids;
}

interface BookingRequest {
  readonly range: DayRange;
  readonly plan: ReadPlan;
  readonly person: ReadPlan['people'][number];
  readonly project: Project;
  readonly taskId: number | undefined;
  readonly phaseId: number | undefined;
  readonly booking: Booking;
}

async function resolveRequest(args: Args, call: ToolCall): Promise<BookingRequest> {
  const amount = amountOf(args);
  const range = parseFutureRange(args.range, call.today());
  const names = Directory.forWriting(call);
  const personId = await names.resolve('people', args.person);
  const projectId = await names.resolve('projects', args.project);
  const inProject = (key: 'phases' | 'project-tasks', asked: string | number | undefined) =>
    asked === undefined ? undefined : names.resolve(key, asked, { projectId });
  const [plan, project, taskId, phaseId] = await Promise.all([
    readPlan(call, range, { placeholders: true }),
    call.api.get('projects', projectId, { ...call, expand: ['project_team'] }),
    inProject('project-tasks', args.task),
    inProject('phases', args.phase),
  ]);
  await names.assertActive('projects', projectId);
  const person = await memberById(plan.people, personId, names);
  return { range, plan, person, project, taskId, phaseId, booking: bookingFor(person, plan, range, amount) };
}

function amountOf({ hours_per_day: perDay, percent, total_hours: total }: Args): Amount {
  const given = [
    ...(perDay === undefined ? [] : [{ hoursPerDay: perDay }]),
    ...(percent === undefined ? [] : [{ percent }]),
    ...(total === undefined ? [] : [{ totalHours: total }]),
  ];
  const [amount] = given;
  if (amount !== undefined && given.length === 1) return amount;
  throw new ToolProblem('conflicting-arguments', 'Give one of hours_per_day, percent and total_hours.');
}

function previewOf(args: Args, { range, plan, person, project, booking }: BookingRequest, today: Day): Booked {
  const status = args.status ?? statusOf(project);
  const { parts, days, totalHours, notBooked } = booking;
  const [{ from, to, hoursPerDay }, ...further] = parts;
  const proposed = parts.map((part): Allocation => ({ id: 0, personIds: [person.id], status, ...part }));
  const before = { ...plan, people: [person] };
  const effect = effectOn(before, [...plan.allocations, ...proposed], range).get(person.id) ?? [];
  return {
    preview: true,
    range,
    allocation: {
      person_id: person.id,
      person: person.name,
      project_id: project.project_id,
      project: project.name,
      from,
      to,
      hours_per_day: hoursPerDay,
      status,
    },
    further_allocations: further.map((part) => ({ from: part.from, to: part.to, hours_per_day: part.hoursPerDay })),
    days: days.length,
    total_hours: totalHours,
    not_booked_hours: notBooked,
    ...(booking.isMean ? { share_of_mean_day: true } : {}),
    effect,
    overtime_added: overtimeAdded(effect),
    days_over: days.filter((day) => day < today).length,
    days_off: days.every((day) => normalHours(person, day) === 0),
    joins_team: !(project.project_team ?? []).some(({ people_id: id }) => id === person.id),
    filters: [EFFECT_FILTER],
    records_read: plan.recordsRead,
  };
}

/** The status of new work is that of its project. Completed and cancelled projects need an explicit status. */
function statusOf({ name, status }: Project): (typeof STATUSES)[number] {
  const word = (PROJECT_STATUSES as Readonly<Record<number, string>>)[status];
  const known = STATUSES.find((one) => one === word);
  if (known !== undefined) return known;
  throw new ToolProblem(
    'conflicting-arguments',
    `${named(name)} is ${word}. To book on it all the same, give a status.`,
  );
}

function bodyOf(
  { project }: BookingRequest,
  { person_id: id, status }: Booked['allocation'],
  { from, to, hoursPerDay: hours }: BookingPart,
) {
  const code = Number(Object.entries(ALLOCATION_STATUSES).find(([, word]) => word === status)?.[0]);
  return { project_id: project.project_id, people_id: id, start_date: from, end_date: to, hours, status: code };
}

function extras({ notes }: Args, { taskId, phaseId }: BookingRequest) {
  return {
    ...(notes === undefined ? {} : { notes }),
    ...(taskId === undefined ? {} : { task_meta_id: taskId }),
    ...(phaseId === undefined ? {} : { phase_id: phaseId }),
  };
}

function eachText({ allocation, further_allocations: further }: Booked): string {
  const parts = [allocation, ...further];
  const hours = ({ hours_per_day: each }: { hours_per_day: number }) => `${hoursText(each)} h a day`;
  return parts.length === 1
    ? hours(allocation)
    : parts.map((part) => `${hours(part)} ${rangeText(part)}`).join(', then ');
}

function textOf(booked: Booked): string {
  const { allocation: what, days, total_hours: total, not_booked_hours: rest } = booked;
  const firmness = what.status === 'confirmed' ? '' : ` (${what.status})`;
  const sum = `${eachText(booked)}, ${hoursText(total)} h in all on ${days} ${booked.days_off ? 'days off' : 'working days'}`;
  const over = booked.days_over === 0 ? '' : ` ${booked.days_over} of the days are over.`;
  const odd = rest === 0 ? '' : ` ${hoursText(rest)} h of what was asked for do not divide by the days.`;
  const mean = booked.share_of_mean_day
    ? ' The days differ in length, so each has the share of their mean: on a short day that is more. Ask for a shorter range to book each day its own share.'
    : '';
  const joins = booked.joins_team ? ` ${what.person} is not in the team of the project yet.` : '';
  return [
    `${what.person} on ${what.project}${firmness}, ${rangeText(booked.range)}: ${sum}.${mean}${odd}${over}${joins}`,
    overtimeText(what.person, booked.effect),
    `Filters: ${booked.filters.join('; ')}. ${readText(booked.records_read)}`,
  ].join('\n');
}
