import { describe, expect, test } from '@jest/globals';
import { FloatApiError } from './errors.js';
import { encodeQuery, type Query } from './query.js';
import { resources } from './resources.js';

function detailsOf(resource: Parameters<typeof encodeQuery>[0], query: Query): Readonly<Record<string, string>> {
  try {
    encodeQuery(resource, query);
  } catch (error) {
    if (error instanceof FloatApiError) return error.details;
  }
  throw new Error('was accepted');
}

describe('encodeQuery', () => {
  test('writes lists with commas and booleans as 1 and 0, and leaves undefined out', () => {
    const query = encodeQuery(resources.people, { active: true, tag_name: ['figma', 'react'], email: undefined });
    expect(query.toString()).toBe('active=1&tag_name=figma%2Creact');
  });

  test('refuses the filter Float would ignore, and names those there are', () => {
    const details = detailsOf(resources.timeoffs, { people_id: 7 });
    expect(details['people_id']).toMatch(/no such filter; there are .*timeoff_type_id/);
  });

  test('wants both dates of a range', () => {
    expect(detailsOf(resources.allocations, { start_date: '2026-11-23' })).toHaveProperty('end_date');
  });

  test('knows what can be expanded, selected and sorted', () => {
    expect(detailsOf(resources.people, { expand: 'salary' })['expand']).toContain('contracts');
    expect(detailsOf(resources.people, { fields: 'name,shoe_size' })['fields']).toContain('unknown: shoe_size');
    expect(detailsOf(resources.people, { sort: '-shoe_size' })).toHaveProperty('sort');
    expect(detailsOf(resources.clients, { modified_since: 1 })['modified_since']).toMatch(/no filters/);
    expect(encodeQuery(resources.people, { sort: '-name', fields: ['name', 'tags'] }).toString()).toBe(
      'sort=-name&fields=name%2Ctags',
    );
  });
});
