import { problem } from '../model/validate.js';
import { equal, type Row } from '../store/store.js';
import type { World } from '../world.js';
import { type Rules, sqlOf } from './rules.js';

export const departmentRules: Rules = {
  check: (_world, row) => {
    const own = row['department_id'];
    return own !== undefined && own === row['parent_id'] ? [problem('parent_id', 'is invalid.')] : [];
  },
};

export const roleRules: Rules = {
  expand: {
    cost_rate_history: (_world, row) => row['cost_rate_history'] ?? [],
    people_ids: (world, row) => peopleIds(world, row),
    people_count: (world, row) => peopleIds(world, row).length,
  },
};

export const accountRules: Rules = {
  expand: { people_id: (_world, row) => row['people_id'] ?? null },
};

function peopleIds(world: World, row: Row): unknown[] {
  const people = world.store.select('people', { where: [equal('role_id', sqlOf(row['id']))] });
  return people.map((person) => person['people_id']);
}
