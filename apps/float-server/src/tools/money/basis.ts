import * as z from 'zod';
import type { DataSet } from '../../planning/projects/data-set.js';

export const SETS = z.enum(['scheduled', 'logged', 'past-logged-future-scheduled']);
export const BASIS = SETS.default('scheduled').describe(
  "hours that count: planned ones as on Float's project pages, logged ones, or logged before today and planned after",
);

const TEXTS: Readonly<Record<DataSet, string>> = {
  scheduled: 'scheduled hours count',
  logged: 'logged hours count',
  'past-logged-future-scheduled': 'logged hours before today and scheduled hours from today on count',
};

export function basisText(basis: DataSet): string {
  return TEXTS[basis];
}

export function tentativeText(included: boolean): string {
  return included ? 'tentative work counts as scheduled' : 'tentative work not counted';
}
