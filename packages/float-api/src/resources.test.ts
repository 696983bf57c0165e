import { describe, expect, test } from '@jest/globals';
import { reports } from './reports.js';
import { expandsOf, fieldsOf, filtersOf, idField, RESOURCE_KEYS, resourceOf, sortsOf, spanField } from './resources.js';

describe('the resource table', () => {
  test.each(RESOURCE_KEYS)('%s is whole', (key) => {
    const row = resourceOf(key);
    expect(row.key).toBe(key);
    expect(fieldsOf(row).filter(([, field]) => field.id)).toHaveLength(1);
    expect(row.operations).toContain('list');
    for (const [, field] of fieldsOf(row)) {
      expect(field.about).not.toBe('');
      if (field.ref !== undefined) expect(RESOURCE_KEYS).toContain(field.ref);
      if (field.cascade) expect(field.ref).toBeDefined();
    }
    if (row.range) expect(spanField(row, 'on') ?? spanField(row, 'start')).toBeDefined();
  });

  test('paths are unique', () => {
    const paths = RESOURCE_KEYS.map((key) => resourceOf(key).path);
    expect(new Set(paths).size).toBe(paths.length);
  });

  test('keeps the names that are not what one expects', () => {
    expect(resourceOf('allocations').path).toBe('/tasks');
    expect(idField(resourceOf('roles'))).toBe('id');
    expect(idField(resourceOf('project-tasks'))).toBe('task_meta_id');
    expect(filtersOf(resourceOf('projects')).get('nonBillable')?.field).toBe('non_billable');
    expect(filtersOf(resourceOf('people')).get('employee_type_id')?.field).toBe('employee_type');
    expect(filtersOf(resourceOf('timeoffs')).has('people_id')).toBe(false);
    expect(expandsOf(resourceOf('allocations'))).toEqual(['task_days']);
    expect(sortsOf(resourceOf('clients'))).toEqual([]);
    expect(resourceOf('timeoff-types').operations).not.toContain('delete');
  });
});

const STD = 'list get create update delete';
const READ = 'list get';

/** Path, id field, operations and actions of all that Float has, in the order of its own inventory. */
const DOCUMENTED = [
  ['accounts', '/accounts', 'account_id', READ],
  ['clients', '/clients', 'client_id', STD],
  ['departments', '/departments', 'department_id', STD],
  ['roles', '/roles', 'id', STD],
  ['people', '/people', 'people_id', STD],
  ['projects', '/projects', 'project_id', STD],
  ['phases', '/phases', 'phase_id', STD],
  ['project-tasks', '/project-tasks', 'task_meta_id', `${STD} merge`],
  ['allocations', '/tasks', 'task_id', STD],
  ['milestones', '/milestones', 'milestone_id', STD],
  ['statuses', '/status', 'status_id', STD],
  ['timeoffs', '/timeoffs', 'timeoff_id', STD],
  ['timeoff-types', '/timeoff-types', 'timeoff_type_id', 'list get create update'],
  ['public-holidays', '/public-holidays', 'id', READ],
  ['holidays', '/holidays', 'holiday_id', STD],
  ['logged-time', '/logged-time', 'logged_time_id', STD],
] as const;
const GUESSED = [
  ['project-stages', '/project-stages', 'id', STD],
  ['project-expenses', '/project-expenses', 'id', STD],
  ['project-templates', '/project-templates', 'template_id', READ],
  ['currencies', '/currencies', 'currency_id', 'list'],
  ['rate-cards', '/rate-cards', 'rate_card_id', READ],
] as const;

describe('the inventory', () => {
  const rowOf = (key: (typeof RESOURCE_KEYS)[number]) => {
    const { path, operations, actions = {}, guessed } = resourceOf(key);
    // Known only by its path, like the guessed rows.
    const known = Object.keys(actions).filter((name) => name !== 'from-template');
    return {
      guessed: guessed === true,
      row: [key, path, idField(resourceOf(key)), [...operations, ...known].join(' ')],
    };
  };
  const rows = RESOURCE_KEYS.map(rowOf);
  const sorted = (list: readonly (readonly string[])[]) => list.map((row) => row.join(' ')).sort();

  test('holds every resource with its path, its id and its operations', () => {
    expect(sorted(rows.filter(({ guessed }) => !guessed).map(({ row }) => row))).toEqual(sorted(DOCUMENTED));
    expect(sorted(rows.filter(({ guessed }) => guessed).map(({ row }) => row))).toEqual(sorted(GUESSED));
    expect(Object.keys(resourceOf('projects').actions ?? {})).toEqual(['from-template']);
    expect(Object.values(reports).map(({ path }) => path)).toEqual(['/reports/people', '/reports/projects']);
  });

  test("has the 76 operations of Float's specification of July 2025", () => {
    const operations = DOCUMENTED.flatMap(([, , , names]) => names.split(' '));
    expect(operations.length + Object.keys(reports).length).toBe(76);
  });

  test.each([
    ['people', 'active department_id email employee_type_id people_type_id tag_name'],
    ['projects', 'active client_id nonBillable project_code status tag_name'],
    ['phases', 'active nonBillable project_id'],
    ['project-tasks', 'billable project_id'],
    [
      'allocations',
      'billable client_id end_date people_id phase_id project_id repeat_state start_date status task_meta_id',
    ],
    ['milestones', 'client_id phase_id project_id'],
    ['timeoffs', 'end_date full_day start_date status timeoff_type_id'],
    ['timeoff-types', 'active'],
    ['statuses', 'end_date people_id start_date status_type_id'],
    ['public-holidays', 'end_date region start_date year'],
    ['logged-time', 'end_date people_id phase_id project_id start_date task_meta_id'],
    ['accounts', ''],
    ['clients', ''],
    ['departments', ''],
    ['roles', ''],
    ['holidays', ''],
  ] as const)('%s has the documented filters and no other', (key, names) => {
    expect([...filtersOf(resourceOf(key)).keys()].sort().join(' ')).toBe(names);
  });

  test.each([
    ['accounts', 'people_id'],
    ['people', 'account contracts managers'],
    ['projects', 'project_tasks project_team'],
    ['phases', 'phase_tasks phase_team'],
    ['roles', 'cost_rate_history people_count people_ids'],
    ['allocations', 'task_days'],
    ['milestones', ''],
  ] as const)('%s has the documented expansions', (key, names) => {
    expect([...expandsOf(resourceOf(key))].sort().join(' ')).toBe(names);
  });

  test('knows which lists take fields, sort and modified_since', () => {
    const taking = (word: 'fields' | 'sort' | 'modified_since') =>
      RESOURCE_KEYS.filter((key) => resourceOf(key).supports?.includes(word)).sort();
    const dated = ['allocations', 'logged-time', 'people', 'phases', 'projects', 'timeoffs'];
    expect(taking('modified_since')).toEqual(dated);
    expect(taking('sort')).toEqual([...dated, 'project-tasks'].sort());
    expect(taking('fields')).toEqual([...dated, 'project-tasks', 'statuses'].sort());
  });

  test('keeps the quirks', () => {
    expect(resourceOf('logged-time').quirks).toEqual({ createsArray: true, feature: 'time tracking' });
    expect(resourceOf('statuses').quirks).toEqual({ wrapper: 'status', emptyListIs204: true });
    const typed = (type: string) =>
      RESOURCE_KEYS.filter((key) => fieldsOf(resourceOf(key)).some(([, field]) => field.type === type));
    expect(typed('hex-id')).toEqual(['logged-time']);
    expect(typed('money').sort()).toEqual([
      'people',
      'phases',
      'project-expenses',
      'project-tasks',
      'project-templates',
      'projects',
      'roles',
    ]);
  });
});
