/** Random plans for property tests: part-time weeks, changes of hours, employment, leave, holidays, repetitions. */
import fc from 'fast-check';
import { addDays, dayOf } from '../../src/day.js';
import type { ProjectWork, TimeEntry } from '../../src/projects/time-entry.js';
import { stepOfCode } from '../../src/recurrence.js';
import type { Holiday, Leave, Person, Plan, WeekHours } from '../../src/types.js';

/** A day within three months around a leap day, so that blocks and ranges often overlap. */
export const someDay = fc.integer({ min: 19_720, max: 19_810 }).map(dayOf);
/** A range of up to 13 days. */
export const someSpan = fc.tuple(someDay, fc.nat(12)).map(([from, length]) => ({ from, to: addDays(from, length) }));
/** A range of up to 41 days. */
export const someRange = fc.tuple(someDay, fc.nat(40)).map(([from, length]) => ({ from, to: addDays(from, length) }));
/** Hours in quarters, 0 included. */
export const someHours = fc.integer({ min: 0, max: 48 }).map((quarters) => quarters / 4);
const repeat = fc.constantFrom(0, 0, 0, 1, 2, 3, 9).map(stepOfCode);
const until = fc.option(someDay, { nil: undefined });
const personIds = fc.subarray([1, 2, 3]);
const week = fc
  .array(fc.constantFrom(0, 4, 7.5, 8), { minLength: 7, maxLength: 7 })
  .map((hours) => hours as unknown as WeekHours);

const personOf = (id: number): fc.Arbitrary<Person> =>
  fc
    .record({
      first: week,
      second: week,
      change: someDay,
      employed: fc.option(someSpan, { nil: undefined }),
      region: fc.constantFrom(7, 8, undefined),
    })
    .map(({ first, second, change, employed, region }) => ({
      id,
      name: `Person ${id}`,
      hours: [
        { from: '1970-01-01', hours: first },
        { from: change, hours: second },
      ],
      employedFrom: employed?.from,
      employedTo: employed === undefined ? undefined : addDays(employed.to, 30),
      region,
    }));

/** An allocation. */
export const someWork: fc.Arbitrary<ProjectWork> = fc
  .record({
    id: fc.nat(),
    personIds,
    hoursPerDay: someHours,
    status: fc.constantFrom('draft', 'tentative', 'confirmed', 'complete', 'cancelled'),
    span: someSpan,
    repeat,
    repeatUntil: until,
    projectId: fc.constantFrom(1, 2),
    phaseId: fc.constantFrom(0, 5, 6),
    taskId: fc.constantFrom(undefined, 50, 51),
    billable: fc.boolean(),
  })
  .map(({ span, ...rest }) => ({ ...rest, ...span }));

/** Leave. */
export const someLeave: fc.Arbitrary<Leave> = fc
  .record({
    personIds,
    hoursPerDay: fc.option(someHours, { nil: undefined }),
    confirmed: fc.boolean(),
    span: someSpan,
    repeat,
    repeatUntil: until,
  })
  .map(({ span, ...rest }) => ({ ...rest, ...span }));

/** A holiday. */
export const someHoliday: fc.Arbitrary<Holiday> = fc
  .record({ name: fc.constant('holiday'), region: fc.constantFrom(7, undefined), span: someSpan })
  .map(({ span: { from }, ...rest }) => ({ ...rest, from, to: addDays(from, 1) }));

/** A plan. */
export const somePlan: fc.Arbitrary<Plan<ProjectWork>> = fc.record({
  people: fc.tuple(personOf(1), personOf(2), personOf(3)),
  allocations: fc.array(someWork, { maxLength: 6 }),
  leave: fc.array(someLeave, { maxLength: 4 }),
  holidays: fc.array(someHoliday, { maxLength: 3 }),
});

/** A time entry. */
export const someEntry: fc.Arbitrary<TimeEntry> = fc.record({
  day: someDay,
  personId: fc.constantFrom(1, 2, undefined),
  projectId: fc.constantFrom(1, 2),
  phaseId: fc.constantFrom(0, undefined, 5, 6, 7),
  taskId: fc.constantFrom(undefined, 50, 51),
  hours: fc.integer({ min: 0, max: 2400 }).map((hundredths) => hundredths / 100),
  billable: fc.boolean(),
});
