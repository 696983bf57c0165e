/** Calls as models write them: converted if they have one possible meaning, otherwise rejected with a message that allows a correction. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { tools } from './index.js';
import { type Kit, openKit, textOf } from './testing/kit.js';

let kit: Kit;
beforeAll(async () => {
  kit = await openKit({ seed: true, tools, caller: 'ava.lindqvist@studio.example' });
});
afterAll(() => kit.close());

const AVA = 'Ava Lindqvist';
const PROJECT = 'Helios Customer Portal';

/** Imprecise calls, and the same calls in the tool's own terms. */
const SAME: readonly (readonly [string, Record<string, unknown>, Record<string, unknown>])[] = [
  // Numbers and flags as text.
  ['who-is-free', { range: 'next week', min_hours: '5' }, { range: 'next week', min_hours: 5 }],
  ['who-is-free', { range: 'next week', limit: '3' }, { range: 'next week', limit: 3 }],
  ['who-is-free', { range: 'next week', limit: ' 3 ' }, { range: 'next week', limit: 3 }],
  ['who-is-free', { range: 'next week', include_tentative: 'true' }, { range: 'next week', include_tentative: true }],
  ['who-is-free', { range: 'next week', include_tentative: 'False' }, { range: 'next week', include_tentative: false }],
  ['find-available', { hours: '12.5', range: 'next week' }, { hours: 12.5, range: 'next week' }],
  ['find-available', { hours: '+8', range: 'next week' }, { hours: 8, range: 'next week' }],
  ['show-budget', { project: PROJECT, weeks: '4' }, { project: PROJECT, weeks: 4 }],
  ['show-budget', { project: PROJECT, include_costs: 'TRUE' }, { project: PROJECT, include_costs: true }],
  // Text for which a number was written.
  ['show-utilization', { range: 2026 }, { range: '2026' }],
  ['who-is-free', { range: 'next week', tag: 5 }, { range: 'next week', tag: '5' }],
  // null for an omitted argument.
  ['who-is-free', { range: 'next week', tag: null, role: null, limit: null }, { range: 'next week' }],
  ['who-is-free', { range: null }, {}],
  ['who-is-overbooked', { range: null, department: null }, {}],
  ['find-people', { name: null, tag: null, skip: null }, {}],
  ['show-budget', { project: PROJECT, basis: null, weeks: null }, { project: PROJECT }],
  [
    'find-allocations',
    { person: AVA, project: null, status: null, range: 'this month' },
    { person: AVA, range: 'this month' },
  ],
  ['find-record', { resource: 'phases', filters: null, id: null }, { resource: 'phases' }],
  // One value in a list, and one for a list.
  ['who-is-free', { range: 'next week', tag: ['react'] }, { range: 'next week', tag: 'react' }],
  ['who-is-free', { range: ['next week'] }, { range: 'next week' }],
  ['show-plan', { person: [AVA], range: 'next week' }, { person: AVA, range: 'next week' }],
  ['show-budget', { project: [PROJECT] }, { project: PROJECT }],
  [
    'can-we-take-on',
    { range: 'next month', demands: { tag: 'react', hours: '10' } },
    { range: 'next month', demands: [{ tag: 'react', hours: 10 }] },
  ],
  // Lists and objects as JSON text.
  [
    'can-we-take-on',
    { range: 'next month', demands: '[{"tag":"react","hours":10}]' },
    { range: 'next month', demands: [{ tag: 'react', hours: 10 }] },
  ],
  [
    'can-we-take-on',
    { range: 'next month', demands: ['{"tag":"react","hours":10}'] },
    { range: 'next month', demands: [{ tag: 'react', hours: 10 }] },
  ],
  [
    'find-record',
    { resource: 'phases', filters: `{"project":"${PROJECT}"}` },
    { resource: 'phases', filters: { project: PROJECT } },
  ],
  ['find-record', { resource: 'phases', filters: '{}' }, { resource: 'phases' }],
  // Enum values in another spelling.
  [
    'show-utilization',
    { range: 'last month', group_by: 'Department' },
    { range: 'last month', group_by: 'department' },
  ],
  ['find-record', { resource: 'Time Off' }, { resource: 'time-off' }],
  ['find-record', { resource: 'project_stages' }, { resource: 'project-stages' }],
  ['find-allocations', { status: 'Tentative', range: 'this month' }, { status: 'tentative', range: 'this month' }],
  // Ranges in other forms.
  ['who-is-free', { range: { from: '2026-11-30', to: '2026-12-04' } }, { range: '2026-11-30..2026-12-04' }],
  ['who-is-free', { range: { start: '2026-11-30', end: '2026-12-04' } }, { range: '2026-11-30..2026-12-04' }],
  ['who-is-free', { start_date: '2026-11-30', end_date: '2026-12-04' }, { range: '2026-11-30..2026-12-04' }],
  ['who-is-free', { from: '2026-11-30', to: '2026-12-04' }, { range: '2026-11-30..2026-12-04' }],
  ['who-is-free', { date_range: 'next week' }, { range: 'next week' }],
  ['who-is-free', { period: 'next week' }, { range: 'next week' }],
  ['who-is-free', { dates: '2026-11-30 to 2026-12-04' }, { range: '2026-11-30..2026-12-04' }],
  ['show-plan', { person: AVA, range: 'rest of the month' }, { person: AVA, range: '2026-11-23..2026-11-30' }],
  ['logged-vs-planned', { range: 'last 30 days' }, { range: '2026-10-25..2026-11-23' }],
  ['show-utilization', { range: '2026-Q4' }, { range: '2026-10-01..2026-12-31' }],
  ['show-utilization', { range: 'Q4 2026' }, { range: '2026-10-01..2026-12-31' }],
  ['show-utilization', { range: 'December 2026' }, { range: '2026-12' }],
  ['who-is-away', { range: 'next monday' }, { range: '2026-11-30' }],
  // Arguments under other names.
  ['show-plan', { people: AVA, range: 'next week' }, { person: AVA, range: 'next week' }],
  ['show-plan', { person_name: AVA, range: 'next week' }, { person: AVA, range: 'next week' }],
  ['show-plan', { Person: AVA, Range: 'next week' }, { person: AVA, range: 'next week' }],
  ['show-plan', { employee: AVA, range: 'next week' }, { person: AVA, range: 'next week' }],
  ['who-is-free', { range: 'next week', tags: ['react'] }, { range: 'next week', tag: 'react' }],
  ['who-is-free', { range: 'next week', skill: 'react' }, { range: 'next week', tag: 'react' }],
  ['who-is-free', { range: 'next week', skills: ['React'] }, { range: 'next week', tag: 'React' }],
  ['who-is-free', { range: 'next week', team: 'Design' }, { range: 'next week', department: 'Design' }],
  ['who-is-free', { range: 'next week', includeTentative: true }, { range: 'next week', include_tentative: true }],
  ['who-is-free', { range: 'next week', 'min-hours': 5 }, { range: 'next week', min_hours: 5 }],
  [
    'who-is-free',
    { range: 'next week', job_title: 'Motion Designer' },
    { range: 'next week', role: 'Motion Designer' },
  ],
  ['show-budget', { project_name: PROJECT }, { project: PROJECT }],
  ['show-budget', { projectName: PROJECT }, { project: PROJECT }],
  ['who-works-on', { projects: [PROJECT] }, { project: PROJECT }],
  ['find-people', { name: 'Ava', max_results: 5 }, { name: 'Ava', limit: 5 }],
  ['who-is-away', { range: 'next month', leave_type: 'Vacation' }, { range: 'next month', type: 'Vacation' }],
  // A name instead of an id.
  ['find-people', { id: AVA }, { id: 17001 }],
  ['find-record', { resource: 'people', id: AVA }, { resource: 'people', id: 17001 }],
  ['find-record', { resource: 'people', id: '17001' }, { resource: 'people', id: 17001 }],
  // Names of people in other forms, and the caller.
  ['show-plan', { person: 'ava lindqvist', range: 'next week' }, { person: AVA, range: 'next week' }],
  ['show-plan', { person: 'Lindqvist, Ava', range: 'next week' }, { person: AVA, range: 'next week' }],
  ['show-plan', { person: 'me', range: 'next week' }, { person: AVA, range: 'next week' }],
  ['show-plan', { person: 'ava.lindqvist@studio.example', range: 'next week' }, { person: AVA, range: 'next week' }],
  [
    'book-person',
    {
      person: AVA,
      project: PROJECT,
      start_date: '2026-12-07',
      end_date: '2026-12-08',
      hours_per_day: '2',
      confirm: 'false',
    },
    { person: AVA, project: PROJECT, range: '2026-12-07..2026-12-08', hours_per_day: 2, confirm: false },
  ],
  [
    'book-time-off',
    { people: [AVA], time_off_type: 'Vacation', dates: '2026-12-07', hours_per_day: null, confirm: false },
    { person: AVA, type: 'Vacation', range: '2026-12-07', confirm: false },
  ],
];

/** Calls without one clear meaning, and their error messages. */
const REFUSED: readonly (readonly [string, Record<string, unknown>, RegExp])[] = [
  ['who-is-free', { range: 'whenever' }, /not a date range I know\. Today is 2026-11-23\. Examples:/],
  ['who-is-free', { range: 'next week', min_hour: 'many' }, /no argument "min_hour"\. Did you mean min_hours\?/],
  ['who-is-free', { rang: 'next week' }, /Did you mean range\? This tool has range, min_hours/],
  [
    'show-plan',
    { person: 'Avva Lindquist', range: 'next week' },
    /No person is called "Avva Lindquist"\. The nearest are: Ava/,
  ],
  ['show-plan', { range: 'next week' }, /person/],
  ['show-budget', { project: PROJECT, basis: 'guess' }, /basis/],
  ['find-available', { hours: 'a few', range: 'next week' }, /hours/],
  [
    'find-record',
    { resource: 'phases', filters: { projekt: PROJECT } },
    /no argument "projekt"\. Did you mean project\?/,
  ],
  ['who-is-free', { range: '2026-12-04..2026-11-30' }, /ends before it starts\. Today is/],
  ['who-is-free', { range: 'next week', person: AVA, foo: 1 }, /no argument "person".*no argument "foo"/s],
  // Two arguments for one, and half of a range, could mean either: a write must not choose.
  [
    'show-plan',
    { person: AVA, employee: 'Grace Mensah', range: 'next week' },
    /"person" and "employee" both mean person/,
  ],
  [
    'save-logged-time',
    { person_id: AVA, user: 'Grace Mensah', project: PROJECT, date: '2026-11-20', hours: 1 },
    /both mean person/,
  ],
  ['save-project', { id: 42001, note: 'A', comment: 'B' }, /"note" and "comment" both mean notes/],
  ['who-is-away', { start_date: '2027-02-01', end_date: '2027-02-05', when: 'next month' }, /both mean range/],
  [
    'book-time-off',
    { person: AVA, type: 'Vacation', start_date: '2027-02-01', end_date: null, confirm: true },
    /Give both start_date and end_date/,
  ],
  ['who-is-free', { range: { start: '2027-02-08', finish: '2027-02-12' } }, /range/],
  ['save-record', { resource: 'person', id: 17001, fields: { tags: 'a,b' } }, /tags/],
  ['save-record', { resource: 'person', id: 17001, fields: { id: 17002, notes: 'x' } }, /"id" is given twice/],
  ['show-plan', { person: [AVA, 'Grace Mensah'], range: 'next week' }, /one name or one id/],
];

describe('calls as models write them', () => {
  test.each(SAME)('%s %j', async (tool, sloppy, strict) => {
    const [found, expected] = [await kit.call(tool, sloppy), await kit.call(tool, strict)];
    expect([found.isError, found]).toEqual([expected.isError, expected]);
    // The one rejected call names a tag that no person has.
    if (strict['tag'] !== '5') expect([textOf(found), found.isError]).toEqual([expect.any(String), undefined]);
  });

  test.each(REFUSED)('%s %j is rejected with a message', async (tool, args, message) => {
    const result = await kit.call(tool, args);
    expect([result.isError, textOf(result)]).toEqual([true, expect.stringMatching(message)]);
  });
});
