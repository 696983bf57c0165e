/**
 * Every Float resource once. Client methods, MCP tools, the sandbox and the reference page are derived from this table.
 * To add a resource: its word in `ResourceKey`, its row in `resources/`, its line below.
 */
import type { Field, FieldType, Filter, Operation, Readable, Resource, ResourceKey } from './resources/kinds.js';
import { holidays, publicHolidays, timeoffs, timeoffTypes } from './resources/leave.js';
import { currencies, projectExpenses, projectStages, projectTemplates, rateCards } from './resources/newer.js';
import { people } from './resources/people.js';
import { milestones, phases, projectTasks } from './resources/project-parts.js';
import { clients, projects } from './resources/projects.js';
import type { AnswerOf, InputOf } from './resources/records.js';
import { allocations, loggedTime, statuses } from './resources/schedule.js';
import { accounts, departments, roles } from './resources/team.js';

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
} from './resources/kinds.js';
export { TIMEOFF_STATUSES } from './resources/leave.js';
export { PEOPLE_TYPES } from './resources/people.js';
export { PHASE_STATUSES } from './resources/project-parts.js';
export { BUDGET_PRIORITIES, BUDGET_TYPES, PROJECT_STATUSES } from './resources/projects.js';
export { ALLOCATION_STATUSES, STATUS_TYPES } from './resources/schedule.js';
export { REPEAT_STATES } from './resources/shared.js';
export { ACCOUNT_TYPES } from './resources/team.js';

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

/** A record as Float answers it. Unknown fields may be there as well: Float adds some without notice. */
export type RecordOf<K extends ResourceKey> = K extends ResourceKey ? AnswerOf<Fields<K>> : never;
export type CreateOf<K extends ResourceKey> = K extends ResourceKey ? InputOf<Fields<K>> : never;
export type UpdateOf<K extends ResourceKey> = K extends ResourceKey ? Partial<InputOf<Fields<K>>> : never;
/** Integers, except logged time. */
export type IdOf<K extends ResourceKey> = K extends 'logged-time' ? string : number;

/** The resources with an action beside the five verbs, the names of these, and what each one takes. */
export type ActingKey = { [K in ResourceKey]: Table[K] extends { actions: unknown } ? K : never }[ResourceKey];
export type ActionOf<K extends ActingKey> = keyof Table[K]['actions'] & string;
export type ActionInput<K extends ActingKey, A extends ActionOf<K>> = Table[K]['actions'][A] extends {
  fields: infer F extends Readonly<Record<string, Field>>;
}
  ? InputOf<F>
  : never;

export type Person = RecordOf<'people'>;
export type Department = RecordOf<'departments'>;
export type Role = RecordOf<'roles'>;
export type Account = RecordOf<'accounts'>;
export type Client = RecordOf<'clients'>;
export type Project = RecordOf<'projects'>;
export type Phase = RecordOf<'phases'>;
export type ProjectTask = RecordOf<'project-tasks'>;
export type Milestone = RecordOf<'milestones'>;
export type Allocation = RecordOf<'allocations'>;
export type LoggedTime = RecordOf<'logged-time'>;
export type TimeOff = RecordOf<'timeoffs'>;
export type TimeOffType = RecordOf<'timeoff-types'>;
export type PublicHoliday = RecordOf<'public-holidays'>;
export type TeamHoliday = RecordOf<'holidays'>;
export type PersonStatus = RecordOf<'statuses'>;

export const RESOURCE_KEYS = Object.keys(resources) as readonly ResourceKey[];

export function resourceOf(key: ResourceKey): Resource {
  return resources[key];
}

export function fieldsOf(resource: Pick<Readable, 'fields'>): readonly (readonly [name: string, field: Field])[] {
  return Object.entries(resource.fields);
}

export function idField(resource: Resource): string {
  const found = fieldsOf(resource).find(([, field]) => field.id);
  if (found === undefined) throw new TypeError(`the row "${resource.key}" marks no id field`);
  return found[0];
}

/** The fields that together tell two records of a list apart. */
export function identityOf(resource: Resource): readonly string[] {
  return resource.identity ?? [idField(resource)];
}

/** The name of the field that plays the given part in time, if the resource has one. */
export function spanField(resource: Resource, part: NonNullable<Field['span']>): string | undefined {
  return fieldsOf(resource).find(([, field]) => field.span === part)?.[0];
}

export interface FilterRow extends Filter {
  /** The field it compares with; a filter of its own has none. */
  readonly field?: string;
}

/** All filters of a list by name, `start_date` and `end_date` among them where the resource has a range. */
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

export function sortsOf(resource: Readable): readonly string[] {
  if (!resource.supports?.includes('sort')) return [];
  return fieldsOf(resource).flatMap(([name, field]) => (field.sortable ? [name] : []));
}

export function expandsOf(resource: Readable): readonly string[] {
  return fieldsOf(resource).flatMap(([name, field]) => (field.expand ? [name] : []));
}

/** The fields a caller may send in a create or an update. */
export function writableOf(resource: Pick<Readable, 'fields'>): readonly (readonly [name: string, field: Field])[] {
  return fieldsOf(resource).filter(([, field]) => !field.readOnly);
}

export function supports(resource: Resource, operation: Operation): boolean {
  return resource.operations.includes(operation);
}

/** What a caller writes, where it differs from what Float answers. */
export function writtenType(field: Field): FieldType {
  return field.writeAs ?? field.type;
}
