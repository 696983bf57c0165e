import { describe, expect, test } from '@jest/globals';
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
