import { touched } from '../model/authorship.js';
import { problem } from '../model/validate.js';
import { equal, type Row } from '../store/store.js';
import type { World } from '../world.js';
import { idAt, type Rules, recordIdOf, sqlOf } from './rules.js';

/** Rules of departments. */
export const departmentRules: Rules = {
  check: (world, row) => (isBelowItself(world, row) ? [problem('parent_id', 'is invalid.')] : []),
};

/** Whether a department would be its own ancestor. */
function isBelowItself(world: World, row: Row): boolean {
  const own = idAt(row, 'department_id');
  let above = idAt(row, 'parent_id');
  while (above !== undefined && above !== own) {
    above = idAt(world.store.find('departments', above) ?? {}, 'parent_id');
  }
  return own !== undefined && above === own;
}

/** Rules of roles. */
export const roleRules: Rules = {
  afterSave: (world, row) => retitle(world, row, row['name']),
  beforeDelete: (world, row) => retitle(world, row, null),
  expand: {
    cost_rate_history: (_world, row) => row['cost_rate_history'] ?? [],
    people_ids: (world, row) => peopleIds(world, row),
    people_count: (world, row) => peopleIds(world, row).length,
  },
};

/** Updates the job title of people, which is the name of their role. */
function retitle(world: World, role: Row, title: unknown): void {
  const where = [equal('role_id', sqlOf(role['id'])), { sql: 'job_title IS NOT ?', values: [sqlOf(title)] }];
  for (const person of world.store.select('people', { where })) {
    const id = recordIdOf(person['people_id']);
    world.store.update('people', id, { job_title: title, ...touched(world, 'people') });
  }
}

/** Rules of accounts. */
export const accountRules: Rules = {
  expand: { people_id: (_world, row) => row['people_id'] ?? null },
};

function peopleIds(world: World, row: Row): unknown[] {
  const people = world.store.select('people', { where: [equal('role_id', sqlOf(row['id']))] });
  return people.map((person) => person['people_id']);
}
