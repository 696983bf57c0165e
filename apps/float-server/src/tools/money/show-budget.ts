import { type Day, standingByPart, standingOf, sumOf, type TimeEntry, type Use, usesBudget } from 'resource-planning';
import * as z from 'zod';
import { Directory } from '../directory.js';
import { sumHours } from '../plan/format.js';
import { statusOf } from '../plan/parent-status.js';
import { headOf, projectReadText } from '../project/format.js';
import { type ReadProject, readProject } from '../project/read-project.js';
import { defineQuestion } from '../question.js';
import { NAME_OR_ID } from '../shared-arguments.js';
import type { FloatTool, ToolCall } from '../tool.js';
import { amountOf, budgetUseRow } from './amount.js';
import { BASIS, basisText, tentativeText } from './basis.js';
import { BUDGET_OUTPUT, type BudgetResult } from './budget-output.js';
import { budgetText } from './budget-text.js';
import { burnRow } from './burn.js';
import { expenseUses, type ProjectCost, readExpenses } from './expenses.js';
import { entriesIn, type Ledger, ledgerOf, partNames, usesIn } from './ledger.js';
import { marginsOf } from './margin.js';
import { costRates, type RateRecords } from './rates.js';
import { ratesUsed } from './rates-used.js';
import { readRates } from './read-rates.js';

const INPUT = z.strictObject({
  project: NAME_OR_ID.describe('project (name or id)'),
  basis: BASIS,
  include_tentative: z.boolean().default(false).describe('tentative and draft work counts as scheduled'),
  include_costs: z.boolean().default(false).describe('also fees, costs and margin'),
  weeks: z.number().int().min(0).max(52).default(8).describe('calendar weeks of burn to list, half of them past'),
});

type Args = z.output<typeof INPUT>;

/** The tool `show-budget`. */
export const showBudget: FloatTool = defineQuestion({
  name: 'show-budget',
  title: 'Is a project on budget?',
  description:
    'Budget of a project in hours or money: total, scheduled, logged, remaining, also by part; weekly burn, run-out day, hours without a rate; fees, costs and margin on request.',
  input: INPUT,
  output: BUDGET_OUTPUT,
  answer,
  text: budgetText,
  read: (found) => projectReadText(found.records_read, found.filters),
});

async function answer(args: Args, call: ToolCall): Promise<BudgetResult> {
  const names = Directory.forReading(call);
  const id = await names.resolve('projects', args.project);
  // Sequential: more than ten parallel lists would exceed Node's default limit of listeners on one signal.
  const read = await readProject(call, id);
  const rates = await readRates(call, { costs: args.include_costs });
  const ledger = ledgerOf(read, rates, { includeTentative: args.include_tentative });
  const asksMoney = ledger.budget.unit === 'money' || args.include_costs;
  const expenses = asksMoney ? await readExpenses(call, id) : [];
  const material = { args, read, rates, ledger, expenses: expenses ?? [], today: call.today() };
  const data = {
    project: await headOf(read, names),
    ...figuresOf(material),
    filters: [
      basisText(args.basis),
      tentativeText(args.include_tentative),
      ...read.filters,
      ...(expenses === undefined ? ['expenses could not be read and are not counted'] : []),
      ...(read.project.rate_card_id == null ? [] : ["the project's rate card is not read"]),
    ],
    records_read: { ...read.recordsRead, roles: rates.roles.length, expenses: expenses?.length ?? 0 },
  };
  return data;
}

interface Material {
  readonly args: Args;
  readonly read: ReadProject;
  readonly rates: RateRecords;
  readonly ledger: Ledger;
  readonly expenses: readonly ProjectCost[];
  readonly today: Day;
}

type Figures = Omit<BudgetResult, 'project' | 'filters' | 'records_read'>;

function figuresOf(material: Material): Figures {
  const { args, read, ledger, today } = material;
  const { budget } = ledger;
  const { kind, level, unit, total } = budget;
  const entries = entriesIn(ledger, args.basis, today);
  const { uses: work, unpricedHours } = usesIn(ledger, entries);
  const extra = unit === 'money' ? expenseUses(material.expenses, kind, read.range.from) : [];
  const standing = (uses: readonly Use[]) => budgetUseRow(unit, standingOf(total, [...uses, ...extra]));
  const counted = entries.filter((entry) => usesBudget(budget, entry));
  const finished = read.project.active === 0 || ['complete', 'cancelled'].includes(statusOf(read.project.status));
  const burn = { unit, total, work, uses: [...work, ...extra], basis: args.basis, today, weeks: args.weeks, finished };
  return {
    budget: { kind, level, unit },
    basis: args.basis,
    standing: standing(work),
    scheduled: standing(usesIn(ledger, ledger.scheduled).uses),
    ...(ledger.logged === undefined ? {} : { logged: standing(usesIn(ledger, ledger.logged).uses) }),
    tentative: amountOf(unit, sumOf(usesIn(ledger, ledger.leftOut).uses.map(({ amount }) => amount))),
    ...(extra.length === 0 ? {} : { expenses: amountOf(unit, sumOf(extra.map(({ amount }) => amount))) }),
    parts: partsOf(material, work),
    ...burnRow(burn),
    counted_hours: hoursOf(counted),
    not_counted_hours: hoursOf(entries.filter((entry) => !usesBudget(budget, entry))),
    unpriced_hours: unpricedHours,
    ...pricesOf(material, entries, counted),
  };
}

function partsOf({ read, ledger: { budget } }: Material, uses: readonly Use[]): BudgetResult['parts'] {
  const names = partNames(budget, read);
  return [...standingByPart(budget, uses)].map(([id, standing]) => ({
    id,
    name: names(id),
    ...budgetUseRow(budget.unit, standing),
  }));
}

function pricesOf(
  { args, read, rates, ledger, expenses }: Material,
  entries: readonly TimeEntry[],
  counted: readonly TimeEntry[],
) {
  const asked = ledger.budget.unit === 'money' || args.include_costs;
  const nameOf = (id: number) => read.plan.people.find((person) => person.id === id)?.name ?? `#${id}`;
  const costRate = args.include_costs ? costRates(rates) : undefined;
  return {
    rates: asked ? ratesUsed(ledger.rateOf, counted, nameOf) : [],
    ...(costRate === undefined
      ? {}
      : marginsOf(ledger, { entries, expenses, costRate, wholeWork: args.basis !== 'logged' })),
  };
}

function hoursOf(entries: readonly TimeEntry[]): number {
  return sumHours(entries.map(({ hours }) => hours));
}
