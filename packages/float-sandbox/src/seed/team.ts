/** People and accounts of the agency. Other tables refer to them by key. */

/** Regions with public holidays. */
export const REGIONS = { uk: 1, de: 2, us: 3 } as const;
/** The name of a region. */
export type Region = keyof typeof REGIONS;

/** Departments of the agency. */
export const DEPARTMENTS = {
  design: ['Design', null],
  engineering: ['Engineering', null],
  qa: ['Quality', 'engineering'],
  strategy: ['Strategy', null],
  delivery: ['Delivery', null],
} as const;
/** The key of a department. */
export type DepartmentKey = keyof typeof DEPARTMENTS;

/** Roles with bill rate and cost rate. */
export const ROLES = {
  'Design Lead': [140, 68],
  'Product Designer': [110, 48],
  'Motion Designer': [115, 50],
  Copywriter: [95, 42],
  'Tech Lead': [150, 74],
  'Frontend Developer': [120, 54],
  'Backend Developer': [125, 56],
  'DevOps Engineer': [135, 80],
  'QA Engineer': [90, 40],
  'Strategy Director': [180, 88],
  Strategist: [120, 52],
  'Data Analyst': [115, 50],
  'Project Manager': [105, 50],
  Producer: [100, 46],
} as const;
/** The name of a role. */
export type RoleName = keyof typeof ROLES;

/** Optional properties of a person. */
export interface PersonExtra {
  /** Working hours from Sunday to Saturday. */
  readonly week?: readonly number[];
  readonly type?: number;
  readonly archived?: true;
  /** First or last day of employment, in weeks from this week's Monday. */
  readonly startWeek?: number;
  readonly endWeek?: number;
}
/** A person of the seed. */
export type PersonRow = readonly [
  name: string,
  department: DepartmentKey,
  role: RoleName,
  region: Region,
  skills: string,
  extra?: PersonExtra,
];

const CONTRACTOR = 2;
const PLACEHOLDER = 3;
const MON_TO_WED = [0, 8, 8, 8, 0, 0, 0];
const SHORT_DAYS = [0, 6, 6, 6, 6, 0, 0];
const TUE_TO_FRI = [0, 0, 8, 8, 8, 8, 0];

/** People of the agency. */
export const PEOPLE = {
  ava: ['Ava Lindqvist', 'design', 'Design Lead', 'uk', 'figma, design systems, workshops'],
  ben: ['Ben Okafor', 'design', 'Product Designer', 'uk', 'figma, prototyping'],
  chloe: ['Chloé Martin', 'design', 'Product Designer', 'de', 'figma, illustration, branding'],
  dan: ['Dan Whitfield', 'design', 'Motion Designer', 'uk', 'after effects, motion', { week: MON_TO_WED }],
  quinn: ['Quinn Taylor', 'design', 'Copywriter', 'us', 'copywriting, seo'],
  uma: ['Uma Desai', 'design', 'Product Designer', 'uk', 'figma, research', { startWeek: 3 }],
  elif: ['Elif Kaya', 'engineering', 'Tech Lead', 'de', 'typescript, react, architecture'],
  felix: ['Felix Brandt', 'engineering', 'Frontend Developer', 'de', 'react, typescript, react native'],
  grace: ['Grace Mensah', 'engineering', 'Frontend Developer', 'uk', 'react, accessibility'],
  priya: ['Priya Raman', 'engineering', 'Frontend Developer', 'uk', 'react, typescript'],
  hiro: ['Hiro Tanaka', 'engineering', 'Backend Developer', 'us', 'node, postgres, aws'],
  ines: ['Inês Carvalho', 'engineering', 'Backend Developer', 'de', 'python, postgres'],
  jack: ['Jack Sullivan', 'engineering', 'Backend Developer', 'us', 'node, typescript, graphql'],
  tomas: ['Tomáš Dvořák', 'engineering', 'Backend Developer', 'de', 'java, postgres'],
  victor: ['Victor Hale', 'engineering', 'DevOps Engineer', 'us', 'aws, terraform', { type: CONTRACTOR, endWeek: 5 }],
  kira: ['Kira Novak', 'qa', 'QA Engineer', 'de', 'testing, playwright'],
  liam: ["Liam O'Brien", 'qa', 'QA Engineer', 'uk', 'testing, accessibility', { week: SHORT_DAYS }],
  maya: ['Maya Patel', 'strategy', 'Strategy Director', 'uk', 'strategy, workshops'],
  noah: ['Noah Bennett', 'strategy', 'Strategist', 'us', 'research, strategy'],
  samr: ['Sam Reyes', 'strategy', 'Strategist', 'de', 'research, service design', { week: TUE_TO_FRI }],
  olga: ['Olga Sidorova', 'strategy', 'Data Analyst', 'de', 'sql, python, dashboards'],
  rosa: ['Rosa Jiménez', 'delivery', 'Project Manager', 'uk', 'scrum, budgeting'],
  samw: ['Sam Whitaker', 'delivery', 'Project Manager', 'us', 'scrum, workshops'],
  wanda: ['Wanda Kowalska', 'delivery', 'Producer', 'de', 'production', { archived: true }],
  hire: ['Frontend Developer (to hire)', 'engineering', 'Frontend Developer', 'uk', 'react', { type: PLACEHOLDER }],
} as const satisfies Record<string, PersonRow>;
/** The key of a person. */
export type PersonKey = keyof typeof PEOPLE;

/** An account of the seed. */
export type AccountRow = readonly [
  name: string,
  type: number,
  person?: PersonKey,
  departments?: readonly DepartmentKey[],
];

/** Accounts. The first one owns the token; those without a person are guests. */
export const ACCOUNTS = {
  owner: ['Helen Marsh', 1],
  admin: ['Studio Systems', 2],
  rosa: ['Rosa Jiménez', 7, 'rosa', ['delivery', 'strategy']],
  samw: ['Sam Whitaker', 7, 'samw', ['delivery']],
  ava: ['Ava Lindqvist', 7, 'ava', ['design']],
  elif: ['Elif Kaya', 7, 'elif', ['engineering', 'qa']],
  ben: ['Ben Okafor', 4, 'ben'],
  books: ['Ledger & Co', 5],
} as const satisfies Record<string, AccountRow>;
/** The key of an account. */
export type AccountKey = keyof typeof ACCOUNTS;
