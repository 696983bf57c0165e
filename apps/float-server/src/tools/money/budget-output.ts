import * as z from 'zod';
import { PROJECT_HEAD, PROJECT_RECORDS_READ } from '../project/format.js';
import { AMOUNT, BUDGET_USE } from './amount.js';
import { BASES } from './basis.js';
import { BURN } from './burn.js';
import { MARGINS } from './margin.js';
import { RATE_USED } from './rates-used.js';

const PART = z.object({ id: z.number(), name: z.string(), ...BUDGET_USE.shape });

/** The output schema of `show-budget`. */
export const BUDGET_OUTPUT = z.object({
  project: PROJECT_HEAD,
  budget: z.object({
    kind: z.enum(['none', 'fixed-hours', 'fixed-fee', 'time-and-materials']),
    level: z.enum(['project', 'phase', 'task']),
    unit: z.enum(['hours', 'money']),
  }),
  basis: BASES,
  standing: BUDGET_USE.describe('by the basis'),
  scheduled: BUDGET_USE,
  logged: BUDGET_USE.optional().describe('absent where logged time cannot be read'),
  tentative: AMOUNT.describe('what tentative and draft work that is not counted would use'),
  expenses: AMOUNT.optional().describe('billable expenses; part of what is used'),
  parts: z.array(PART).describe('phases or project tasks, where the budget is divided among them'),
  ...BURN,
  counted_hours: z.number().describe('hours of the basis that use the budget'),
  not_counted_hours: z.number().describe('not billable, or outside the parts of the budget'),
  unpriced_hours: z.number().describe('hours that use the budget and have no rate: they are in no amount'),
  rates: z.array(RATE_USED).describe('for amounts in money: most hours first'),
  ...MARGINS,
  filters: z.array(z.string()),
  records_read: PROJECT_RECORDS_READ.extend({ roles: z.number(), expenses: z.number() }),
});
/** The structured result of `show-budget`. */
export type BudgetResult = z.output<typeof BUDGET_OUTPUT>;
