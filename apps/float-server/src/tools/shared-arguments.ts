/** What arguments of several tools have in common. Every text and every list has a bound, so that work has one too. */
import * as z from 'zod';

/** Characters. Float's own names end at 200, and a person may be meant by an e-mail address or "Surname, Given". */
export const LONGEST_NAME = 250;

/** Characters of a text without a shorter bound of its own, such as notes. */
export const LONGEST_TEXT = 10_000;

/** Entries of a list: more than one task has people, and few enough to look each of them up. */
export const MOST_ENTRIES = 200;

/** The one way to say when, in every tool. */
export const RANGE = z.string().min(1).max(100).describe('such as "next 2 weeks", "Q1 2027", "2026-11-23..2026-12-04"');

export const NAME = z.string().min(1).max(LONGEST_NAME);

export const NAME_OR_ID = z.union([z.number(), NAME], { error: 'must be one name or one id' });

/** An id of Float that is a text, such as one of logged time. */
export const TEXT_ID = z.string().max(64);

export const TAG = z.string().min(1).max(100).describe('tag such as a skill, in any case');

export const DAY = z
  .string()
  .max(10)
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a day as YYYY-MM-DD');

export const TIME = z
  .string()
  .max(5)
  .regex(/^\d{2}:\d{2}$/, 'must be a time as HH:MM');

export const listOf = <T extends z.ZodType>(entry: T): z.ZodArray<T> => z.array(entry).max(MOST_ENTRIES);

/** An object whose members are looked at later, or by Float only: so long as JSON, and no longer. */
export function objectUpTo(characters: number): z.ZodType<Record<string, unknown>> {
  return z
    .record(z.string().max(64), z.unknown())
    .refine((given) => Object.keys(given).length <= MOST_ENTRIES && JSON.stringify(given).length <= characters, {
      message: `must have at most ${MOST_ENTRIES} members and ${characters} characters as JSON`,
    });
}
