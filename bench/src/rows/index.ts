import { GUARDS_ROW } from './guards.js';
import type { Row } from './row.js';
import { ROW_1 } from './row-01.js';
import { ROW_2 } from './row-02.js';
import { ROW_3 } from './row-03.js';
import { ROW_4 } from './row-04.js';
import { ROW_5 } from './row-05.js';
import { ROW_6 } from './row-06.js';
import { ROW_7 } from './row-07.js';
import { ROW_8 } from './row-08.js';
import { ROW_9 } from './row-09.js';
import { ROW_10 } from './row-10.js';
import { ROW_11 } from './row-11.js';
import { ROW_12 } from './row-12.js';
import { ROW_13 } from './row-13.js';
import { ROW_14 } from './row-14.js';
import { ROW_15 } from './row-15.js';
import { ROW_16 } from './row-16.js';

/** All rows, in the order of the report. */
export const ROWS: readonly Row[] = [
  ROW_1,
  ROW_2,
  ROW_3,
  ROW_4,
  ROW_5,
  ROW_6,
  ROW_7,
  ROW_8,
  ROW_9,
  ROW_10,
  ROW_11,
  ROW_12,
  ROW_13,
  ROW_14,
  ROW_15,
  ROW_16,
  GUARDS_ROW,
];
