import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { someDay, someEntry } from '../../test/support/arbitraries.js';
import type { TimeEntry } from './time-entry.js';
import { missingDays, varianceBy } from './variance.js';

const entry = (over: Partial<TimeEntry>): TimeEntry => ({
  day: '2026-11-23',
  personId: 1,
  projectId: 1,
  hours: 4,
  billable: true,
  ...over,
});

test('0.1 + 0.2 logged of 0.3 planned is no difference, and unplanned work is all difference', () => {
  const scheduled = [entry({ hours: 0.3 }), entry({ projectId: 3, hours: 2 })];
  const logged = [entry({ hours: 0.1 }), entry({ hours: 0.2 }), entry({ projectId: 2, hours: 5 })];
  expect(varianceBy({ scheduled, logged }, ({ projectId }) => projectId)).toEqual([
    { key: 1, planned: 0.3, logged: 0.3, difference: 0 },
    { key: 3, planned: 2, logged: 0, difference: -2 },
    { key: 2, planned: 0, logged: 5, difference: 5 },
  ]);
});

test('a day is missing only if nothing at all was logged on it, and only until the day asked for', () => {
  const scheduled = [
    entry({}),
    entry({ projectId: 2, hours: 3 }),
    entry({ day: '2026-11-24' }),
    entry({ day: '2026-11-25', hours: 0 }),
    entry({ day: '2026-11-26' }),
    entry({ personId: undefined }),
  ];
  // A soft-deleted entry has 0 hours.
  const logged = [entry({ day: '2026-11-24', projectId: 9, hours: 1 }), entry({ hours: 0 })];
  expect(missingDays({ scheduled, logged }, '2026-11-25')).toEqual([{ personId: 1, day: '2026-11-23', planned: 7 }]);
});

test('totals and missing days are those of a search through everything', () => {
  const entries = fc.array(someEntry, { maxLength: 12 });
  const cents = (all: readonly { hours: number }[]) => all.reduce((sum, { hours }) => sum + Math.round(hours * 100), 0);
  fc.assert(
    fc.property(entries, entries, someDay, (scheduled, logged, until) => {
      const rows = varianceBy({ scheduled, logged }, ({ personId }) => personId);
      for (const { key, planned, logged: done, difference } of rows) {
        const mine = ({ personId }: TimeEntry) => personId === key;
        expect(Math.round(planned * 100)).toBe(cents(scheduled.filter(mine)));
        expect(Math.round(done * 100)).toBe(cents(logged.filter(mine)));
        expect(Math.round(difference * 100)).toBe(cents(logged.filter(mine)) - cents(scheduled.filter(mine)));
      }
      const missing = missingDays({ scheduled, logged }, until).map(({ personId, day }) => `${personId} ${day}`);
      const expected = scheduled.filter(
        (one) =>
          one.personId !== undefined &&
          one.hours > 0 &&
          one.day <= until &&
          !logged.some(({ personId, day, hours }) => personId === one.personId && day === one.day && hours > 0),
      );
      expect(missing.sort()).toEqual([...new Set(expected.map(({ personId, day }) => `${personId} ${day}`))].sort());
    }),
  );
});
