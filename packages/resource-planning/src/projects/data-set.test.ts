import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { someDay, someEntry } from '../../test/support/arbitraries.js';
import { entriesOf } from './data-set.js';

test('of each day, either what was logged or what is planned counts, and today is still ahead', () => {
  const entries = fc.array(someEntry, { maxLength: 10 });
  fc.assert(
    fc.property(entries, entries, someDay, (scheduled, logged, today) => {
      const time = { scheduled, logged };
      expect(entriesOf('scheduled', time, today)).toEqual(scheduled);
      expect(entriesOf('logged', time, today)).toEqual(logged);
      const both = entriesOf('past-logged-future-scheduled', time, today);
      for (const entry of scheduled) expect(both.includes(entry)).toBe(entry.day >= today);
      for (const entry of logged) expect(both.includes(entry)).toBe(entry.day < today);
      expect(both.every((entry) => scheduled.includes(entry) || logged.includes(entry))).toBe(true);
    }),
  );
});
