import { resourceOf, supports } from 'float-api';
import { findTool } from '../records/find.js';
import { saveTool } from '../records/save.js';
import type { RecordSpec } from '../records/spec.js';
import type { FloatTool } from '../tool.js';

/** Find tools for all resources, and save tools for those Float can create. */
export function recordTools(specs: readonly RecordSpec[]): FloatTool[] {
  const writable = specs.filter(({ key }) => supports(resourceOf(key), 'create'));
  return [...specs.map(findTool), ...writable.map(saveTool)];
}
