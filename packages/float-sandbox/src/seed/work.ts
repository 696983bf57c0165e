/** Projects of the agency. Weeks count from this week's Monday: -4 is four weeks ago. */
import type { AccountKey } from './team.js';

/** Clients of the agency. */
export const CLIENTS = {
  northwind: 'Northwind Coffee',
  helios: 'Helios Energy',
  brightside: 'Brightside Health',
  cityrail: 'City Rail',
  oakfield: 'Oakfield Bank',
  lumen: 'Lumen Museum',
  tandem: 'Tandem Games',
} as const;
/** The key of a client. */
export type ClientKey = keyof typeof CLIENTS;

/** A project of the seed. */
export interface ProjectRow {
  readonly name: string;
  readonly code: string;
  readonly client?: ClientKey;
  readonly manager: AccountKey;
  /** Further columns by Float's names. */
  readonly values?: Readonly<Record<string, unknown>>;
  readonly tags?: readonly string[];
  /** First and last week, as explicit dates. */
  readonly weeks?: readonly [from: number, to: number];
}

const HOURS = { budget_type: 1 };
const FEE = { budget_type: 2 };
const HOURLY = { budget_type: 3 };
const ON_PHASES = { budget_priority: 1 };
const ON_TASKS = { budget_priority: 2 };
const DRAFT = { status: 0 };
const TENTATIVE = { status: 1 };

/** Projects of the agency. */
export const PROJECTS = {
  webshop: {
    name: 'Northwind Webshop',
    code: 'NW-101',
    client: 'northwind',
    manager: 'rosa',
    values: { ...FEE, budget_total: 120_000 },
    tags: ['web', 'retainer'],
    weeks: [-8, 6],
  },
  loyalty: {
    name: 'Northwind Loyalty App',
    code: 'NW-102',
    client: 'northwind',
    manager: 'rosa',
    values: { ...FEE, ...ON_PHASES },
    tags: ['mobile'],
  },
  portal: {
    name: 'Helios Customer Portal',
    code: 'HE-201',
    client: 'helios',
    manager: 'rosa',
    values: { ...HOURS, budget_total: 1_400 },
    tags: ['web'],
    weeks: [-6, 8],
  },
  dashboard: {
    name: 'Helios Grid Dashboard',
    code: 'HE-202',
    client: 'helios',
    manager: 'samw',
    values: { ...HOURLY, default_hourly_rate: 130 },
    tags: ['data'],
  },
  booking: {
    name: 'Brightside Booking',
    code: 'BR-301',
    client: 'brightside',
    manager: 'samw',
    values: { ...HOURS, ...ON_TASKS },
    tags: ['web', 'health'],
  },
  // Small on purpose: it is over budget, and its work continues after its end.
  brand: {
    name: 'Brightside Brand Refresh',
    code: 'BR-302',
    client: 'brightside',
    manager: 'rosa',
    values: { ...FEE, budget_total: 18_000 },
    tags: ['brand', 'health'],
    weeks: [-5, 0],
  },
  wayfinding: {
    name: 'City Rail Wayfinding',
    code: 'CR-401',
    client: 'cityrail',
    manager: 'samw',
    values: { ...HOURS, ...TENTATIVE, budget_total: 400 },
    tags: ['signage'],
  },
  pitch: {
    name: 'City Rail Ticketing Pitch',
    code: 'CR-402',
    client: 'cityrail',
    manager: 'rosa',
    values: DRAFT,
    tags: ['pitch'],
  },
  mobile: {
    name: 'Oakfield Mobile Banking',
    code: 'OB-501',
    client: 'oakfield',
    manager: 'samw',
    values: { ...FEE, budget_total: 240_000 },
    tags: ['mobile'],
    weeks: [-10, 10],
  },
  exhibit: {
    name: 'Lumen Interactive Exhibit',
    code: 'LU-601',
    client: 'lumen',
    manager: 'rosa',
    values: { ...HOURLY, ...TENTATIVE },
    tags: ['installation'],
  },
  arcade: {
    name: 'Tandem Arcade Launch Site',
    code: 'TG-701',
    client: 'tandem',
    manager: 'samw',
    values: { active: 0, status: 3 },
    tags: ['web'],
    weeks: [-20, -3],
  },
  internal: {
    name: 'Internal: Studio Operations',
    code: 'INT-1',
    manager: 'owner',
    values: { non_billable: 1 },
  },
} as const satisfies Record<string, ProjectRow>;
/** The key of a project. */
export type ProjectKey = keyof typeof PROJECTS;

/** Phases: project, name, first week, last week, and further columns by Float's names. */
export const PHASES = {
  'loyalty/discovery': ['loyalty', 'Discovery', -4, -1, { budget_total: 12_000 }],
  'loyalty/design': ['loyalty', 'Design', -1, 3, { budget_total: 30_000 }],
  'loyalty/build': ['loyalty', 'Build', 2, 8, { budget_total: 65_000 }],
  'mobile/build': ['mobile', 'Build', -10, 5, {}],
  'mobile/launch': ['mobile', 'Launch', 5, 10, {}],
  'wayfinding/research': ['wayfinding', 'Research', 1, 4, { status: 1 }],
} as const satisfies Record<string, readonly [ProjectKey, string, number, number, Readonly<Record<string, unknown>>]>;
/** The key of a phase. */
export type PhaseKey = keyof typeof PHASES;

/** Project tasks with properties of their own; allocations create the others by naming them. */
export const PROJECT_TASKS: readonly (readonly [ProjectKey, string, Readonly<Record<string, unknown>>])[] = [
  ['booking', 'Research', { budget: 200 }],
  ['booking', 'API', { budget: 420 }],
  ['booking', 'Front-end', { budget: 160 }],
  ['booking', 'Regression', { budget: 60 }],
  ['webshop', 'Project management', { billable: 0 }],
  ['webshop', 'Copy', {}],
];

/** Milestones: project, name, week, day (0 for Monday), phase. */
export const MILESTONES: readonly (readonly [ProjectKey, string, number, number, PhaseKey?])[] = [
  ['webshop', 'Beta for the client', 1, 3],
  ['webshop', 'Go live', 5, 1],
  ['loyalty', 'Design signed off', 3, 4, 'loyalty/design'],
  ['portal', 'Security review', 2, 2],
  ['mobile', 'App store submission', 5, 0, 'mobile/launch'],
  ['brand', 'Guidelines handed over', -1, 4],
  ['pitch', 'Pitch day', 1, 4],
];
