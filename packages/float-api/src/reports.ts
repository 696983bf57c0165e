/** Float's two reports. They are lists without record ids: they support listing only. */

import type { ResponseOf } from './resources/record-types.js';
import type { Field, Readable } from './resources/resource-types.js';

/** Hours as described in Float's help. Their names in responses are not documented. */
const HOURS = {
  scheduled: { type: 'number', about: 'allocated hours, confirmed and complete', default: 0 },
  billable: { type: 'number', about: 'allocated hours on billable work', default: 0 },
  nonBillable: { type: 'number', about: 'allocated hours on other work', default: 0 },
  tentative_hours: {
    type: 'number',
    about: 'allocated hours of drafts and tentative work, not in the others',
    default: 0,
  },
  logged_hours: { type: 'number', about: 'logged hours', default: 0 },
  logged_billable_hours: { type: 'number', about: 'logged hours on billable work', default: 0 },
} as const satisfies Readonly<Record<string, Field>>;

/** The table of reports. */
export const reports = {
  people: {
    path: '/reports/people',
    singular: 'people report',
    about: 'Capacity and hours of each person in a range.',
    guessed: true,
    range: true,
    filters: { people_id: { type: 'integer', about: 'only this person', ref: 'people' } },
    fields: {
      people_id: { type: 'integer', about: 'person', required: true, ref: 'people' },
      name: { type: 'string', about: 'name of the person' },
      capacity: { type: 'number', about: 'working hours less leave and holidays', default: 0 },
      ...HOURS,
      unscheduled: { type: 'number', about: 'capacity without work', default: 0 },
      overtime: { type: 'number', about: 'scheduled beyond the capacity of a day', default: 0 },
      timeoff: { type: 'number', about: 'hours of confirmed leave', default: 0 },
    },
  },
  projects: {
    path: '/reports/projects',
    singular: 'project report',
    about: 'Hours and fees of each project in a range.',
    guessed: true,
    range: true,
    filters: { project_id: { type: 'integer', about: 'only this project', ref: 'projects' } },
    fields: {
      project_id: { type: 'integer', about: 'project', required: true, ref: 'projects' },
      name: { type: 'string', about: 'name of the project' },
      ...HOURS,
      scheduled_fee: { type: 'money', about: 'billable allocated hours at their bill rates', default: '0.00' },
      logged_fee: { type: 'money', about: 'billable logged hours at their bill rates', default: '0.00' },
    },
  },
} as const satisfies Readonly<Record<string, Readable>>;

/** The key of a report. */
export type ReportKey = keyof typeof reports;
/** A row of a report. */
export type ReportRow<K extends ReportKey> = K extends ReportKey ? ResponseOf<(typeof reports)[K]['fields']> : never;

/** All keys of reports. */
export const REPORT_KEYS = Object.keys(reports) as readonly ReportKey[];

/** The table row of a report. */
export function reportOf(key: ReportKey): Readable {
  return reports[key];
}
