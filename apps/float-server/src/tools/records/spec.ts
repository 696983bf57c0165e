import type { ResourceKey } from 'float-api';

/** The tools of one resource. Its fields come from the resource table. */
export interface RecordSpec {
  readonly key: ResourceKey;
  /** End of the tool names: `find-<plural>`, `save-<singular>`. */
  readonly singular: string;
  readonly plural: string;
  /** Text for tool descriptions, beyond that of the resource table. */
  readonly notes?: string;
  /** Fields on the one line of a record in a list. */
  readonly headline: readonly string[];
  /** Parts that Float returns only on request; requested when one record is read. */
  readonly details?: readonly string[];
  /** Writable fields without an argument: another argument has the same effect, or a tool of its own is safer. */
  readonly notOffered?: readonly string[];
  /** Descriptions of arguments, where the one of the resource table does not fit. */
  readonly abouts?: Readonly<Record<string, string>>;
}

/** The resources of the daily tools. */
export const RECORD_SPECS: readonly RecordSpec[] = [
  {
    key: 'people',
    singular: 'person',
    plural: 'people',
    notes: 'Archive with active: false, which keeps the history. Skills are kept in tags.',
    headline: ['job_title', 'department', 'email', 'people_type', 'tags', 'active'],
    details: ['account', 'contracts', 'managers'],
    notOffered: ['department'],
    abouts: { department_id: 'department' },
  },
  {
    key: 'projects',
    singular: 'project',
    plural: 'projects',
    notes: 'Archive with active: false, which keeps the history.',
    headline: ['project_code', 'client', 'status', 'start_date', 'end_date', 'budget_type', 'budget_total', 'active'],
    details: ['project_team', 'project_tasks'],
    notOffered: ['project_team'],
  },
  { key: 'clients', singular: 'client', plural: 'clients', headline: [] },
  {
    key: 'allocations',
    singular: 'allocation',
    plural: 'allocations',
    notes: 'hours is per day and per person, not a total. Days off are skipped.',
    headline: ['people', 'person', 'project', 'name', 'start_date', 'end_date', 'hours', 'status', 'repeat_state'],
    notOffered: ['people_id', 'root_task_id', 'parent_task_id'],
    abouts: { people_ids: 'all people who do it', people_id: 'person who does it' },
  },
  {
    key: 'timeoffs',
    singular: 'time-off',
    plural: 'time-off',
    notes: 'Give either full_day: true or hours per day.',
    headline: ['people', 'timeoff_type_name', 'start_date', 'end_date', 'full_day', 'hours', 'status', 'repeat_state'],
  },
  { key: 'timeoff-types', singular: 'time-off-type', plural: 'time-off-types', headline: ['active'] },
  {
    key: 'logged-time',
    singular: 'logged-time',
    plural: 'logged-time',
    notes: 'One entry is one person, one project and one day.',
    headline: ['person', 'project', 'task_name', 'date', 'hours', 'billable', 'locked', 'notes'],
  },
];

/**
 * The three most used resources have find and save tools of their own, with every argument in the schema. The others
 * share three tools.
 */
export const FOUND_DAILY: ReadonlySet<ResourceKey> = new Set(['people', 'projects', 'allocations']);
/** The resources with a save tool of their own. */
export const SAVED_DAILY: ReadonlySet<ResourceKey> = new Set(['projects', 'allocations', 'logged-time']);

/** Arguments take a name or an id, so their names are those of the record and not of its id. */
const ARGUMENT_NAMES: Readonly<Record<string, string>> = {
  people_id: 'person',
  people_ids: 'people',
  project_id: 'project',
  client_id: 'client',
  department_id: 'department',
  role_id: 'role',
  phase_id: 'phase',
  task_meta_id: 'project_task',
  timeoff_type_id: 'time_off_type',
  people_type_id: 'people_type',
  employee_type_id: 'full_time',
  employee_type: 'full_time',
  nonBillable: 'non_billable',
  tag_name: 'tag',
};

/** The name of the argument for a field or filter of Float. */
export function argumentName(floatName: string): string {
  return ARGUMENT_NAMES[floatName] ?? floatName;
}
