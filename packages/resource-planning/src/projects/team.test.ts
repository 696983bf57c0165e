import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { someEntry } from '../../test/support/arbitraries.js';
import { projectTeam } from './team.js';
import type { ScheduledTime } from './time-entry.js';

const entry = (over: Partial<ScheduledTime>): ScheduledTime => ({
  day: '2026-11-23',
  personId: 1,
  projectId: 1,
  hours: 4,
  billable: true,
  allocationId: 1,
  tentative: false,
  ...over,
});

test('most hours first, members without work last', () => {
  const entries = [
    entry({ day: '2026-11-25' }),
    entry({}),
    entry({ personId: 2, hours: 9, tentative: true }),
    entry({ personId: undefined, hours: 1 }),
  ];
  expect(projectTeam(entries, [1, 3])).toEqual([
    { personId: 2, confirmedHours: 0, tentativeHours: 9, first: '2026-11-23', last: '2026-11-23', inTeam: false },
    { personId: 1, confirmedHours: 8, tentativeHours: 0, first: '2026-11-23', last: '2026-11-25', inTeam: true },
    {
      personId: undefined,
      confirmedHours: 1,
      tentativeHours: 0,
      first: '2026-11-23',
      last: '2026-11-23',
      inTeam: false,
    },
    { personId: 3, confirmedHours: 0, tentativeHours: 0, inTeam: true },
  ]);
});

test('no hour is lost, and each person occurs once', () => {
  const scheduled = fc
    .tuple(someEntry, fc.boolean())
    .map(([one, tentative]) => ({ ...one, allocationId: 1, tentative }));
  fc.assert(
    fc.property(fc.array(scheduled, { maxLength: 12 }), fc.subarray([1, 2, 3]), (entries, team) => {
      const rows = projectTeam(entries, team);
      const cents = (hours: number) => Math.round(hours * 100);
      const all = rows.reduce((sum, row) => sum + cents(row.confirmedHours) + cents(row.tentativeHours), 0);
      expect(all).toBe(entries.reduce((sum, { hours }) => sum + cents(hours), 0));
      const ids = [...new Set([...entries.map(({ personId }) => personId), ...team])];
      expect(rows.map(({ personId }) => personId).sort()).toEqual(ids.sort());
      for (const { personId, first, last } of rows) {
        const days = entries.filter((one) => one.personId === personId).map(({ day }) => day);
        expect([first, last]).toEqual([days.toSorted()[0], days.toSorted().at(-1)]);
      }
    }),
  );
});
