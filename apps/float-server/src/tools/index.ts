import { bookPerson } from './actions/book-person.js';
import { bookTimeOff } from './actions/book-time-off.js';
import { handOver } from './actions/hand-over.js';
import { projectsAtRisk } from './money/projects-at-risk.js';
import { showBudget } from './money/show-budget.js';
import { showUtilization } from './money/show-utilization.js';
import { canWeTakeOn } from './questions/can-we-take-on.js';
import { findAvailable } from './questions/find-available.js';
import { leaveClashes } from './questions/leave-clashes.js';
import { loggedVsPlanned } from './questions/logged-vs-planned.js';
import { showPlan } from './questions/show-plan.js';
import { whatsDue } from './questions/whats-due.js';
import { whoIsAway } from './questions/who-is-away.js';
import { whoIsFree } from './questions/who-is-free.js';
import { whoIsOverbooked } from './questions/who-is-overbooked.js';
import { whoWorksOn } from './questions/who-works-on.js';
import { deleteRecord } from './records/delete.js';
import { findTool } from './records/find.js';
import { findRecord, saveRecordTool } from './records/generic-tools.js';
import { saveTool } from './records/save.js';
import { FOUND_DAILY, RECORD_SPECS, SAVED_DAILY } from './records/spec.js';
import type { FloatTool } from './tool.js';

/** The consolidated tools in the order in which clients show them: questions, then record look-ups, then changes. */
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
