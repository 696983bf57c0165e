/**
 * Resources that Float's specification names without details. The rows state what the sandbox has and what Float may
 * have.
 */

import { BUDGET_TYPES, PROJECT_STATUSES } from './projects.js';
import { ALL_OPERATIONS, READ_OPERATIONS, type Resource } from './resource-types.js';
import { COLOR, STAMPS } from './shared.js';

/** Stages of a project's pipeline. */
export const projectStages = {
  key: 'project-stages',
  path: '/project-stages',
  singular: 'project stage',
  about: 'Stages of the pipeline a project goes through. Each stands for one status.',
  operations: ALL_OPERATIONS,
  idAlso: ['stage_id'],
  guessed: true,
  fields: {
    id: { type: 'integer', about: 'id of the stage', id: true, readOnly: true },
    name: { type: 'string', about: 'name', required: true, maxLength: 200 },
    status: { type: 'integer', about: 'status of the projects in it', values: PROJECT_STATUSES, default: 2 },
    color: COLOR,
  },
} as const satisfies Resource;

/** Expenses of projects. */
export const projectExpenses = {
  key: 'project-expenses',
  path: '/project-expenses',
  singular: 'project expense',
  about: 'Costs on a project. With their markup they count toward an hourly-fee budget when billable.',
  operations: ALL_OPERATIONS,
  idAlso: ['expense_id'],
  guessed: true,
  fields: {
    id: { type: 'integer', about: 'id of the expense', id: true, readOnly: true },
    project_id: { type: 'integer', about: 'project', required: true, ref: 'projects', cascade: true, filter: true },
    name: { type: 'string', about: 'what the money was spent on', required: true, maxLength: 200 },
    date: { type: 'date', about: 'day' },
    cost: { type: 'money', about: 'amount without markup', required: true, min: 0 },
    markup: { type: 'number', about: 'per cent on top of the cost', default: 0, min: 0 },
    billable: { type: 'flag', about: '1 = billable', default: 1 },
    notes: { type: 'string', about: 'free text' },
    ...STAMPS,
  },
} as const satisfies Resource;

/** Templates of projects. */
export const projectTemplates = {
  key: 'project-templates',
  path: '/project-templates',
  singular: 'project template',
  about: 'Templates for new projects.',
  operations: READ_OPERATIONS,
  guessed: true,
  fields: {
    template_id: { type: 'integer', about: 'id of the template', id: true, readOnly: true },
    name: { type: 'string', about: 'name', required: true, maxLength: 200 },
    color: COLOR,
    notes: { type: 'string', about: 'free text' },
    tags: { type: 'strings', about: 'tags, plain strings', default: [] },
    budget_type: { type: 'integer', about: 'kind of budget', values: BUDGET_TYPES, default: 0 },
    default_hourly_rate: { type: 'money', about: 'single bill rate for the whole team', min: 0 },
    non_billable: { type: 'flag', about: '1 = not billable', default: 0 },
    task_names: { type: 'strings', about: 'project tasks the project starts with', default: [] },
  },
} as const satisfies Resource;

/** Currencies of the team. */
export const currencies = {
  key: 'currencies',
  path: '/currencies',
  singular: 'currency',
  about: 'Currencies of the team.',
  operations: ['list'],
  guessed: true,
  fields: {
    currency_id: { type: 'integer', about: 'id of the currency', id: true, readOnly: true },
    code: { type: 'string', about: 'ISO 4217 code', required: true, maxLength: 3 },
    is_default: { type: 'flag', about: '1 = the currency of the team', default: 0 },
  },
} as const satisfies Resource;

/** Sets of bill rates. */
export const rateCards = {
  key: 'rate-cards',
  path: '/rate-cards',
  singular: 'rate card',
  about: 'Named sets of bill rates, one rate for each role.',
  operations: READ_OPERATIONS,
  guessed: true,
  fields: {
    rate_card_id: { type: 'integer', about: 'id of the rate card', id: true, readOnly: true },
    name: { type: 'string', about: 'name', required: true, maxLength: 200 },
    rates: {
      type: 'objects',
      about: 'bill rates by role',
      default: [],
      shape: {
        role_id: { type: 'integer', about: 'role', required: true, ref: 'roles' },
        hourly_rate: { type: 'money', about: 'bill rate', required: true },
      },
    },
  },
} as const satisfies Resource;
