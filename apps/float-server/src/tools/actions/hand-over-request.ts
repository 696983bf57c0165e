import type { Allocation as FloatAllocation } from 'float-api';
import { type DayRange, earlier, type Holiday, later, splitReach } from 'resource-planning';
import { Directory } from '../directory.js';
import { parseFutureRange } from '../plan/future-range.js';
import { memberById } from '../plan/members.js';
import { type ReadPlan, readPlan } from '../plan/read.js';
import { type Booking, bookingOf, type Member, publicHolidaysOf, teamHolidayOf } from '../plan/records.js';
import { ToolProblem } from '../problem.js';
import type { ToolCall } from '../tool.js';
import { EFFECT_FILTER } from './effect.js';
import type { Edit, HandOver } from './hand-over-edits.js';

/** The arguments of a hand-over. */
export interface HandOverArguments extends Pick<HandOver, 'shared'> {
  readonly from_person: number | string;
  readonly to_person: number | string;
  readonly project?: number | string | undefined;
  readonly range: string;
}

/** A resolved hand-over with the records it affects. */
export interface HandOverRequest extends HandOver {
  readonly plan: ReadPlan;
  readonly records: readonly FloatAllocation[];
  readonly filters: readonly string[];
}

/**
 * Resolves names and reads the affected records.
 *
 * @throws ToolProblem for unknown names, archived people, and if both people are the same
 */
export async function resolveRequest(asked: HandOverArguments, call: ToolCall): Promise<HandOverRequest> {
  const range = parseFutureRange(asked.range, call.today());
  const names = Directory.forWriting(call);
  const fromId = await names.resolve('people', asked.from_person);
  const toId = await names.resolve('people', asked.to_person);
  if (fromId === toId) throw new ToolProblem('conflicting-arguments', 'Both people are the same.');
  const projectId = asked.project === undefined ? undefined : await names.resolve('projects', asked.project);
  const [plan, all] = await Promise.all([
    readPlan(call, range, { placeholders: true }),
    call.api.listAll('allocations', { start_date: range.from, end_date: range.to }, call),
  ]);
  const meant = new Set(plan.allocations.filter((one) => isIncluded(one, fromId, projectId)).map(({ id }) => id));
  const records = all.filter(({ task_id: id }) => meant.has(id));
  const project = projectId === undefined ? [] : [`project ${await names.nameOf('projects', projectId)}`];
  return {
    range,
    plan,
    from: await memberById(plan.people, fromId, names),
    to: await memberById(plan.people, toId, names),
    shared: asked.shared,
    records,
    holidays: await holidaysAround(records, range, call),
    filters: [...project, 'no completed or cancelled work', EFFECT_FILTER],
  };
}

/** Completed work stays with the person who did it; cancelled work, itself or with its project, is not handed over. */
function isIncluded({ status, personIds, projectId: own }: Booking, personId: number, projectId?: number): boolean {
  const open = status !== 'complete' && status !== 'cancelled';
  return open && personIds.includes(personId) && (projectId === undefined || own === projectId);
}

/** Days outside the range determine how the rest of an allocation is split, so their holidays are read too. */
async function holidaysAround(
  records: readonly FloatAllocation[],
  range: DayRange,
  call: ToolCall,
): Promise<Holiday[]> {
  const reaches = records.map((record) => splitReach(bookingOf(record), range));
  const dates = {
    start_date: reaches.map(({ from }) => from).reduce(earlier, range.from),
    end_date: reaches.map(({ to }) => to).reduce(later, range.to),
  };
  const [publicHolidays, teamHolidays] = await Promise.all([
    call.api.listAll('public-holidays', dates, call),
    call.api.listAll('holidays', {}, call),
  ]);
  return [...publicHolidays.flatMap(publicHolidaysOf), ...teamHolidays.map(teamHolidayOf)];
}

/** The affected allocations that the receiver already shares. */
export function sharedByBoth(
  { records, to }: { records: readonly FloatAllocation[]; to: Member },
  edits: readonly Edit[],
) {
  const changed = new Set(edits.map(({ allocation }) => allocation.task_id));
  return records
    .filter((record) => changed.has(record.task_id) && bookingOf(record).personIds.includes(to.id))
    .map(({ task_id, project_id, hours }) => ({ allocation_id: task_id, project_id, hours_per_day: hours }));
}
