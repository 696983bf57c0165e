import {
  type DayRange,
  type Demand,
  type DemandLine,
  demandByWeek,
  demandInTotal,
  parseRange,
  type Supply,
  type WeekOfDemand,
  workload,
} from 'resource-planning';
import * as z from 'zod';
import { hoursText, RANGE_OUTPUT, RECORDS_READ, rangeText, readText, sumHours } from '../plan/format.js';
import { cutRangeFilter, fromToday } from '../plan/future-range.js';
import { type ReadPlan, readPlan } from '../plan/read.js';
import { select } from '../plan/selection.js';
import { ToolProblem } from '../problem.js';
import { defineQuestion } from '../question.js';
import { NAME_OR_ID, RANGE, TAG } from '../shared-arguments.js';
import type { FloatTool, ToolCall } from '../tool.js';

const DEMAND = z.strictObject({
  role: NAME_OR_ID.optional().describe('job role (name or id)'),
  tag: TAG.optional(),
  hours: z.number().positive().max(100_000).describe('hours in all, spread evenly over the working weeks of the range'),
});

const INPUT = z.strictObject({
  range: RANGE,
  demands: z.array(DEMAND).min(1).max(12).describe('what it takes: a role or a tag, or both, and hours'),
  include_tentative: z.boolean().default(true).describe('tentative and draft work blocks hours as if it were booked'),
});

const LINE = z.object({
  key: z.string(),
  hours: z.number(),
  free: z.number().describe('free hours of all people who fit; one who fits two demands is in both'),
  shortfall: z.number(),
});
const WEEK = z.object({
  from: z.string(),
  to: z.string(),
  lines: z.array(LINE),
  shortfall: z.number().describe("missing in all, with each person's hours assigned once and as well as possible"),
});

const OUTPUT = z.object({
  range: RANGE_OUTPUT,
  fits: z.boolean().describe('in each week, with the hours spread evenly over the working weeks'),
  shortfall_hours: z.number().describe('missing in the weeks together, spread like that'),
  in_total: z
    .object({ fits: z.boolean(), hours: z.number(), free: z.number(), shortfall_hours: z.number() })
    .describe('the same over the whole range, if the work can be done in whichever of its weeks'),
  weeks: z.array(WEEK),
  by_role: z.array(LINE).describe('each demand over the whole range'),
  if_tentative_work_is_dropped: z.object({ shortfall_hours: z.number() }),
  filters: z.array(z.string()),
  records_read: RECORDS_READ,
});
type Args = z.output<typeof INPUT>;
type Outlook = z.output<typeof OUTPUT>;

/** The tool `can-we-take-on`. */
export const canWeTakeOn: FloatTool = defineQuestion({
  name: 'can-we-take-on',
  title: 'Can we take on a project?',
  description:
    'Compares hours needed from roles or tags with the free hours of those people, in total and week by week: missing hours, and those freed by dropping tentative work.',
  input: INPUT,
  output: OUTPUT,
  answer,
  text: textOf,
  read: ({ records_read: read }) => readText(read),
  inFull: ['weeks'],
});

async function answer(args: Args, call: ToolCall): Promise<Outlook> {
  const wanted = parseRange(args.range, call.today());
  const range = fromToday(wanted, call.today());
  const plan = await readPlan(call, range, { placeholders: false });
  const asked = await askedOf(args.demands, plan, call);
  const weeks = weeksOf(asked, { plan, range, includeTentative: args.include_tentative });
  const dropped = weeksOf(asked, { plan, range, includeTentative: false });
  const shortfall = shortfallOf(weeks);
  const total = demandInTotal(
    asked.demands,
    supplyOf(asked, { plan, range, includeTentative: args.include_tentative }),
    range,
  );
  const data = {
    range,
    // A range of weekend days only has no week over which hours could be spread.
    fits: shortfall === 0 && total.shortfall === 0,
    shortfall_hours: shortfall,
    in_total: {
      fits: total.shortfall === 0,
      hours: sumHours(asked.demands.map(({ hours }) => hours)),
      free: total.free,
      shortfall_hours: total.shortfall,
    },
    weeks: weeks.map(({ from, to, lines, shortfall: missing }) => ({
      from,
      to,
      lines: [...lines],
      shortfall: missing,
    })),
    by_role: asked.demands.map(({ key }) => totalOf(key, weeks)),
    if_tentative_work_is_dropped: { shortfall_hours: shortfallOf(dropped) },
    filters: [
      'active people',
      'no placeholders',
      ...cutRangeFilter(wanted, range),
      'hours spread evenly over the working weeks, where weeks are compared',
      args.include_tentative ? 'tentative work counts as booked' : 'tentative work not counted',
    ],
    records_read: plan.recordsRead,
  };
  return data;
}

interface Asked {
  readonly demands: readonly Demand[];
  /** The demands that each person fits, by person id. */
  readonly keysOf: ReadonlyMap<number, readonly string[]>;
}

async function askedOf(wanted: Args['demands'], plan: ReadPlan, call: ToolCall): Promise<Asked> {
  const hours = new Map<string, number>();
  const keys = new Map<number, string[]>();
  for (const demand of wanted) {
    const { key, people } = await whoFits(demand, plan, call);
    // Equal demands are added up.
    if (!hours.has(key)) for (const id of people) keys.set(id, [...(keys.get(id) ?? []), key]);
    hours.set(key, (hours.get(key) ?? 0) + demand.hours);
  }
  return { demands: [...hours].map(([key, sum]) => ({ key, hours: sum })), keysOf: keys };
}

async function whoFits({ role, tag }: Args['demands'][number], plan: ReadPlan, call: ToolCall) {
  if (role === undefined && tag === undefined) {
    throw new ToolProblem('missing-argument', 'Each demand needs a role or a tag, beside its hours.');
  }
  const { people, filters } = await select(plan.people, { role, tag, include_placeholders: false }, call);
  const key = filters.filter((says) => /^(role|tag) /.test(says)).join(' and ');
  return { key, people: people.map(({ id }) => id) };
}

interface World {
  readonly plan: ReadPlan;
  readonly range: DayRange;
  readonly includeTentative: boolean;
}

function weeksOf(asked: Asked, world: World): WeekOfDemand[] {
  return demandByWeek(asked.demands, supplyOf(asked, world), world.range);
}

function supplyOf({ keysOf }: Asked, { plan, range, includeTentative }: World): Supply[] {
  const fitting = plan.people.filter(({ id }) => keysOf.has(id));
  return workload({ ...plan, people: fitting }, range, { includeTentative }).map(({ person, days }) => ({
    keys: keysOf.get(person.id) ?? [],
    days,
  }));
}

function shortfallOf(weeks: readonly WeekOfDemand[]): number {
  return sumHours(weeks.map(({ shortfall }) => shortfall));
}

function totalOf(key: string, weeks: readonly WeekOfDemand[]): DemandLine {
  const lines = weeks.flatMap((week) => week.lines).filter((line) => line.key === key);
  const sum = (of: (line: DemandLine) => number) => sumHours(lines.map(of));
  return {
    key,
    hours: sum((line) => line.hours),
    free: sum((line) => line.free),
    shortfall: sum((line) => line.shortfall),
  };
}

function textOf(found: Outlook): string {
  const { shortfall_hours: missing, if_tentative_work_is_dropped: dropped } = found;
  const freed = missing - dropped.shortfall_hours;
  const less = freed > 0 ? ` Without tentative work ${hoursText(dropped.shortfall_hours)} h would be missing.` : '';
  const short = found.weeks.filter(({ shortfall }) => shortfall > 0);
  return [
    `${verdictOf(found)}, ${rangeText(found.range)}.${less}`,
    ...found.by_role.map((line) => `- ${lineText(line)}`),
    ...short.map(({ from, to, shortfall }) => `  week ${from} to ${to}: ${hoursText(shortfall)} h missing`),
    'A person who fits two demands is free for both in the lines, and counted once in the missing hours.',
  ].join('\n');
}

/** Separates two results: enough hours in total, and enough hours in every week. */
function verdictOf({ fits, shortfall_hours: missing, in_total: total }: Outlook): string {
  const all = `${hoursText(total.hours)} h are needed in all and ${hoursText(total.free)} h free`;
  if (fits) return `It fits: ${all}, and enough of them in each week`;
  const weekly = `spread evenly over the working weeks, ${hoursText(missing)} h are missing in some of them`;
  if (total.fits) return `It fits in total, but not week by week: ${all}; ${weekly}`;
  const short = `It does not fit: ${all}, and ${hoursText(total.shortfall_hours)} h are missing even so`;
  return missing === 0 ? short : `${short}; ${weekly}`;
}

function lineText({ key, hours, free, shortfall }: DemandLine): string {
  const missing = shortfall > 0 ? `, ${hoursText(shortfall)} h missing in some weeks` : '';
  return `${key}: ${hoursText(hours)} h needed, ${hoursText(free)} h free${missing}`;
}
