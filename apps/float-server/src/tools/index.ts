import { findAvailable } from './find-available.js';
import { bookPerson } from './jobs-writing/book-person.js';
import { bookTimeOff } from './jobs-writing/book-time-off.js';
import { canWeTakeOn } from './jobs-writing/can-we-take-on.js';
import { handOver } from './jobs-writing/hand-over.js';
import { loggedVsPlanned } from './jobs-writing/logged-vs-planned.js';
import { whatsDue } from './jobs-writing/whats-due.js';
import { whoIsAway } from './jobs-writing/who-is-away.js';
import { leaveClashes } from './leave-clashes.js';
import { projectsAtRisk } from './money/projects-at-risk.js';
import { showBudget } from './money/show-budget.js';
import { showUtilization } from './money/show-utilization.js';
import { findRecord, saveRecordTool } from './records/any.js';
import { deleteRecord } from './records/delete.js';
import { findTool } from './records/find.js';
import { saveTool } from './records/save.js';
import { RECORD_SPECS } from './records/spec.js';
import { showPlan } from './show-plan.js';
import type { FloatTool } from './tool.js';
import { whoIsFree } from './who-is-free.js';
import { whoIsOverbooked } from './who-is-overbooked.js';
import { whoWorksOn } from './who-works-on.js';

/** What is asked for every day has tools of its own, with every argument in the schema. The rest shares three tools. */
const FOUND_DAILY = new Set(['people', 'projects', 'allocations']);
const SAVED_DAILY = new Set(['projects', 'allocations', 'logged-time']);

/** Every tool, in the order in which clients show them: questions first, then reading, then changing. */
export const tools: readonly FloatTool[] = [
  whoIsFree,
  findAvailable,
  whoIsOverbooked,
  showPlan,
  whoWorksOn,
  showUtilization,
  showBudget,
  projectsAtRisk,
  loggedVsPlanned,
  whoIsAway,
  leaveClashes,
  whatsDue,
  canWeTakeOn,
  ...RECORD_SPECS.filter(({ key }) => FOUND_DAILY.has(key)).map(findTool),
  findRecord,
  bookPerson,
  handOver,
  bookTimeOff,
  ...RECORD_SPECS.filter(({ key }) => SAVED_DAILY.has(key)).map(saveTool),
  saveRecordTool,
  deleteRecord,
];
