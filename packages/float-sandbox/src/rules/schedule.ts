import { removeRecord } from '../model/cascade.js';
import { taskDays } from '../model/task-days.js';
import { problem } from '../model/validate.js';
import { equal, holds, type Row } from '../store/store.js';
import type { World } from '../world.js';
import { ofClient } from './places.js';
import { type Draft, effective, type Rules, recordIdOf, sqlOf } from './rules.js';
import { linkTask, placeProblems } from './task-link.js';

/** Rules of allocations. */
export const allocationRules: Rules = {
  complete: (world, draft) => ({ ...linkTask(world, draft, 'name'), ...assignees(draft) }),
  check: (world, row) => placeProblems(world, row),
  expand: { task_days: (world, row, query) => taskDays(world, row, query) },
  filters: {
    client_id: ofClient,
    people_id: (value) => ({
      sql: `people_id = ? OR ${holds('people_ids', 0).sql}`,
      values: [Number(value), Number(value)],
    }),
  },
};

/** Stores one person in `people_id` and several in `people_ids`, never both. `people_id` takes precedence. */
function assignees({ values }: Draft): Row {
  if (typeof values['people_id'] === 'number') return { people_ids: null };
  if (!Array.isArray(values['people_ids'])) return {};
  const several = [...new Set(values['people_ids'])];
  return several.length === 1 ? { people_id: several[0], people_ids: null } : { people_id: null, people_ids: several };
}

const CENT = 100;

/** Rules of logged time. */
export const loggedTimeRules: Rules = {
  complete(world, draft) {
    const hours = draft.values['hours'];
    const rounded = typeof hours === 'number' ? { hours: Math.round(hours * CENT) / CENT } : {};
    return { ...linkTask(world, draft, 'task_name'), ...rounded };
  },
  check: (world, row) => placeProblems(world, row),
  // Setting hours to 0 is Float's soft delete: the entry is kept and never returned again.
  visible: { sql: 'hours > 0', values: [] },
};

const CUSTOM = 3;

/** Rules of places of work. */
export const statusRules: Rules = {
  complete: (_world, draft) => (effective(draft, 'status_type_id') === CUSTOM ? {} : { status_name: null }),
  afterSave(world, row) {
    for (const older of overlapping(world, row)) removeRecord(world, 'statuses', recordIdOf(older['status_id']));
  },
};

/** Older statuses of the same person that overlap a new one, which replaces them. */
export function overlapping(world: World, row: Row): Row[] {
  const where = [
    equal('people_id', sqlOf(row['people_id'])),
    { sql: 'status_id <> ?', values: [sqlOf(row['status_id'])] },
    { sql: 'start_date <= ?', values: [sqlOf(row['end_date'])] },
    { sql: 'end_date >= ?', values: [sqlOf(row['start_date'])] },
  ];
  return world.store.select('statuses', { where });
}

/** Rules of time off. */
export const timeoffRules: Rules = {
  complete: (_world, draft) => ({ ...eachOnce(draft), ...(effective(draft, 'full_day') === 1 ? { hours: null } : {}) }),
  check: (_world, row) =>
    row['full_day'] !== 1 && Number(row['hours'] ?? 0) <= 0 ? [problem('hours', 'cannot be blank.')] : [],
  present(world, row) {
    const type = world.store.find('timeoff-types', recordIdOf(row['timeoff_type_id']));
    return { timeoff_type_name: type?.['timeoff_type_name'] ?? null };
  },
};

function eachOnce({ values }: Draft): Row {
  return Array.isArray(values['people_ids']) ? { people_ids: [...new Set(values['people_ids'])] } : {};
}

/** Rules of types of time off. */
export const timeoffTypeRules: Rules = {
  check: (_world, row) => (row['timeoff_type_name'] === '*' ? [problem('timeoff_type_name', 'is reserved.')] : []),
};

/** Rules of public holidays. */
export const publicHolidayRules: Rules = {
  scope(world, query) {
    if (query['start_date'] !== undefined && query['end_date'] !== undefined) return [];
    const year = query['year'] ?? world.today.slice(0, 4);
    return [{ sql: `EXISTS (SELECT 1 FROM json_each(dates) WHERE substr(value, 1, 4) = ?)`, values: [year] }];
  },
  present: (world, row) => ({ id: idInRegion(world, row) }),
  locate: (world, id) => world.store.select('public-holidays').find((row) => idInRegion(world, row) === id),
  // Handled by `scope`, which depends on whether there is a range.
  filters: { year: () => ({ sql: '1', values: [] }) },
};

/** Ids of public holidays are unique within a region only, as in Float. */
function idInRegion(world: World, row: Row): number {
  const before = { sql: 'id <= ?', values: [sqlOf(row['id'])] };
  return world.store.count('public-holidays', [equal('region', sqlOf(row['region'])), before]);
}
