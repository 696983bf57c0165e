import { setImmediate } from 'node:timers/promises';
import { FloatApiError } from 'float-api';
import { type DayRange, parseRange } from 'resource-planning';
import * as z from 'zod';
import { named } from '../../untrusted-text.js';
import { Directory } from '../directory.js';
import { dayText, hoursText, RANGE_OUTPUT, rangeText } from '../plan/format.js';
import { ToolProblem } from '../problem.js';
import { PROJECT_RECORDS_READ, projectReadText } from '../project/format.js';
import { type PortfolioProject, readPortfolio } from '../project/read-portfolio.js';
import { defineQuestion, LIMIT } from '../question.js';
import { NAME_OR_ID, RANGE } from '../shared-arguments.js';
import type { FloatTool, ToolCall } from '../tool.js';
import { AMOUNT, amountText, budgetUseRow } from './amount.js';
import { BASIS, basisText, tentativeText } from './basis.js';
import { type ProjectCost, readAllExpenses } from './expenses.js';
import { ledgerOf } from './ledger.js';
import type { RateRecords } from './rates.js';
import { readRates } from './read-rates.js';
import { checkProject, RISK, type RiskRow, severity } from './risk.js';

const INPUT = z.strictObject({
  range: RANGE.default('next 4 weeks').describe('look at plans up to its end; present problems are always listed'),
  client: NAME_OR_ID.optional().describe('only projects of this client (name or id)'),
  basis: BASIS,
  include_tentative: z.boolean().default(false).describe('tentative and draft work counts as scheduled'),
  limit: LIMIT,
});

const PROJECT = z.object({
  id: z.number(),
  name: z.string(),
  client: z.string().optional(),
  risks: z.array(RISK).describe('the worst first'),
  used: AMOUNT.describe('of the budget, before today'),
  total: AMOUNT.optional(),
  percent: z.number().optional(),
  end: z.string().optional().describe('last day as set or derived; absent where there is none'),
  unpriced_hours: z.number().describe('hours that use the budget and have no rate: they are in no amount'),
});

const OUTPUT = z.object({
  range: RANGE_OUTPUT,
  projects: z.array(PROJECT).describe('most risks first'),
  matching: z.number().describe('projects at risk, listed or not'),
  checked: z.number().describe('projects that were looked at'),
  filters: z.array(z.string()),
  records_read: PROJECT_RECORDS_READ.extend({ projects: z.number(), roles: z.number(), expenses: z.number() }),
});
type Args = z.output<typeof INPUT>;
type AtRisk = z.output<typeof OUTPUT>;
type RiskyProject = z.output<typeof PROJECT>;

/** The tool `projects-at-risk`. */
export const projectsAtRisk: FloatTool = defineQuestion({
  name: 'projects-at-risk',
  title: 'Which projects are at risk?',
  description:
    'Active projects over budget in all or in a part, with a budget that runs out, an end that has passed, work or milestones after it, no team, or unassigned work.',
  input: INPUT,
  output: OUTPUT,
  answer,
  text: textOf,
  read: (found) => projectReadText(found.records_read, found.filters),
});

async function answer(args: Args, call: ToolCall): Promise<AtRisk> {
  const range = rangeFromToday(args, call);
  const names = Directory.forReading(call);
  const clientId = args.client === undefined ? undefined : await names.resolve('clients', args.client);
  // Sequential: more than ten parallel lists would exceed Node's default limit of listeners on one signal.
  const portfolio = await readPortfolio(call, { clientId, logged: args.basis !== 'scheduled' });
  const [rates, expenses] = await Promise.all([readRates(call, { costs: false }), readAllExpenses(call)]);
  const looking = { args, call, range, active: portfolio.active, rates, expenses: expenses ?? new Map() };
  const rows = await rowsOf(portfolio.projects, looking, names);
  const data = {
    range,
    projects: rows.slice(0, args.limit),
    matching: rows.length,
    checked: portfolio.projects.length,
    filters: [
      'projects that are not archived',
      ...(clientId === undefined ? [] : [`client ${named(String(await names.nameOf('clients', clientId)))}`]),
      basisText(args.basis),
      tentativeText(args.include_tentative),
      ...(expenses === undefined ? ['expenses could not be read and are not counted'] : []),
    ],
    records_read: {
      ...portfolio.recordsRead,
      roles: rates.roles.length,
      expenses: [...(expenses?.values() ?? [])].flat().length,
    },
  };
  return data;
}

/** Plans in the past cannot change any more. */
function rangeFromToday({ range: text }: Args, { today }: ToolCall): DayRange {
  const range = parseRange(text, today());
  if (range.to >= today()) return range;
  throw new ToolProblem('bad-argument', `That is over: ${range.from} to ${range.to}. Ask for days from today on.`);
}

interface CheckContext {
  readonly args: Args;
  readonly call: ToolCall;
  readonly range: DayRange;
  readonly active: ReadonlySet<number>;
  readonly rates: RateRecords;
  readonly expenses: ReadonlyMap<number, readonly ProjectCost[]>;
}

async function rowsOf(
  projects: readonly PortfolioProject[],
  looking: CheckContext,
  names: Directory,
): Promise<RiskyProject[]> {
  const rows: RiskyProject[] = [];
  for (const project of projects) {
    // Walking the days of a large account takes seconds: other requests get their turn, and a cancelled call ends here.
    await setImmediate();
    if (looking.call.signal.aborted) throw new FloatApiError('aborted', { endpoint: 'GET /projects' });
    const { client_id: id } = project.project;
    const client = id == null ? undefined : await names.nameOf('clients', id);
    const row = rowOf(project, client, looking);
    if (row.risks.length > 0) rows.push(row);
  }
  return rows.sort(mostRisksFirst);
}

function rowOf(project: PortfolioProject, client: string | undefined, looking: CheckContext): RiskyProject {
  const { args, call, range, active, rates, expenses } = looking;
  const { project_id: id, name } = project.project;
  const ledger = ledgerOf(project, rates, { includeTentative: args.include_tentative });
  const own = expenses.get(id) ?? [];
  const found = checkProject(project, ledger, { today: call.today(), range, basis: args.basis, active, expenses: own });
  const { used, total, percent } = budgetUseRow(ledger.budget.unit, found.standing);
  return {
    id,
    name,
    ...(client === undefined ? {} : { client }),
    risks: [...found.risks],
    used,
    ...(total === undefined ? {} : { total }),
    ...(percent === undefined ? {} : { percent }),
    ...(found.end === undefined ? {} : { end: found.end }),
    unpriced_hours: found.unpricedHours,
  };
}

function mostRisksFirst(a: RiskyProject, b: RiskyProject): number {
  const worst = ({ risks }: RiskyProject) => Math.min(...risks.map(severity));
  return b.risks.length - a.risks.length || worst(a) - worst(b) || a.name.localeCompare(b.name);
}

function textOf(found: AtRisk): string {
  const { projects, matching, checked } = found;
  const verb = matching === 1 ? 'is' : 'are';
  const more = matching > projects.length ? ` The first ${projects.length} are listed.` : '';
  return [
    `${matching} of ${checked} projects ${verb} at risk, plans up to ${dayText(found.range.to)}.${more}`,
    ...projects.map(lineOf),
    `Looked at: ${rangeText(found.range)}.`,
  ].join('\n');
}

function lineOf(project: RiskyProject): string {
  const { id, name, client, used, total, unpriced_hours: unpriced } = project;
  const who = client === undefined ? `id ${id}` : `id ${id}, ${client}`;
  const budget = total === undefined ? '' : `, ${amountText(used)} of ${amountText(total)} used before today`;
  const without = unpriced === 0 ? '' : `; ${hoursText(unpriced)} h have no rate and are in no amount`;
  return `- ${name} (${who})${budget}: ${project.risks.map(riskText).join('; ')}${without}.`;
}

function riskText(risk: RiskRow): string {
  const end = risk.end === undefined ? '' : dayText(risk.end);
  switch (risk.kind) {
    case 'over-budget':
      return 'over budget';
    case 'part-over-budget':
      return `over budget in ${(risk.parts ?? []).join(', ')}`;
    case 'budget-runs-out':
      return `budget runs out on ${dayText(risk.on ?? '')}`;
    case 'past-end-date':
      return `its end has passed: ${end}`;
    case 'work-after-end':
      return `work until ${dayText(risk.last_work ?? '')}, after its end ${end}`;
    case 'milestone-after-end':
      return `after its end ${end}: ${(risk.milestones ?? []).join(', ')}`;
    case 'no-team':
      return 'no team';
    case 'unassigned-work':
      return `${hoursText(risk.hours ?? 0)} h unassigned`;
  }
}
