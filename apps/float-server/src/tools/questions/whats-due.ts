import type { Milestone, Phase, Project } from 'float-api';
import { type DueItem, dayOfTimestamp, dueIn, parseRange } from 'resource-planning';
import * as z from 'zod';
import { named } from '../../untrusted-text.js';
import { Directory } from '../directory.js';
import { dayText, RANGE_OUTPUT, rangeText } from '../plan/format.js';
import { statusOf } from '../plan/parent-status.js';
import { defineQuestion, LIMIT } from '../question.js';
import { NAME_OR_ID, RANGE } from '../shared-arguments.js';
import type { FloatTool, ToolCall } from '../tool.js';

const KINDS = ['milestone', 'phase-end', 'project-end'] as const;

const INPUT = z.strictObject({
  range: RANGE.default('next 2 weeks'),
  client: NAME_OR_ID.optional().describe('only projects of this client (name or id)'),
  project: NAME_OR_ID.optional().describe('only this project (name or id)'),
  kinds: z.array(z.enum(KINDS)).min(1).max(KINDS.length).optional().describe('only these; left out: all of them'),
  limit: LIMIT,
});

const ITEM = z.object({
  kind: z.enum(KINDS),
  id: z.number(),
  name: z.string(),
  project_id: z.number(),
  project: z.string(),
  client: z.string().optional(),
  from: z.string(),
  due: z.string(),
  days_left: z.number().describe('negative: it was due before today'),
});

const OUTPUT = z.object({
  range: RANGE_OUTPUT,
  items: z.array(ITEM).describe('the earliest first'),
  matching: z.number().describe('dates in the range, listed or not'),
  filters: z.array(z.string()),
  records_read: z.object({ projects: z.number(), phases: z.number(), milestones: z.number() }),
});
type Args = z.output<typeof INPUT>;
type Item = z.output<typeof ITEM>;
type Due = z.output<typeof OUTPUT>;

/** The tool `whats-due`. */
export const whatsDue: FloatTool = defineQuestion({
  name: 'whats-due',
  title: 'What is due soon?',
  description:
    'Milestones, ends of phases and of projects, the earliest first. Without archived and cancelled ones. Float keeps no mark for "done".',
  input: INPUT,
  output: OUTPUT,
  answer,
  text: textOf,
  read: ({ records_read: read }) =>
    `Read ${read.projects} projects, ${read.phases} phases, ${read.milestones} milestones.`,
});

async function answer(args: Args, call: ToolCall): Promise<Due> {
  const range = parseRange(args.range, call.today());
  const names = Directory.forReading(call);
  const wanted = await wantedProjects(args, names, call);
  const [phases, milestones] = await Promise.all([
    call.api.listAll('phases', { active: 1 }, call),
    call.api.listAll('milestones', {}, call),
  ]);
  const projects = new Map(wanted.projects.map((project) => [project.project_id, project]));
  const going = phases.filter((phase) => !isCancelled(phase));
  const all = [...milestones.map(milestoneItem), ...going.map(phaseItem), ...wanted.projects.flatMap(projectItem)];
  const kinds = args.kinds ?? KINDS;
  const items = all.filter(({ kind, projectId }) => kinds.includes(kind) && projects.has(projectId));
  const due = dueIn(items, range, call.today());
  const listed = due.slice(0, args.limit).map((item) => inWords(item, projects.get(item.projectId), names));
  const data = {
    range,
    items: await Promise.all(listed),
    matching: due.length,
    filters: [...wanted.filters, ...(args.kinds === undefined ? [] : [`only ${args.kinds.join(', ')}`])],
    records_read: { projects: wanted.read, phases: phases.length, milestones: milestones.length },
  };
  return data;
}

interface Wanted {
  readonly projects: readonly Project[];
  readonly read: number;
  readonly filters: readonly string[];
}

async function wantedProjects({ client, project }: Args, names: Directory, call: ToolCall): Promise<Wanted> {
  const clientId = client === undefined ? undefined : await names.resolve('clients', client);
  const projectId = project === undefined ? undefined : await names.resolve('projects', project);
  const all = await call.api.listAll('projects', { active: 1 }, call);
  const projects = all.filter(
    (one) =>
      !isCancelled(one) &&
      (clientId === undefined || one.client_id === clientId) &&
      (projectId === undefined || one.project_id === projectId),
  );
  const filters = ['projects and phases that are neither archived nor cancelled'];
  if (clientId !== undefined) filters.push(`client ${named(String(await names.nameOf('clients', clientId)))}`);
  if (projectId !== undefined) filters.push(`project ${named(String(await names.nameOf('projects', projectId)))}`);
  return { projects, read: all.length, filters };
}

/** Cancelled work has no due dates. */
function isCancelled({ status }: Pick<Project, 'status'>): boolean {
  return statusOf(status) === 'cancelled';
}

function milestoneItem({ milestone_id: id, name, project_id: projectId, date, end_date: end }: Milestone): DueItem {
  const from = dayOfTimestamp(date);
  return { kind: 'milestone', id, name, projectId, from, due: end ? dayOfTimestamp(end) : from };
}

/** Only the end of a phase is due; a phase that continues beyond the range is not due in it. */
function phaseItem({ phase_id: id, name, project_id: projectId, end_date: due }: Phase): DueItem {
  return { kind: 'phase-end', id, name, projectId, from: due, due };
}

/** Only an explicit end date is due. Without one, a project ends with its work. */
function projectItem({ project_id: id, name, end_date: due }: Project): DueItem[] {
  return due ? [{ kind: 'project-end', id, name, projectId: id, from: due, due }] : [];
}

type DueProject = Pick<Project, 'name' | 'client_id'>;

async function inWords(
  { kind, id, name, projectId, from, due, daysLeft }: DueItem & { readonly daysLeft: number },
  project: DueProject | undefined,
  names: Directory,
): Promise<Item> {
  const client = project?.client_id ? await names.nameOf('clients', project.client_id) : undefined;
  return {
    kind,
    id,
    name,
    project_id: projectId,
    project: project?.name ?? `#${projectId}`,
    ...(client === undefined ? {} : { client }),
    from,
    due,
    days_left: daysLeft,
  };
}

function textOf({ range, items, matching }: Due): string {
  const more = matching > items.length ? `, the first ${items.length} are listed` : '';
  return [`${matching} dates are due, ${rangeText(range)}${more}.`, ...items.map(lineOf)].join('\n');
}

const KIND_WORDS = { milestone: 'milestone', 'phase-end': 'end of phase', 'project-end': 'end of project' } as const;

function lineOf({ kind, name, project, client, from, due, days_left: left }: Item): string {
  const where = kind === 'project-end' ? '' : ` of ${project}`;
  const whose = client === undefined ? '' : ` (${client})`;
  const since = from === due ? '' : `, from ${from}`;
  return `- ${dayText(due)} (${leftText(left)}): ${KIND_WORDS[kind]} ${name}${where}${whose}${since}`;
}

function leftText(days: number): string {
  if (days === 0) return 'today';
  return days > 0 ? `in ${days} days` : `${-days} days ago`;
}
