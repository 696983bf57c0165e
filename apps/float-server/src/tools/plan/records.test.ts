import { describe, expect, test } from '@jest/globals';
import type { Allocation, Person, Phase, Project, ProjectTask, TimeOff } from 'float-api';
import { normalHours } from 'resource-planning';
import { parentStatus } from './parent-status.js';
import { bookingOf, isLeave, leaveOf, memberOf, publicHolidaysOf, teamHolidayOf } from './records.js';

const HALF = [0, 4, 4, 4, 4, 4, 0];
const FULL = [0, 8, 8, 8, 8, 8, 0];
const person = (over: object) =>
  memberOf({ people_id: 1, name: 'Ann', tags: [], people_type_id: 1, ...over } as unknown as Person);
const booking = (over: object) =>
  bookingOf({ task_id: 1, project_id: 2, hours: 4, status: 2, repeat_state: 0, ...over } as unknown as Allocation);
const leave = (over: object) =>
  leaveOf({ people_ids: [1], status: 2, full_day: 0, repeat_state: 0, ...over } as unknown as TimeOff);

describe('a person of Float', () => {
  test('has the hours in force on each day, in any order of the history', () => {
    const ann = person({ work_days_hours_history: { '2026-11-25': HALF, '1970-01-01': FULL, soon: HALF } });
    expect([normalHours(ann, '2026-11-24'), normalHours(ann, '2026-11-25')]).toEqual([8, 4]);
  });

  test.each([
    [{ work_days_hours: HALF }, 4],
    [{ work_days_hours_history: {}, work_days_hours: HALF }, 4],
    [{}, 8],
    [{ work_days_hours: [8, 8] }, 8],
    [{ work_days_hours: null }, 8],
  ])('%j works %d hours on a Monday', (over, hours) => {
    expect(normalHours(person(over), '2026-11-23')).toBe(hours);
  });

  test.each([
    [1, false],
    [2, false],
    [3, true],
    [4, true],
  ])('of type %d is a placeholder: %p', (type, placeholder) => {
    expect(person({ people_type_id: type }).placeholder).toBe(placeholder);
  });

  test('with lists missing is still a person', () => {
    expect(person({ tags: null, department: null })).toMatchObject({
      tags: [],
      department: undefined,
      region: undefined,
    });
  });
});

describe('an allocation of Float', () => {
  test.each([
    [{ people_id: 7 }, [7]],
    [{ people_id: null, people_ids: [7, 8] }, [7, 8]],
    [{ people_id: 7, people_ids: [] }, [7]],
    [{ people_id: 7, people_ids: [7, 8] }, [7, 8]],
    [{}, []],
  ])('%j is work of %j', (over, ids) => {
    expect(booking(over).personIds).toEqual(ids);
  });

  test.each([
    [0, 'draft'],
    [1, 'tentative'],
    [2, 'confirmed'],
    [3, 'complete'],
    [4, 'cancelled'],
    [9, 'confirmed'],
  ])('of status %d is %s', (status, word) => {
    expect(booking({ status }).status).toBe(word);
  });

  test.each([
    [{ project_id: 2 }, 'tentative'],
    [{ project_id: 3 }, 'confirmed'],
    [{ project_id: 3, phase_id: 30 }, 'draft'],
    [{ project_id: 3, phase_id: 0 }, 'confirmed'],
    [{ project_id: 3, phase_id: null }, 'confirmed'],
    [{ project_id: 4, status: 1 }, 'tentative'],
  ])('%j below a tentative project 2 and a draft phase 30 is %s', (over, word) => {
    const parents = {
      ...parentStatus([], []),
      projects: new Map([[2, 'tentative'] as const]),
      phases: new Map([[30, 'draft'] as const]),
    };
    const record = { task_id: 1, hours: 4, status: 2, repeat_state: 0, ...over } as unknown as Allocation;
    expect(bookingOf(record, parents).status).toBe(word);
  });

  test.each([
    [
      { phase_id: 0, task_meta_id: null, billable: 0 },
      { phaseId: undefined, taskId: undefined, billable: false },
    ],
    [
      { phase_id: 30, task_meta_id: 9, billable: 1 },
      { phaseId: 30, taskId: 9, billable: true },
    ],
    [{}, { phaseId: undefined, taskId: undefined, billable: true }],
  ])('%j has its place in the project: %j', (over, place) => {
    expect(booking(over)).toMatchObject(place);
  });

  test.each([
    [{}, true],
    [{ project_id: 9 }, false],
    [{ phase_id: 90 }, false],
    [{ task_meta_id: 900 }, false],
    [{ billable: null, phase_id: 90 }, false],
    [{ billable: 1, project_id: 9 }, true],
    [{ billable: 0 }, false],
    [{ phase_id: 31, task_meta_id: 901 }, true],
  ])('%j is billable: %p; without a mark of its own as project 9, phase 90 and task 900, which are not', (over, is) => {
    const parents = parentStatus(
      [{ project_id: 9, non_billable: 1 } as Project, { project_id: 2, non_billable: 0 } as Project],
      [{ phase_id: 90, non_billable: 1 } as Phase, { phase_id: 31 } as Phase],
      [{ task_meta_id: 900, billable: 0 } as ProjectTask, { task_meta_id: 901, billable: 1 } as ProjectTask],
    );
    const record = {
      task_id: 1,
      project_id: 2,
      hours: 4,
      status: 2,
      repeat_state: 0,
      ...over,
    } as unknown as Allocation;
    expect(bookingOf(record, parents).billable).toBe(is);
  });

  test('repeats by its code until its end', () => {
    expect(booking({ repeat_state: 6, repeat_end_date: '2027-01-01' })).toMatchObject({
      repeat: { unit: 'month', count: 2 },
      repeatUntil: '2027-01-01',
    });
  });
});

test.each([
  [{ full_day: 1, hours: 4 }, undefined],
  [{ full_day: 0, hours: 4 }, 4],
  [{ full_day: 0, hours: null }, undefined],
])('time off %j takes %p hours a day; undefined is all of them', (over, hours) => {
  expect(leave(over).hoursPerDay).toBe(hours);
});

test('only status 2 is confirmed leave', () => {
  expect([1, 2, 3].map((status) => leave({ status }).confirmed)).toEqual([false, true, false]);
  expect(leave({ repeat_state: 1, repeat_end: '2027-01-01' })).toMatchObject({ repeatUntil: '2027-01-01' });
});

test('declined leave, for which Float has no documented word, is no leave', () => {
  expect([1, 2, 3].map((status) => isLeave({ status } as TimeOff))).toEqual([true, true, false]);
});

test('holidays: a team holiday may be several days, a public one names each', () => {
  expect(teamHolidayOf({ holiday_id: 1, name: 'Day', date: '2026-11-23' })).toEqual({
    name: 'Day',
    from: '2026-11-23',
    to: '2026-11-23',
  });
  expect(publicHolidaysOf({ id: 1, name: 'New Year', region: 4, dates: ['2026-01-01', '2027-01-01'] })).toEqual([
    { name: 'New Year', from: '2026-01-01', to: '2026-01-01', region: 4 },
    { name: 'New Year', from: '2027-01-01', to: '2027-01-01', region: 4 },
  ]);
});
