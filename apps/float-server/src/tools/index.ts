import { deleteRecord } from './records/delete.js';
import { findTool } from './records/find.js';
import { saveTool } from './records/save.js';
import { RECORD_SPECS } from './records/spec.js';
import type { FloatTool } from './tool.js';
import { whoIsFree } from './who-is-free.js';
import { whoIsOverbooked } from './who-is-overbooked.js';

/** Every tool, in the order in which clients show them: questions first, then reading, then changing. */
export const tools: readonly FloatTool[] = [
  whoIsFree,
  whoIsOverbooked,
  ...RECORD_SPECS.map(findTool),
  ...RECORD_SPECS.map(saveTool),
  deleteRecord,
];
