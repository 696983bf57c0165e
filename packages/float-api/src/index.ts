/** A client of the Float API v3, and the table of its resources. */
export {
  type CallOptions,
  createFloatClient,
  createTokenlessClient,
  type FloatClient,
  type FloatClientOptions,
  type Query,
  type QueryValue,
} from './client.js';
export { type Clock, systemClock } from './clock.js';
export { deletedPath, PER_DELETED_PAGE } from './deleted-log.js';
export { FloatApiError } from './errors.js';
export type { Page } from './page.js';
export { createRateLimiter, FLOAT_LIMITS, type Limits, type RateLimiter, type Window } from './rate-limit.js';
export { REPORT_KEYS, type ReportKey, reportOf } from './reports.js';
export {
  ALLOCATION_STATUSES,
  type Allocation,
  BUDGET_PRIORITIES,
  BUDGET_TYPES,
  type CreateOf,
  type Department,
  type Field,
  type FieldType,
  type FilterRow,
  fieldsOf,
  filtersOf,
  type IdOf,
  idField,
  type LoggedTime,
  type Milestone,
  type Operation,
  PEOPLE_TYPES,
  type Person,
  type Phase,
  PROJECT_STATUSES,
  type Project,
  type ProjectTask,
  type PublicHoliday,
  RESOURCE_KEYS,
  type Readable,
  type RecordOf,
  type Resource,
  type ResourceKey,
  type Role,
  resourceOf,
  sortsOf,
  spanField,
  supports,
  type TeamHoliday,
  TIMEOFF_STATUSES,
  type TimeOff,
  type UpdateOf,
  writableOf,
  writtenType,
} from './resources.js';
export { isObject } from './response.js';
export { createSharedLimiter } from './shared-limiter.js';
export { createTableProbe, type TableProbe } from './table-probe.js';
export type { TraceRequest } from './transport.js';
