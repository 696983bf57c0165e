import type { Field } from './resource-types.js';

/** Codes of recurrence. Only 0 to 3 existed before 2018. */
export const REPEAT_STATES = {
  0: 'none',
  1: 'weekly',
  2: 'monthly',
  3: 'every 2 weeks',
  4: 'every 3 weeks',
  5: 'every 6 weeks',
  6: 'every 2 months',
  7: 'every 3 months',
  8: 'every 6 months',
  9: 'yearly',
} as const;

/** Creation and modification of a record. `created_by` and `modified_by` are account ids. */
export const STAMPS = {
  created: { type: 'datetime', about: 'when it was created', readOnly: true, sortable: true },
  created_by: { type: 'integer', about: 'account that created it', readOnly: true, ref: 'accounts' },
  modified: { type: 'datetime', about: 'when it last changed', readOnly: true, sortable: true },
  modified_by: { type: 'integer', about: 'account that changed it last', readOnly: true, ref: 'accounts' },
} as const satisfies Record<string, Field>;

/** Six hexadecimal digits in the documented example, without "#". */
export const COLOR = {
  type: 'string',
  about: 'colour, six hex digits without #',
  maxLength: 6,
} as const satisfies Field;
