/** Schemas of arguments that several tools share. Every text and list is bounded, which bounds the work of a call. */
import * as z from 'zod';

/** Characters of a name. Float's limit is 200; e-mail addresses and "Surname, Given" may be longer. */
export const MAX_NAME_CHARS = 250;

/** Characters of a text without a smaller bound of its own, such as notes. */
export const MAX_TEXT_CHARS = 10_000;

/** Entries of a list. Each may need a look-up. */
export const MAX_ENTRIES = 200;

/** The date range of every tool, as `parseRange` reads it. */
export const RANGE = z.string().min(1).max(100).describe('such as "next 2 weeks" or "2026-11-23..2026-12-04"');

/** The name of a record. */
export const NAME = z.string().min(1).max(MAX_NAME_CHARS);

/** Refers to one record by name or id. */
export const NAME_OR_ID = z.union([z.number(), NAME], { error: 'must be one name or one id' });

/** A textual id of Float, such as that of logged time. */
export const TEXT_ID = z.string().max(64);

/** The tag of a person. */
export const TAG = z.string().min(1).max(100).describe('tag such as a skill, in any case');

/** A calendar date. */
export const DAY = z
  .string()
  .max(10)
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a day as YYYY-MM-DD');

/** A time of day. */
export const TIME = z
  .string()
  .max(5)
  .regex(/^\d{2}:\d{2}$/, 'must be a time as HH:MM');

/** A list of at most `MOST_ENTRIES` entries. */
export const listOf = <T extends z.ZodType>(entry: T): z.ZodArray<T> => z.array(entry).max(MAX_ENTRIES);

/**
 * An object whose members are validated elsewhere.
 *
 * @param characters maximal length as JSON
 */
export function objectUpTo(characters: number): z.ZodType<Record<string, unknown>> {
  return z
    .record(z.string().max(64), z.unknown())
    .refine((given) => Object.keys(given).length <= MAX_ENTRIES && JSON.stringify(given).length <= characters, {
      message: `must have at most ${MAX_ENTRIES} members and ${characters} characters as JSON`,
    });
}
