/** Plans of past days, including people who worked then and are archived now. */
import { type Day, type DayRange, earlier, lastDayOf, later } from 'resource-planning';
import * as z from 'zod';
import type { ToolCall } from '../tool.js';
import { type ReadOptions, type ReadPlan, readPlan } from './read.js';
import type { Member } from './records.js';

/** The `include_archived` argument of tools that report on the past. */
export const ARCHIVED = z.boolean().default(true).describe('in past days, people archived since');

/** Translates the arguments of a tool into options of `readPlan`. */
export function readOptions(args: {
  readonly include_placeholders: boolean;
  readonly include_archived: boolean;
}): ReadOptions {
  return { placeholders: args.include_placeholders, archived: args.include_archived };
}

/** A time entry as far as it shows when a person still worked. */
export interface Logged {
  readonly personId?: number | undefined;
  readonly day: Day;
}

/** Options of `readPlanWithHistory`. */
export interface HistoryOptions extends ReadOptions {
  /** Time entries of the range, if the tool reads them anyway: they also count as records of an archived person. */
  readonly logged?: Promise<readonly Logged[] | undefined>;
}

/** A plan of the range. Days in the past include archived people who had work, time off or logged time then. */
export async function readPlanWithHistory(
  call: ToolCall,
  range: DayRange,
  { logged, ...options }: HistoryOptions,
): Promise<ReadPlan> {
  const today = call.today();
  if (options.archived !== true || range.from >= today) return readPlan(call, range, { ...options, archived: false });
  const [plan, entries = []] = await Promise.all([readPlan(call, range, options), logged]);
  const lastDays = lastDaysOf(plan, entries, range);
  const people = plan.people.flatMap((person) => {
    if (!person.archived) return [person];
    const last = lastDays.get(person.id);
    return last === undefined ? [] : [employedUntil(person, earlier(last, today))];
  });
  return { ...plan, people };
}

/** Float does not record when a person was archived, so employment is taken to end with the last record. */
function employedUntil(person: Member, last: Day): Member {
  return { ...person, employedTo: person.employedTo === undefined ? last : earlier(person.employedTo, last) };
}

function lastDaysOf(plan: ReadPlan, entries: readonly Logged[], range: DayRange): ReadonlyMap<number, Day> {
  const last = new Map<number, Day>();
  const saw = (id: number | undefined, day: Day) => {
    if (id !== undefined) last.set(id, later(last.get(id) ?? day, day));
  };
  for (const { personId, day } of entries) saw(personId, day);
  for (const block of [...plan.allocations, ...plan.leave]) {
    const end = earlier(lastDayOf(block) ?? range.to, range.to);
    for (const id of block.personIds) saw(id, end);
  }
  return last;
}
