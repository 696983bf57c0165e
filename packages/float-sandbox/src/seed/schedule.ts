/** The schedule of the agency. Weeks count from this week's Monday; day 0 is Monday. */
import type { PersonKey } from './team.js';
import type { PhaseKey, ProjectKey } from './work.js';

/** Optional properties of an allocation. */
export interface AllocationExtra {
  readonly phase?: PhaseKey;
  /** 0 draft, 1 tentative, 2 confirmed, 3 complete. */
  readonly status?: number;
  /** First and last day of the week. @default Monday to Friday */
  readonly days?: readonly [first: number, last: number];
  /** Repeats with this `repeat_state` until a week; without a week it never ends. */
  readonly repeat?: readonly [state: number, untilWeek?: number];
  readonly notes?: string;
}
/** An allocation of the seed. */
export type AllocationRow = readonly [
  people: PersonKey | readonly PersonKey[],
  project: ProjectKey,
  task: string,
  fromWeek: number,
  toWeek: number,
  hoursADay: number,
  extra?: AllocationExtra,
];

const TENTATIVE = { status: 1 };
const WEEKLY = 1;
const MONTHLY = 2;
const EVERY_TWO_WEEKS = 3;
const DISCOVERY = { phase: 'loyalty/discovery' } as const;
const APP_DESIGN = { phase: 'loyalty/design' } as const;
const APP_BUILD = { phase: 'mobile/build' } as const;

/**
 * Allocations. Next week Priya, Tomáš and (on his short days) Liam are overbooked; Noah, Inês, Quinn and Sam Reyes are
 * free.
 */
export const ALLOCATIONS: readonly AllocationRow[] = [
  ['ava', 'webshop', 'Design', -4, 0, 5],
  ['ava', 'loyalty', 'Experience design', 1, 3, 5, APP_DESIGN],
  ['ben', 'webshop', 'Design', -4, -1, 7],
  ['ben', 'portal', 'Interface design', 0, 4, 6],
  ['chloe', 'brand', 'Identity', -4, -2, 7],
  ['chloe', 'loyalty', 'Experience design', -1, 3, 6, APP_DESIGN],
  ['dan', 'brand', 'Motion', -2, 1, 5],
  ['dan', 'exhibit', 'Animation', 2, 6, 6, TENTATIVE],
  ['quinn', 'brand', 'Copy', -4, -2, 6],
  ['quinn', 'webshop', 'Copy', -1, 0, 5],
  ['elif', 'mobile', 'Architecture', -4, 2, 4, APP_BUILD],
  ['elif', 'dashboard', 'Build', -2, 4, 2],
  ['felix', 'mobile', 'App build', -3, 5, 7, APP_BUILD],
  ['grace', 'portal', 'Front-end', -4, 2, 6],
  ['grace', 'loyalty', 'App build', 3, 8, 6, { phase: 'loyalty/build' }],
  ['priya', 'webshop', 'Build', -4, 3, 8],
  ['priya', 'booking', 'Front-end', 0, 2, 4, { notes: 'Covers for the open position' }],
  ['hiro', 'mobile', 'API', -4, 5, 7, APP_BUILD],
  ['ines', 'booking', 'API', -4, 0, 7],
  ['jack', 'dashboard', 'Build', -4, 3, 6],
  ['jack', 'exhibit', 'Prototype', 4, 8, 8, TENTATIVE],
  ['tomas', 'portal', 'API', -3, 4, 6],
  ['tomas', 'booking', 'API', 1, 3, 5],
  ['victor', 'mobile', 'Infrastructure', -2, 4, 6, APP_BUILD],
  ['kira', 'mobile', 'Testing', -2, 5, 4, APP_BUILD],
  ['kira', 'webshop', 'Testing', 0, 2, 2],
  ['kira', 'booking', 'Regression', -2, -2, 2, { days: [0, 1], repeat: [WEEKLY, 6] }],
  ['liam', 'portal', 'Testing', -1, 3, 8, { days: [0, 3] }],
  ['maya', 'loyalty', 'Discovery', -4, -1, 4, DISCOVERY],
  ['maya', 'pitch', 'Pitch', 0, 1, 4, { status: 0 }],
  ['noah', 'booking', 'Research', -4, -2, 8],
  ['noah', 'loyalty', 'Discovery', -1, -1, 6, DISCOVERY],
  ['noah', 'exhibit', 'Research', 3, 5, 6, TENTATIVE],
  ['samr', 'wayfinding', 'Research', 2, 4, 6, { ...TENTATIVE, phase: 'wayfinding/research' }],
  ['olga', 'dashboard', 'Data model', -3, 3, 3],
  ['rosa', 'portal', 'Project management', -4, 6, 3],
  ['rosa', 'webshop', 'Project management', -4, 6, 3],
  ['samw', 'mobile', 'Project management', -4, 8, 4, APP_BUILD],
  ['samw', 'dashboard', 'Project management', -4, 4, 2],
  ['wanda', 'arcade', 'Production', -4, -3, 6, { status: 3 }],
  ['hire', 'portal', 'Front-end', 2, 7, 8, TENTATIVE],
  [[], 'exhibit', 'Build', 5, 7, 8, { ...TENTATIVE, notes: 'Nobody is assigned yet' }],
  [['ava', 'maya', 'elif'], 'internal', 'Leadership', -4, -4, 2, { days: [1, 1], repeat: [WEEKLY, 8] }],
  [['ava', 'ben', 'chloe', 'dan'], 'internal', 'Design critique', -4, -4, 1, { days: [2, 2], repeat: [WEEKLY] }],
  [
    ['elif', 'felix', 'grace', 'hiro', 'jack'],
    'internal',
    'Engineering guild',
    -4,
    -4,
    1,
    { days: [3, 3], repeat: [EVERY_TWO_WEEKS, 8] },
  ],
  [['rosa', 'samw'], 'internal', 'Budget review', -4, -4, 2, { days: [4, 4], repeat: [MONTHLY, 8] }],
];

/** Optional properties of leave. */
export interface LeaveExtra {
  /** Hours per day. @default whole days */
  readonly hours?: number;
  readonly tentative?: true;
  readonly repeat?: readonly [state: number, untilWeek: number];
  readonly notes?: string;
}

/** Types of leave. */
export const LEAVE_TYPES = {
  vacation: ['Vacation', '44bba4', true],
  sick: ['Sick leave', 'c73e1d', true],
  parental: ['Parental leave', '6c5b7b', true],
  training: ['Training', 'f18f01', true],
  jury: ['Jury service', '4f6d7a', false],
} as const satisfies Record<string, readonly [name: string, color: string, active: boolean]>;

/** Leave with week and day of its first and last day. */
export type LeaveRow = readonly [
  people: readonly PersonKey[],
  type: keyof typeof LEAVE_TYPES,
  first: readonly [week: number, day: number],
  last: readonly [week: number, day: number],
  extra?: LeaveExtra,
];

/** Leave of people. */
export const LEAVE: readonly LeaveRow[] = [
  [['chloe'], 'sick', [-1, 1], [-1, 2]],
  [['jack'], 'sick', [-2, 4], [-2, 4]],
  [['grace'], 'vacation', [1, 2], [1, 2], { hours: 4, notes: 'Afternoon off' }],
  [['ben'], 'vacation', [1, 3], [1, 4]],
  [['hiro'], 'vacation', [2, 0], [2, 4], { tentative: true }],
  [['felix'], 'vacation', [3, 0], [3, 4]],
  [['rosa', 'samw', 'elif'], 'training', [4, 1], [4, 2], { notes: 'Conference' }],
  [['maya'], 'parental', [5, 0], [12, 4]],
  [['olga'], 'training', [-4, 4], [-4, 4], { hours: 4, repeat: [WEEKLY, 8] }],
];

/** Places of work with their type: 1 home, 2 travel, 3 custom, 4 office. */
export const PLACES: readonly (readonly [
  PersonKey,
  type: number,
  week: number,
  days: readonly [number, number],
  string?,
])[] = [
  ['ava', 4, 1, [0, 2]],
  ['felix', 1, 1, [0, 4]],
  ['samw', 2, 1, [1, 2]],
  ['maya', 3, 1, [4, 4], 'At City Rail'],
];
