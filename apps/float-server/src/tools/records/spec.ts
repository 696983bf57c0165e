import type { ResourceKey } from '../../float/resources.js';

/** How one resource appears as tools. Everything about its fields comes from the resource table. */
export interface RecordSpec {
  readonly key: ResourceKey;
  /** The end of the tool names: `find-<plural>`, `save-<singular>`. */
  readonly singular: string;
  readonly plural: string;
  /** What a reader has to know before using the tools, beyond what the resource table says. */
  readonly notes?: string;
  /** Shown in the one line a record gets in a list. */
  readonly headline: readonly string[];
  /** Answered only on request by Float; asked for when one record is read. */
  readonly details?: readonly string[];
  /** Writable fields that are not offered: another one says the same, or a tool of its own does it safely. */
  readonly notOffered?: readonly string[];
  /** Says better than the table what a field is for as an argument. */
  readonly abouts?: Readonly<Record<string, string>>;
}

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
    abouts: { people_ids: 'everybody who does it', people_id: 'person who does it' },
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

/** The arguments are named after what they mean, because they take a name or an id. */
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

/** What a field or filter of Float is called in our tools. */
export function argumentName(floatName: string): string {
  return ARGUMENT_NAMES[floatName] ?? floatName;
}
