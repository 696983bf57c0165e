/** The writes that give the work of one person in a range to another: pure, so that a preview and the deed are the same. */
import type { Allocation as FloatAllocation } from '../../float/resources.js';
import { type Calendar, calendarOf } from '../../planning/calendar.js';
import { splitBlock } from '../../planning/changes/split.js';
import type { DayRange } from '../../planning/day.js';
import type { Block } from '../../planning/recurrence.js';
import type { Holiday } from '../../planning/types.js';
import { type Booking, bookingOf, type Member } from '../plan/records.js';

/** Fields of an allocation by Float's names. */
export type Fields = Readonly<Record<string, unknown>>;

export interface Edit {
  readonly action: 'create' | 'update' | 'delete';
  /** The allocation it comes from; for updates and deletions the one it is done to. */
  readonly allocation: FloatAllocation;
  /** Who does the work after it; several where others keep it. */
  readonly personIds: readonly number[];
  /** The block that is there after it. A deletion has none. */
  readonly block: Block | undefined;
  readonly fields: Fields;
}

/** Work that both are on already: the receiver does the hours of both, or goes on with the own ones. */
export const SHARED = ['both-shares', 'own-share'] as const;
export type Shared = (typeof SHARED)[number];

export interface HandOver {
  readonly from: Member;
  readonly to: Member;
  readonly holidays: readonly Holiday[];
  readonly range: DayRange;
  readonly shared: Shared;
}

/**
 * In an order in which a failure half way loses no work: what is new first, what is taken away last. Then something may
 * be there twice for a while, which is seen; what is missing is not.
 */
export function handOverEdits(records: readonly FloatAllocation[], how: HandOver): Edit[] {
  const calendar = calendarOf(how.from, { holidays: how.holidays, leave: [] }, how.range);
  const parts = records.map((record) => editsOf(record, calendar, how));
  return [...parts.flatMap(({ added }) => added), ...parts.flatMap(({ taken }) => taken)];
}

interface Parts {
  readonly added: readonly Edit[];
  readonly taken: readonly Edit[];
}

function editsOf(record: FloatAllocation, calendar: Calendar, { from, to, range, shared }: HandOver): Parts {
  const booking: Booking = bookingOf(record);
  const { before, inside, after } = splitBlock({ ...booking, personIds: [from.id] }, calendar, range);
  if (inside.length === 0) return { added: [], taken: [] };
  const others = booking.personIds.filter((id) => id !== from.id);
  const create = (block: Block, personId: number) => created(record, block, personId);
  const ends = shared === 'own-share' && booking.personIds.includes(to.id);
  const given = ends ? [] : inside.map((block) => create(block, to.id));
  if (others.length > 0) {
    // The others go on as before; only the share of this person is cut up.
    const kept = [...before, ...after].map((block) => create(block, from.id));
    return { added: [...given, ...kept], taken: [leftToOthers(record, booking, others)] };
  }
  const [first, ...rest] = before;
  const kept = [...rest, ...after].map((block) => create(block, from.id));
  return {
    added: [...given, ...kept],
    taken: [first === undefined ? removed(record) : shortened(record, first, from.id)],
  };
}

function created(record: FloatAllocation, block: Block, personId: number): Edit {
  const fields = { ...carried(record), ...blockFields(record, block), people_id: personId };
  return { action: 'create', allocation: record, personIds: [personId], block, fields };
}

function shortened(record: FloatAllocation, block: Block, personId: number): Edit {
  return { action: 'update', allocation: record, personIds: [personId], block, fields: blockFields(record, block) };
}

function leftToOthers(record: FloatAllocation, block: Block, others: readonly number[]): Edit {
  const [one] = others;
  const fields = others.length === 1 ? { people_id: one } : { people_ids: others };
  return { action: 'update', allocation: record, personIds: others, block, fields };
}

function removed(record: FloatAllocation): Edit {
  return { action: 'delete', allocation: record, personIds: [], block: undefined, fields: {} };
}

/** What makes it the same work, whoever does it and when. */
const CARRIED = ['project_id', 'phase_id', 'hours', 'status', 'task_meta_id', 'name', 'notes', 'start_time'] as const;

function carried(record: FloatAllocation): Fields {
  const said = CARRIED.filter((name) => record[name] !== undefined && record[name] !== null && record[name] !== '');
  return Object.fromEntries(said.map((name) => [name, record[name]]));
}

/** A part that repeats keeps the code of the whole, which cannot be told back from the step. */
function blockFields({ repeat_state: code }: FloatAllocation, { from, to, repeat, repeatUntil }: Block): Fields {
  const series = repeat === undefined ? { repeat_state: 0, repeat_end_date: null } : seriesFields(code, repeatUntil);
  return { start_date: from, end_date: to, ...series };
}

function seriesFields(code: number, until: string | undefined): Fields {
  return { repeat_state: code, repeat_end_date: until ?? null };
}

/** What brings an allocation back as it was: by an update where it still exists, else as a new one. */
export function originalFields(record: FloatAllocation): Fields {
  const { start_date, end_date, repeat_state, repeat_end_date, people_id, people_ids } = record;
  const several = people_ids !== undefined && people_ids !== null && people_ids.length > 0;
  const people = several ? { people_ids } : { people_id };
  return {
    ...carried(record),
    start_date,
    end_date,
    repeat_state,
    repeat_end_date: repeat_end_date ?? null,
    ...people,
  };
}

/** The allocations as they will be. New ones have no id yet; numbers below zero cannot be anybody's. */
export function afterEdits(all: readonly Booking[], edits: readonly Edit[]): Booking[] {
  const gone = new Set(edits.filter(({ action }) => action !== 'create').map(({ allocation }) => allocation.task_id));
  const made = edits.flatMap(({ allocation, personIds, block }, index) => {
    if (block === undefined) return [];
    const { from, to, repeat, repeatUntil } = block;
    const was = all.find(({ id }) => id === allocation.task_id) ?? bookingOf(allocation);
    return [{ ...was, from, to, repeat, repeatUntil, id: -1 - index, personIds }];
  });
  return [...all.filter(({ id }) => !gone.has(id)), ...made];
}
