import { ALL_OPERATIONS, type Resource } from './resource-types.js';
import { COLOR, STAMPS } from './shared.js';

/** Status codes of phases. */
export const PHASE_STATUSES = { 0: 'draft', 1: 'tentative', 2: 'confirmed' } as const;

/** Phases of projects. */
export const phases = {
  key: 'phases',
  path: '/phases',
  singular: 'phase',
  about: 'Phases of a project, each with its own dates and perhaps its own budget.',
  operations: ALL_OPERATIONS,
  supports: ['modified_since', 'fields', 'sort'],
  fields: {
    phase_id: { type: 'integer', about: 'id of the phase', id: true, readOnly: true, sortable: true },
    project_id: { type: 'integer', about: 'project', required: true, ref: 'projects', cascade: true, filter: true },
    name: { type: 'string', about: 'name', required: true, maxLength: 200, sortable: true },
    start_date: { type: 'date', about: 'first day', required: true, sortable: true, span: 'start' },
    end_date: { type: 'date', about: 'last day', required: true, sortable: true, span: 'end' },
    color: COLOR,
    notes: { type: 'string', about: 'free text' },
    budget_total: { type: 'money', about: 'hours or money of the phase', min: 0 },
    default_hourly_rate: { type: 'money', about: 'bill rate in the phase', min: 0 },
    non_billable: { type: 'flag', about: '1 = not billable', default: 0, filter: 'nonBillable' },
    status: { type: 'integer', about: 'not firmer than the project', values: PHASE_STATUSES, default: 2 },
    tentative: { type: 'flag', about: 'deprecated form of status 1', readOnly: true, default: 0 },
    active: { type: 'flag', about: '0 = archived', default: 1, filter: true },
    phase_tasks: { type: 'objects', about: 'project tasks of the phase', readOnly: true, expand: true },
    phase_team: { type: 'objects', about: '{people_id, role_id, hourly_rate}', readOnly: true, expand: true },
    ...STAMPS,
  },
} as const satisfies Resource;

/** Named tasks of projects. */
export const projectTasks = {
  key: 'project-tasks',
  path: '/project-tasks',
  singular: 'project task',
  about: 'Reusable task names of a project. Not allocations, which Float calls tasks.',
  operations: ALL_OPERATIONS,
  actions: {
    merge: {
      path: '/project-tasks/merge',
      about: 'Makes one project task of several. Linked records move to the one that stays.',
      fields: {
        task_meta_ids: { type: 'integers', about: 'project tasks to merge', required: true, ref: 'project-tasks' },
        task_name: {
          type: 'string',
          about: 'name of the one that stays; one that has it already takes in the others',
          required: true,
          mayBeEmpty: true,
          maxLength: 200,
        },
        billable: { type: 'flag', about: '1 = billable' },
      },
    },
  },
  supports: ['fields', 'sort'],
  fields: {
    task_meta_id: { type: 'integer', about: 'id of the project task', id: true, readOnly: true, sortable: true },
    project_id: { type: 'integer', about: 'project', required: true, ref: 'projects', cascade: true, filter: true },
    phase_id: { type: 'integer', about: 'phase, 0 = none', ref: 'phases', zeroIsNone: true, default: 0 },
    task_name: {
      type: 'string',
      about: 'name; empty = no task chosen',
      required: true,
      mayBeEmpty: true,
      maxLength: 200,
      sortable: true,
    },
    billable: { type: 'flag', about: '1 = billable', default: 1, filter: true },
    budget: { type: 'money', about: 'hours or money of the task', min: 0 },
    count_tasks: { type: 'integer', about: 'linked allocations', readOnly: true },
    count_logged_time: { type: 'integer', about: 'linked time entries', readOnly: true },
    created: STAMPS.created,
    modified: STAMPS.modified,
  },
} as const satisfies Resource;

/** Milestones of projects. */
export const milestones = {
  key: 'milestones',
  path: '/milestones',
  singular: 'milestone',
  about: 'Dated milestones of a project. They have no status and no completed flag.',
  operations: ALL_OPERATIONS,
  filters: { client_id: { type: 'integer', about: 'client of the project', ref: 'clients' } },
  fields: {
    milestone_id: { type: 'integer', about: 'id of the milestone', id: true, readOnly: true },
    name: { type: 'string', about: 'name', required: true, maxLength: 200 },
    project_id: { type: 'integer', about: 'project', required: true, ref: 'projects', cascade: true, filter: true },
    phase_id: { type: 'integer', about: 'phase, 0 = none', ref: 'phases', zeroIsNone: true, default: 0, filter: true },
    date: { type: 'date', about: 'day (newer answers may add a time)', required: true, span: 'start' },
    end_date: { type: 'date', about: 'last day when longer than one', span: 'end' },
    created: STAMPS.created,
    modified: STAMPS.modified,
  },
} as const satisfies Resource;
