import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { someEntry } from '../../test/support/arbitraries.js';
import { decimalOf } from '../money/decimal.js';
import { type BudgetFields, budgetOf, partOf, usesBudget } from './budget.js';

const fields = (over: Partial<BudgetFields>): BudgetFields => ({
  type: 1,
  priority: 0,
  total: decimalOf(100),
  phases: [{ id: 5, total: decimalOf(30) }, { id: 6, total: decimalOf('12.5') }, { id: 7 }],
  tasks: [{ id: 50, total: decimalOf(9) }],
  ...over,
});

describe('kinds of budget', () => {
  test.each([
    ['hours by project', { type: 1, priority: 0 }, 'fixed-hours', 'project', 'hours', 100],
    ['fee by project', { type: 2, priority: 0 }, 'fixed-fee', 'project', 'money', 100],
    ['hourly fee', { type: 3, priority: 0 }, 'time-and-materials', 'project', 'money', undefined],
    ['hours by phase', { type: 1, priority: 1 }, 'fixed-hours', 'phase', 'hours', 42.5],
    ['fee by phase', { type: 2, priority: 1 }, 'fixed-fee', 'phase', 'money', 42.5],
    ['hours by task', { type: 1, priority: 2 }, 'fixed-hours', 'task', 'hours', 9],
    ['fee by task', { type: 2, priority: 2 }, 'fixed-fee', 'task', 'money', 9],
    ['hourly fee by phase', { type: 3, priority: 1 }, 'time-and-materials', 'phase', 'money', undefined],
    ['none', { type: 0, priority: 1 }, 'none', 'project', 'hours', undefined],
    ['not set', { type: null, priority: undefined }, 'none', 'project', 'hours', undefined],
    ['a kind of the future', { type: 9 }, 'none', 'project', 'hours', undefined],
  ])('%s', (_name, over, kind, level, unit, total) => {
    const expected = total === undefined ? undefined : decimalOf(total);
    expect(budgetOf(fields(over))).toMatchObject({ kind, level, unit });
    expect(budgetOf(fields(over)).total).toEqual(expected);
  });

  test('phases none of which has a budget have no total, not a total of 0', () => {
    expect(budgetOf(fields({ priority: 1, phases: [{ id: 5 }] })).total).toBeUndefined();
    expect(budgetOf(fields({ priority: 1, phases: [{ id: 5, total: decimalOf(0) }] })).total).toEqual(decimalOf(0));
  });
});

test('billable work uses a budget, with a budget by part only work in a part', () => {
  fc.assert(
    fc.property(someEntry, fc.constantFrom(0, 1, 2), (entry, priority) => {
      const budget = budgetOf(fields({ priority }));
      const part = priority === 1 ? entry.phaseId : entry.taskId;
      const counted = priority === 0 || (part !== undefined && part !== 0);
      expect(usesBudget(budget, entry)).toBe(entry.billable && counted);
      expect(partOf(budget, entry)).toBe(priority === 0 || !part ? undefined : part);
    }),
  );
});
