/**
 * The writes that move one person's work in a range to another. Pure, so that preview and execution use the same list.
 */
import type { Allocation as FloatAllocation } from 'float-api';
import { type Block, type Calendar, calendarOf, type DayRange, type Holiday, splitBlock } from 'resource-planning';
import { type Booking, bookingOf, type Member } from '../plan/records.js';

/** Fields of an allocation by Float's names. */
export type Fields = Readonly<Record<string, unknown>>;

/** One write. */
export interface Edit {
  readonly action: 'create' | 'update' | 'delete';
  /** The allocation the write is derived from; updates and deletions apply to it. */
  readonly allocation: FloatAllocation;
  /** The people on the work afterwards; several if others keep their share. */
  readonly personIds: readonly number[];
  /** The dates afterwards; undefined for a deletion. */
  readonly block: Block | undefined;
  readonly fields: Fields;
}

/** Treatment of work that both people share: the receiver does both shares, or only the share they had. */
export const SHARED = ['both-shares', 'own-share'] as const;
/** One of `SHARED`. */
export type Shared = (typeof SHARED)[number];

/** A hand-over with resolved people and dates. */
export interface HandOver {
  readonly from: Member;
  readonly to: Member;
  readonly holidays: readonly Holiday[];
  readonly range: DayRange;
  readonly shared: Shared;
}

/**
 * The writes of a hand-over, ordered so that a failure half way loses no work: creations first, removals last. A partial
 * run may leave work duplicated, which is visible, while missing work is not.
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
    // The others keep the allocation; only this person's share is split.
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

/** Fields that a new part copies from the original. */
const CARRIED = ['project_id', 'phase_id', 'hours', 'status', 'task_meta_id', 'name', 'notes', 'start_time'] as const;

function carried(record: FloatAllocation): Fields {
  const present = CARRIED.filter((name) => record[name] !== undefined && record[name] !== null && record[name] !== '');
  return Object.fromEntries(present.map((name) => [name, record[name]]));
}

/** A part that repeats keeps the original's repeat code, which cannot be derived from the step. */
function blockFields({ repeat_state: code }: FloatAllocation, { from, to, repeat, repeatUntil }: Block): Fields {
  const series = repeat === undefined ? { repeat_state: 0, repeat_end_date: null } : seriesFields(code, repeatUntil);
  return { start_date: from, end_date: to, ...series };
}

function seriesFields(code: number, until: string | undefined): Fields {
  return { repeat_state: code, repeat_end_date: until ?? null };
}

/** The fields that restore an allocation: by an update if it still exists, otherwise as a new one. */
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

/** The allocations after the writes. New ones get negative ids, which no record has. */
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
