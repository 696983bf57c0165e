/** Public holidays computed by rule, for any year. */
import { addDays, weekday } from 'resource-planning';
import type { Region } from './team.js';

/** A fixed date; a number of days after Easter Sunday; or the nth weekday of a month (0 for the last one). */
type Rule =
  | { readonly on: string }
  | { readonly easter: number }
  | { readonly month: number; readonly weekday: number; readonly nth: number };

const MONDAY = 1;
const THURSDAY = 4;
const NEW_YEAR = { on: '01-01' };
const CHRISTMAS = { on: '12-25' };
const SECOND_CHRISTMAS_DAY = { on: '12-26' };

const RULES: Readonly<Record<Region, Readonly<Record<string, Rule>>>> = {
  uk: {
    "New Year's Day": NEW_YEAR,
    'Good Friday': { easter: -2 },
    'Easter Monday': { easter: 1 },
    'Early May bank holiday': { month: 5, weekday: MONDAY, nth: 1 },
    'Spring bank holiday': { month: 5, weekday: MONDAY, nth: 0 },
    'Summer bank holiday': { month: 8, weekday: MONDAY, nth: 0 },
    'Christmas Day': CHRISTMAS,
    'Boxing Day': SECOND_CHRISTMAS_DAY,
  },
  de: {
    Neujahr: NEW_YEAR,
    Karfreitag: { easter: -2 },
    Ostermontag: { easter: 1 },
    'Tag der Arbeit': { on: '05-01' },
    'Christi Himmelfahrt': { easter: 39 },
    Pfingstmontag: { easter: 50 },
    'Tag der Deutschen Einheit': { on: '10-03' },
    'Erster Weihnachtstag': CHRISTMAS,
    'Zweiter Weihnachtstag': SECOND_CHRISTMAS_DAY,
  },
  us: {
    "New Year's Day": NEW_YEAR,
    'Martin Luther King Jr. Day': { month: 1, weekday: MONDAY, nth: 3 },
    "Presidents' Day": { month: 2, weekday: MONDAY, nth: 3 },
    'Memorial Day': { month: 5, weekday: MONDAY, nth: 0 },
    Juneteenth: { on: '06-19' },
    'Independence Day': { on: '07-04' },
    'Labor Day': { month: 9, weekday: MONDAY, nth: 1 },
    'Thanksgiving Day': { month: 11, weekday: THURSDAY, nth: 4 },
    'Christmas Day': CHRISTMAS,
  },
};

/** A holiday with its date and region. */
export interface HolidayRow {
  readonly name: string;
  readonly region: Region;
  readonly dates: readonly string[];
}

/** The public holidays of a year. */
export function publicHolidays(year: number): HolidayRow[] {
  return (Object.keys(RULES) as Region[]).flatMap((region) =>
    Object.entries(RULES[region]).map(([name, rule]) => ({ name, region, dates: [dateOf(rule, year)] })),
  );
}

function dateOf(rule: Rule, year: number): string {
  if ('on' in rule) return `${year}-${rule.on}`;
  return 'easter' in rule ? addDays(easterSunday(year), rule.easter) : nthWeekday(rule, year);
}

function nthWeekday(rule: { month: number; weekday: number; nth: number }, year: number): string {
  const first = `${year}-${String(rule.month).padStart(2, '0')}-01`;
  const earliest = addDays(first, (rule.weekday - weekday(first) + 7) % 7);
  if (rule.nth > 0) return addDays(earliest, (rule.nth - 1) * 7);
  const fifth = addDays(earliest, 28);
  return fifth.slice(0, 7) === first.slice(0, 7) ? fifth : addDays(earliest, 21);
}

/** The Gregorian computus by Meeus, Jones and Butcher; variables are named as in the published algorithm. */
export function easterSunday(year: number): string {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7;
  const f = d + e - 7 * Math.floor((a + 11 * d + 22 * e) / 451) + 114;
  return addDays(`${year}-${String(Math.floor(f / 31)).padStart(2, '0')}-01`, f % 31);
}
