import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { normalHours } from './calendar.js';
import { dayOf, weekday } from './day.js';
import { DEFAULT_WEEK, hoursHistory } from './hours-history.js';

const HALF = [0, 4, 4, 4, 4, 4, 0];
const FULL = [0, 8, 8, 8, 8, 8, 0];

test.each([
  ['the history goes before the hours of today', { '1970-01-01': FULL }, HALF, FULL],
  ['without a history, the hours of today', undefined, HALF, HALF],
  ['an empty history is none', {}, HALF, HALF],
  ['without either, the week of the account', null, null, DEFAULT_WEEK],
  ['six hours are no week', {}, [8, 8, 8, 8, 8, 8], DEFAULT_WEEK],
  ['nor are negative ones', { '1970-01-01': [0, -8, 8, 8, 8, 8, 0] }, HALF, HALF],
  ['a date that is none is skipped', { soon: FULL }, HALF, HALF],
  ['a week of zero hours is a week', {}, [0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0]],
])('%s', (_title, history, current, hours) => {
  expect(hoursHistory(history, current)).toEqual([{ from: '1970-01-01', hours }]);
});

test('the account may have a week of its own', () => {
  expect(hoursHistory(null, null, [0, 7, 7, 7, 7, 7, 0])[0]?.hours).toEqual([0, 7, 7, 7, 7, 7, 0]);
});

test('every day has the hours of the latest version not after it, in any order of versions', () => {
  const week = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 7, maxLength: 7 });
  const day = fc.integer({ min: 20_000, max: 20_600 }).map(dayOf);
  fc.assert(
    fc.property(fc.dictionary(day, week, { minKeys: 1, maxKeys: 5 }), day, (history, asked) => {
      let start: string | undefined;
      for (const from of Object.keys(history)) if (from <= asked && (start === undefined || from > start)) start = from;
      const week = history[start ?? Object.keys(history).sort()[0]!]!;
      const person = { id: 1, name: 'Ann', hours: hoursHistory(history, null) };
      expect(normalHours(person, asked)).toBe(week[weekday(asked)]);
    }),
  );
});
