/** The text of an answer about a budget. */
import { dayText, hoursText } from '../plan/format.js';
import { headText } from '../project/format.js';
import { amountText, budgetUseText } from './amount.js';
import type { BudgetResult } from './budget-output.js';
import { PACE_WEEKS } from './burn.js';
import type { RateUsed } from './rates-used.js';

const KINDS: Readonly<Record<BudgetResult['budget']['kind'], string>> = {
  none: 'no budget',
  'fixed-hours': 'fixed hours',
  'fixed-fee': 'fixed fee',
  'time-and-materials': 'time and materials',
};

const LEVELS: Readonly<Record<BudgetResult['budget']['level'], string>> = {
  project: '',
  phase: ' by phase',
  task: ' by project task',
};

/** The budget answer as text. */
export function budgetText(found: BudgetResult): string {
  const { budget, standing } = found;
  return [
    `${headText(found.project)}: ${KINDS[budget.kind]}${LEVELS[budget.level]}, ${budgetUseText(standing)}.`,
    `${amountText(found.spent)} before today, ${amountText(found.committed)} from today on. ${setsText(found)}`,
    `${paceText(found)} ${runOutText(found)}`,
    ...found.parts.map((part) => `- ${part.name}: ${budgetUseText(part)}`),
    ...weeksText(found),
    ...unpricedText(found),
    ...notCountedText(found),
    ...marginText(found),
  ].join('\n');
}

function setsText({ scheduled, logged, tentative, expenses }: BudgetResult): string {
  const maybe = tentative === 0 || tentative === '0.00' ? '' : ` Tentative work would add ${amountText(tentative)}.`;
  const costs = expenses === undefined ? '' : ` Expenses of ${amountText(expenses)} are in each.`;
  const loggedText = logged === undefined ? 'logged time not known' : `logged ${amountText(logged.used)}`;
  return `Scheduled ${amountText(scheduled.used)}, ${loggedText}.${costs}${maybe}`;
}

function paceText({ pace_per_week: pace }: BudgetResult): string {
  return `Pace ${amountText(pace)} a week over the last ${PACE_WEEKS} whole weeks.`;
}

function runOutText(found: BudgetResult): string {
  const { used_up_on: on, exceeded_on: exceeded, at_pace_used_up_on: guess } = found;
  if (found.standing.total === undefined) return 'Nothing is there to run out.';
  const pace = 'If work went on at this pace where the plan of it ends, it would last until';
  const then = guess === undefined ? '' : ` ${pace} ${dayText(guess)}.`;
  if (exceeded !== undefined)
    return `Used up on ${dayText(on ?? exceeded)}, exceeded from ${dayText(exceeded)}.${then}`;
  return on === undefined
    ? `This work does not use it up.${then}`
    : `Used up on ${dayText(on)} and not exceeded.${then}`;
}

function weeksText({ weeks }: BudgetResult): string[] {
  if (weeks.length === 0) return [];
  return [`Weeks from: ${weeks.map(({ from, used }) => `${from} ${amountText(used)}`).join(', ')}.`];
}

function unpricedText({ unpriced_hours: hours, rates }: BudgetResult): string[] {
  if (hours === 0) return [];
  const who = rates.filter(({ rate }) => rate === undefined).map(whoText);
  return [`${hoursText(hours)} h have no rate and are in no amount: ${who.join(', ')}.`];
}

function whoText({ person, hours }: RateUsed): string {
  return `${person} ${hoursText(hours)} h`;
}

function notCountedText({ budget, not_counted_hours: hours }: BudgetResult): string[] {
  if (hours === 0) return [];
  const outside =
    budget.level === 'project' ? '' : `, or outside any ${budget.level === 'phase' ? 'phase' : 'project task'}`;
  return [`${hoursText(hours)} h are not counted: not billable${outside}.`];
}

function marginText({ fees, costs, margins }: BudgetResult): string[] {
  if (fees === undefined || costs === undefined) return [];
  const priced = ({ amount, unpriced_hours: hours }: typeof fees) =>
    hours === 0 ? amount : `${amount} (${hoursText(hours)} h without a rate not in it)`;
  const lines = (margins ?? []).map(({ revenue, profit, percent }) => {
    const share = percent === undefined ? '' : ` (${percent.toFixed(1)} %)`;
    return `${profit}${share} of the ${revenue === 'fees' ? 'fees' : 'fixed fee'}`;
  });
  return [`Fees ${priced(fees)}, costs ${priced(costs)}; margin ${lines.join(', ')}.`];
}
