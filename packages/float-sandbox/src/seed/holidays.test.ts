import { describe, expect, test } from '@jest/globals';
import { easterSunday, publicHolidays } from './holidays.js';

describe('public holidays', () => {
  test.each([
    [2024, '2024-03-31'],
    [2025, '2025-04-20'],
    [2026, '2026-04-05'],
    [2027, '2027-03-28'],
    [2038, '2038-04-25'],
  ])('Easter %i', (year, date) => {
    expect(easterSunday(year)).toBe(date);
  });

  test('rules fall on the right days', () => {
    const dates = Object.fromEntries(
      publicHolidays(2026).map(({ name, region, dates: [date] }) => [`${region} ${name}`, date]),
    );
    expect(dates).toMatchObject({
      'us Thanksgiving Day': '2026-11-26',
      'us Memorial Day': '2026-05-25',
      'uk Summer bank holiday': '2026-08-31',
      'uk Early May bank holiday': '2026-05-04',
      'de Pfingstmontag': '2026-05-25',
      'de Christi Himmelfahrt': '2026-05-14',
    });
  });
});
