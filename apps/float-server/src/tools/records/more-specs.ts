import { RECORD_SPECS, type RecordSpec } from './spec.js';

/** The remaining resources. `granular` has tools for each; `find-record` and `save-record` cover them all. */
export const MORE_RECORD_SPECS: readonly RecordSpec[] = [
  {
    key: 'phases',
    singular: 'phase',
    plural: 'phases',
    notes: 'A phase is never firmer than its project.',
    headline: ['project', 'start_date', 'end_date', 'status', 'budget_total', 'active'],
    details: ['phase_tasks', 'phase_team'],
  },
  {
    key: 'project-tasks',
    singular: 'project-task',
    plural: 'project-tasks',
    headline: ['project', 'billable', 'budget', 'count_tasks', 'count_logged_time'],
  },
  {
    key: 'milestones',
    singular: 'milestone',
    plural: 'milestones',
    headline: ['name', 'project', 'date', 'end_date'],
  },
  {
    key: 'statuses',
    singular: 'place-of-work',
    plural: 'places-of-work',
    notes: 'A new one replaces older ones of the same person on the same days.',
    headline: ['person', 'status_type_id', 'status_name', 'start_date', 'end_date', 'repeat_state'],
  },
  { key: 'holidays', singular: 'team-holiday', plural: 'team-holidays', headline: ['name', 'date', 'end_date'] },
  {
    key: 'public-holidays',
    singular: 'public-holiday',
    plural: 'public-holidays',
    headline: ['name', 'dates', 'region'],
  },
  { key: 'departments', singular: 'department', plural: 'departments', headline: ['parent_id'] },
  {
    key: 'roles',
    singular: 'role',
    plural: 'roles',
    headline: ['default_hourly_rate'],
    details: ['cost_rate_history', 'people_count', 'people_ids'],
  },
  {
    key: 'accounts',
    singular: 'account',
    plural: 'accounts',
    headline: ['email', 'account_type', 'active'],
    details: ['people_id'],
  },
  { key: 'project-stages', singular: 'project-stage', plural: 'project-stages', headline: ['name', 'status'] },
  {
    key: 'project-expenses',
    singular: 'project-expense',
    plural: 'project-expenses',
    headline: ['name', 'project', 'date', 'cost', 'markup', 'billable'],
  },
  { key: 'project-templates', singular: 'project-template', plural: 'project-templates', headline: ['name'] },
  { key: 'currencies', singular: 'currency', plural: 'currencies', headline: ['code', 'is_default'] },
  { key: 'rate-cards', singular: 'rate-card', plural: 'rate-cards', headline: ['name'] },
];

/** All resources with tools. */
export const ALL_SPECS: readonly RecordSpec[] = [...RECORD_SPECS, ...MORE_RECORD_SPECS];
