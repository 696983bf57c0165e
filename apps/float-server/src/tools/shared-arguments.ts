import * as z from 'zod';

/** The one way to say when, in every tool. */
export const RANGE = z
  .string()
  .min(1)
  .describe('when: "today", "this week", "next 2 weeks", "next month", "2026-11-23..2026-12-04", "2026-W48"');
