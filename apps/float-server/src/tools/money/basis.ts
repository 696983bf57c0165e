import type { DataSet } from 'resource-planning';
import * as z from 'zod';

/** Schema of the hours that count. */
export const BASES = z.enum(['scheduled', 'logged', 'past-logged-future-scheduled']);
/** The `basis` argument. */
export const BASIS = BASES.default('scheduled').describe(
  "hours that count: planned ones as on Float's project pages, logged ones, or logged before today and planned after",
);

const TEXTS: Readonly<Record<DataSet, string>> = {
  scheduled: 'scheduled hours count',
  logged: 'logged hours count',
  'past-logged-future-scheduled': 'logged hours before today and scheduled hours from today on count',
};

/** The filter text of a basis. */
export function basisText(basis: DataSet): string {
  return TEXTS[basis];
}

/** The filter text of `include_tentative`. */
export function tentativeText(included: boolean): string {
  return included ? 'tentative work counts as scheduled' : 'tentative work not counted';
}
