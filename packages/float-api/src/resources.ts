/**
 * The table of Float's resources. Client methods, MCP tools, the sandbox and the reference page are derived from it. To add
 * a resource: extend `ResourceKey`, add a row in `resources/` and a line below.
 */

import { holidays, publicHolidays, timeoffs, timeoffTypes } from './resources/leave.js';
import { people } from './resources/people.js';
import { milestones, phases, projectTasks } from './resources/project-parts.js';
import { clients, projects } from './resources/projects.js';
import type { InputOf, ResponseOf } from './resources/record-types.js';
import type {
  Field,
  FieldType,
  Filter,
  Operation,
  Readable,
  Resource,
  ResourceKey,
} from './resources/resource-types.js';
import { allocations, loggedTime, statuses } from './resources/schedule.js';
import { accounts, departments, roles } from './resources/team.js';
import { currencies, projectExpenses, projectStages, projectTemplates, rateCards } from './resources/undocumented.js';

export { TIMEOFF_STATUSES } from './resources/leave.js';
export { PEOPLE_TYPES } from './resources/people.js';
export { PHASE_STATUSES } from './resources/project-parts.js';
export { BUDGET_PRIORITIES, BUDGET_TYPES, PROJECT_STATUSES } from './resources/projects.js';
export type {
  Action,
  Field,
  FieldType,
  Filter,
  Operation,
  Quirks,
  Readable,
  Resource,
  ResourceKey,
} from './resources/resource-types.js';
export { ALLOCATION_STATUSES, STATUS_TYPES } from './resources/schedule.js';
export { REPEAT_STATES } from './resources/shared.js';
export { ACCOUNT_TYPES } from './resources/team.js';

/** All resources by key. */
export const resources = {
  people,
  departments,
  roles,
  accounts,
  clients,
  projects,
  phases,
  'project-tasks': projectTasks,
  milestones,
  allocations,
  'logged-time': loggedTime,
  timeoffs,
  'timeoff-types': timeoffTypes,
  'public-holidays': publicHolidays,
  holidays,
  statuses,
  'project-stages': projectStages,
  'project-expenses': projectExpenses,
  'project-templates': projectTemplates,
  currencies,
  'rate-cards': rateCards,
} as const satisfies { [K in ResourceKey]: Resource & { readonly key: K } };

type Table = typeof resources;
type Fields<K extends ResourceKey> = Table[K]['fields'];

/** A record as Float returns it. It may contain unknown fields, since Float adds some without notice. */
export type RecordOf<K extends ResourceKey> = K extends ResourceKey ? ResponseOf<Fields<K>> : never;
/** The body of a create. */
export type CreateOf<K extends ResourceKey> = K extends ResourceKey ? InputOf<Fields<K>> : never;
/** The body of an update. */
export type UpdateOf<K extends ResourceKey> = K extends ResourceKey ? Partial<InputOf<Fields<K>>> : never;
/** The id of a record: an integer, except for logged time. */
export type IdOf<K extends ResourceKey> = K extends 'logged-time' ? string : number;

/** Resources with actions beside the five operations. */
export type ActingKey = { [K in ResourceKey]: Table[K] extends { actions: unknown } ? K : never }[ResourceKey];
/** The action names of a resource. */
export type ActionOf<K extends ActingKey> = keyof Table[K]['actions'] & string;
/** The body of an action. */
export type ActionInput<K extends ActingKey, A extends ActionOf<K>> = Table[K]['actions'][A] extends {
  fields: infer F extends Readonly<Record<string, Field>>;
}
  ? InputOf<F>
  : never;

/** A record of `people`. */
export type Person = RecordOf<'people'>;
/** A record of `departments`. */
export type Department = RecordOf<'departments'>;
/** A record of `roles`. */
export type Role = RecordOf<'roles'>;
/** A record of `accounts`. */
export type Account = RecordOf<'accounts'>;
/** A record of `clients`. */
export type Client = RecordOf<'clients'>;
/** A record of `projects`. */
export type Project = RecordOf<'projects'>;
/** A record of `phases`. */
export type Phase = RecordOf<'phases'>;
/** A record of `project-tasks`. */
export type ProjectTask = RecordOf<'project-tasks'>;
/** A record of `milestones`. */
export type Milestone = RecordOf<'milestones'>;
/** A record of `allocations`. */
export type Allocation = RecordOf<'allocations'>;
/** A record of `logged-time`. */
export type LoggedTime = RecordOf<'logged-time'>;
/** A record of `timeoffs`. */
export type TimeOff = RecordOf<'timeoffs'>;
/** A record of `timeoff-types`. */
export type TimeOffType = RecordOf<'timeoff-types'>;
/** A record of `public-holidays`. */
export type PublicHoliday = RecordOf<'public-holidays'>;
/** A record of `holidays`, which are those of the team. */
export type TeamHoliday = RecordOf<'holidays'>;
/** A record of `statuses`, which are places of work. */
export type PersonStatus = RecordOf<'statuses'>;

/** All keys of resources. */
export const RESOURCE_KEYS = Object.keys(resources) as readonly ResourceKey[];

/** The table row of a resource. */
export function resourceOf(key: ResourceKey): Resource {
  return resources[key];
}

/** The fields of a row with their names. */
export function fieldsOf(resource: Pick<Readable, 'fields'>): readonly (readonly [name: string, field: Field])[] {
  return Object.entries(resource.fields);
}

/** The name of the id field. @throws TypeError if the row has none */
export function idField(resource: Resource): string {
  const found = fieldsOf(resource).find(([, field]) => field.id);
  if (found === undefined) throw new TypeError(`the row "${resource.key}" marks no id field`);
  return found[0];
}

/** The fields that identify a record within a list. */
export function identityOf(resource: Resource): readonly string[] {
  return resource.identity ?? [idField(resource)];
}

/** The name of the field with a given role in the record's dates, if any. */
export function spanField(resource: Resource, part: NonNullable<Field['span']>): string | undefined {
  return fieldsOf(resource).find(([, field]) => field.span === part)?.[0];
}

/** A filter of a list. */
export interface FilterRow extends Filter {
  /** The field the filter compares with; undefined for a filter of its own. */
  readonly field?: string;
}

/** All filters of a list by name, including `start_date` and `end_date` if the resource has a range. */
export function filtersOf(resource: Readable): ReadonlyMap<string, FilterRow> {
  const rows = new Map<string, FilterRow>(Object.entries(resource.filters ?? {}));
  for (const [name, field] of fieldsOf(resource)) {
    if (field.filter === undefined) continue;
    rows.set(field.filter === true ? name : field.filter, { ...field, field: name });
  }
  if (resource.range) {
    rows.set('start_date', { type: 'date', about: 'first day of the range; needs end_date' });
    rows.set('end_date', { type: 'date', about: 'last day of the range; needs start_date' });
  }
  return rows;
}

/** The fields by which a list can be sorted. */
export function sortsOf(resource: Readable): readonly string[] {
  if (!resource.supports?.includes('sort')) return [];
  return fieldsOf(resource).flatMap(([name, field]) => (field.sortable ? [name] : []));
}

/** The fields that are returned only on request. */
export function expandsOf(resource: Readable): readonly string[] {
  return fieldsOf(resource).flatMap(([name, field]) => (field.expand ? [name] : []));
}

/** The fields of the body of a create or update. */
export function writableOf(resource: Pick<Readable, 'fields'>): readonly (readonly [name: string, field: Field])[] {
  return fieldsOf(resource).filter(([, field]) => !field.readOnly);
}

/** Whether Float's API has an operation for a resource. */
export function supports(resource: Resource, operation: Operation): boolean {
  return resource.operations.includes(operation);
}

/** The type of a field in a request, which may differ from that in a response. */
export function writtenType(field: Field): FieldType {
  return field.writeAs ?? field.type;
}
