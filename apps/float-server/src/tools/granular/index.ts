import type { FloatTool } from '../tool.js';
import { MORE_TOOLS } from './more-tools.js';
import { RECORD_TOOLS } from './record-tools.js';

/** One tool per operation of Float's API, resource after resource. */
export const granularTools: readonly FloatTool[] = [...RECORD_TOOLS, ...MORE_TOOLS];
