import { type OvertimeDay, overtimeDays, parseRange } from 'resource-planning';
import * as z from 'zod';
import { Directory } from '../directory.js';
import { dayText, hoursText, RANGE_OUTPUT, RECORDS_READ, rangeText, readText, sumHours } from '../plan/format.js';
import { ARCHIVED, readOptions, readPlanWithHistory } from '../plan/history.js';
import type { Booking } from '../plan/records.js';
import { SELECTION, select } from '../plan/selection.js';
import { defineQuestion, LIMIT } from '../question.js';
import { RANGE } from '../shared-arguments.js';
import type { FloatTool, ToolCall } from '../tool.js';

/** Days listed per person in the text; the structured result has all of them. */
const MAX_DAYS_IN_TEXT = 5;

const INPUT = z.strictObject({
  range: RANGE.default('this week and next week'),
  threshold_hours: z
    .number()
    .min(0)
    .max(24)
    .default(0)
    .describe('leave out days with no more than this many hours too much'),
  ...SELECTION,
  include_archived: ARCHIVED,
  limit: LIMIT,
});

const CAUSE = z.object({
  allocation_id: z.number(),
  project_id: z.number(),
  project: z.string(),
  task: z.string().optional(),
  hours: z.number(),
  status: z.enum(['draft', 'tentative', 'confirmed', 'complete', 'cancelled']),
});
const DAY = z.object({
  day: z.string(),
  capacity: z.number(),
  confirmed_hours: z.number(),
  overtime: z.number().describe('hours too much by confirmed work alone'),
  tentative_hours: z.number(),
  tentative_overtime: z.number().describe('hours too much on top, if tentative and draft work is confirmed'),
  causes: z.array(CAUSE),
});
const PERSON = z.object({
  id: z.number(),
  name: z.string(),
  overtime_hours: z.number(),
  tentative_overtime_hours: z.number(),
  days: z.array(DAY),
});
const OUTPUT = z.object({
  range: RANGE_OUTPUT,
  people: z.array(PERSON).describe('most confirmed overtime first'),
  matching: z.number().describe('people with such days, listed or not'),
  overtime_hours: z.number(),
  tentative_overtime_hours: z.number(),
  placeholders_left_out: z.number(),
  filters: z.array(z.string()),
  records_read: RECORDS_READ,
});
type Args = z.output<typeof INPUT>;
type Overbooked = z.output<typeof OUTPUT>;
type OverbookedPerson = z.output<typeof PERSON>;
type OverbookedDay = z.output<typeof DAY>;

/** The tool `who-is-overbooked`: people with more work than working hours. */
export const whoIsOverbooked: FloatTool = defineQuestion({
  name: 'who-is-overbooked',
  title: 'Who is overbooked?',
  description:
    'People with more work than working hours on a day, and the allocations that cause it. Overtime by tentative work alone apart.',
  input: INPUT,
  output: OUTPUT,
  answer,
  text: textOf,
  read: ({ records_read: read }) => readText(read),
  inFull: ['people.days'],
});

async function answer(args: Args, call: ToolCall): Promise<Overbooked> {
  const range = parseRange(args.range, call.today());
  const plan = await readPlanWithHistory(call, range, readOptions(args));
  const { people, placeholders, filters } = await select(plan.people, args, call);
  const days = overtimeDays({ ...plan, people }, range).filter((day) => exceeds(day, args.threshold_hours));
  const rows = await peopleOf(days, Directory.forReading(call));
  const data = {
    range,
    people: rows.slice(0, args.limit),
    matching: rows.length,
    overtime_hours: sumHours(rows.map((row) => row.overtime_hours)),
    tentative_overtime_hours: sumHours(rows.map((row) => row.tentative_overtime_hours)),
    placeholders_left_out: placeholders,
    filters: [...filters, `more than ${hoursText(args.threshold_hours)} hours too much on a day`],
    records_read: plan.recordsRead,
  };
  return data;
}

/** A day with overtime by tentative work alone is shown too; its hours are listed separately. */
function exceeds({ confirmedOvertime, tentativeOvertime }: OvertimeDay, threshold: number): boolean {
  return confirmedOvertime + tentativeOvertime > threshold;
}

async function peopleOf(days: readonly OvertimeDay<Booking>[], names: Directory): Promise<OverbookedPerson[]> {
  const rows = new Map<number, { name: string; days: OverbookedDay[] }>();
  for (const day of days) {
    const row = rows.get(day.person.id) ?? { name: day.person.name, days: [] };
    row.days.push(await dayRow(day, names));
    rows.set(day.person.id, row);
  }
  return [...rows]
    .map(([id, row]) => ({
      id,
      name: row.name,
      overtime_hours: sumHours(row.days.map((day) => day.overtime)),
      tentative_overtime_hours: sumHours(row.days.map((day) => day.tentative_overtime)),
      days: row.days,
    }))
    .sort(mostOvertimeFirst);
}

function mostOvertimeFirst(a: OverbookedPerson, b: OverbookedPerson): number {
  const confirmed = b.overtime_hours - a.overtime_hours;
  return confirmed || b.tentative_overtime_hours - a.tentative_overtime_hours || a.name.localeCompare(b.name);
}

async function dayRow(day: OvertimeDay<Booking>, names: Directory): Promise<OverbookedDay> {
  return {
    day: day.day,
    capacity: day.capacity,
    confirmed_hours: day.confirmedHours,
    overtime: day.confirmedOvertime,
    tentative_hours: day.tentativeHours,
    tentative_overtime: day.tentativeOvertime,
    causes: await Promise.all(day.causes.map((work) => causeOf(work.allocation, work.hours, names))),
  };
}

async function causeOf(booking: Booking, hours: number, names: Directory): Promise<z.output<typeof CAUSE>> {
  const project = (await names.nameOf('projects', booking.projectId)) ?? `project #${booking.projectId}`;
  const task = booking.task === undefined ? {} : { task: booking.task };
  return { allocation_id: booking.id, project_id: booking.projectId, project, ...task, hours, status: booking.status };
}

function textOf(found: Overbooked): string {
  const { matching, people, placeholders_left_out: placeholders } = found;
  const verb = matching === 1 ? 'person is' : 'people are';
  const more = matching > people.length ? ` The ${people.length} with most overtime are listed.` : '';
  const out = placeholders > 0 ? ` ${placeholders} placeholders left out.` : '';
  return [
    `${matching} ${verb} overbooked, ${rangeText(found.range)}: ${overtimeText(found)}.${more}${out}`,
    ...people.map(personText),
  ].join('\n');
}

function overtimeText(hours: { overtime_hours: number; tentative_overtime_hours: number }): string {
  const tentative = hours.tentative_overtime_hours;
  const more = tentative > 0 ? `, and ${hoursText(tentative)} h more if tentative work is confirmed` : '';
  return `${hoursText(hours.overtime_hours)} h too much${more}`;
}

function personText(person: OverbookedPerson): string {
  const days = person.days.slice(0, MAX_DAYS_IN_TEXT).map((day) => `  ${dayLine(day)}`);
  const rest = person.days.length - days.length;
  const more = rest > 0 ? [`  and ${rest} more days`] : [];
  return [`- ${person.name} (id ${person.id}) ${overtimeText(person)}`, ...days, ...more].join('\n');
}

function dayLine(day: OverbookedDay): string {
  const causes = day.causes.map((cause) => {
    const status = cause.status === 'confirmed' ? '' : ` ${cause.status}`;
    return `${cause.project} ${hoursText(cause.hours)}${status} (allocation ${cause.allocation_id})`;
  });
  const scheduled = hoursText(day.confirmed_hours + day.tentative_hours);
  return `${dayText(day.day)}: ${scheduled} of ${hoursText(day.capacity)} h: ${causes.join(', ')}`;
}
