import { type DayRange, parseRange, projectTeam, scheduledTime, type TeamRow } from 'resource-planning';
import * as z from 'zod';
import { Directory } from '../directory.js';
import { dayText, hoursText, RANGE_OUTPUT, rangeText, sumHours } from '../plan/format.js';
import { headOf, headText, PROJECT_HEAD, PROJECT_RECORDS_READ, projectReadText } from '../project/format.js';
import { type ReadProject, readProject } from '../project/read-project.js';
import { defineQuestion, LIMIT } from '../question.js';
import { NAME_OR_ID, RANGE } from '../shared-arguments.js';
import type { FloatTool, ToolCall } from '../tool.js';

const INPUT = z.strictObject({
  project: NAME_OR_ID.describe('project (name or id)'),
  range: RANGE.optional().describe('only work in this range; left out: the whole project'),
  include_tentative: z.boolean().default(true).describe('list tentative and draft work, apart from confirmed'),
  limit: LIMIT,
});

const PERSON = z.object({
  id: z.number(),
  name: z.string(),
  role: z.string().optional(),
  confirmed_hours: z.number(),
  tentative_hours: z.number(),
  first: z.string().describe('first day with work in the range'),
  last: z.string(),
  in_team: z.boolean().describe('member of the project team'),
  archived: z.literal(true).optional().describe('the work has to be given to another person'),
});

const OUTPUT = z.object({
  project: PROJECT_HEAD,
  range: RANGE_OUTPUT,
  people: z.array(PERSON).describe('most hours first'),
  matching: z.number().describe('people with work, listed or not'),
  confirmed_hours: z.number(),
  tentative_hours: z.number(),
  unassigned_hours: z.number().describe('not assigned to a person yet; also in the sums'),
  without_work: z
    .array(z.object({ id: z.number(), name: z.string() }))
    .describe('in the team, with no work in the range'),
  filters: z.array(z.string()),
  records_read: PROJECT_RECORDS_READ,
});
type Args = z.output<typeof INPUT>;
type Works = z.output<typeof OUTPUT>;
type Person = z.output<typeof PERSON>;

/** The tool `who-works-on`: the people planned on a project. */
export const whoWorksOn: FloatTool = defineQuestion({
  name: 'who-works-on',
  title: 'Who works on a project?',
  description:
    'People planned on a project, with confirmed and tentative hours, first and last day; unassigned hours; team members without work.',
  input: INPUT,
  output: OUTPUT,
  answer,
  text: textOf,
  read: (found) => projectReadText(found.records_read, found.filters),
});

async function answer(args: Args, call: ToolCall): Promise<Works> {
  const names = Directory.forReading(call);
  const asked = args.range === undefined ? undefined : parseRange(args.range, call.today());
  const read = await readProject(call, await names.resolve('projects', args.project));
  const range = asked ?? read.range;
  const rows = rowsOf(read, range, args.include_tentative);
  const people = rows.flatMap((row) => personOf(row, read));
  const sum = (part: 'confirmedHours' | 'tentativeHours') => sumHours(rows.map((row) => row[part]));
  const open = rows.find(({ personId }) => personId === undefined);
  const data = {
    project: await headOf(read, names),
    range,
    people: people.slice(0, args.limit),
    matching: people.length,
    confirmed_hours: sum('confirmedHours'),
    tentative_hours: sum('tentativeHours'),
    unassigned_hours: open === undefined ? 0 : sumHours([open.confirmedHours, open.tentativeHours]),
    without_work: rows.flatMap((row) => idleOf(row, read)),
    filters: [
      asked === undefined ? 'the whole project' : 'work in the range',
      args.include_tentative ? 'tentative work listed apart' : 'tentative work not counted',
      ...read.filters,
    ],
    records_read: read.recordsRead,
  };
  return data;
}

function rowsOf({ plan, project, phases }: ReadProject, range: DayRange, includeTentative: boolean): TeamRow[] {
  const members = [project.project_team, ...phases.map(({ phase_team: team }) => team)].flatMap((team) => team ?? []);
  const ids = members.map((row) => Number(row['people_id'])).filter((id) => id > 0);
  return projectTeam(scheduledTime(plan, range, { includeTentative }), ids);
}

function personOf({ personId, first, last, ...row }: TeamRow, { plan }: ReadProject): Person[] {
  if (personId === undefined || first === undefined || last === undefined) return [];
  const member = plan.people.find(({ id }) => id === personId);
  return [
    {
      id: personId,
      name: member?.name ?? `#${personId}`,
      ...(member?.jobTitle === undefined ? {} : { role: member.jobTitle }),
      confirmed_hours: row.confirmedHours,
      tentative_hours: row.tentativeHours,
      first,
      last,
      in_team: row.inTeam,
      ...(member?.archived === true ? { archived: true } : {}),
    },
  ];
}

function idleOf({ personId, first }: TeamRow, { plan }: ReadProject): Works['without_work'] {
  if (personId === undefined || first !== undefined) return [];
  return [{ id: personId, name: plan.people.find(({ id }) => id === personId)?.name ?? `#${personId}` }];
}

function textOf(found: Works): string {
  const { people, matching, without_work: idle, unassigned_hours: open } = found;
  const more = matching > people.length ? ` The ${people.length} with most hours are listed.` : '';
  return [
    `${headText(found.project)}, ${rangeText(found.range)}: ${hoursLine(found)}, ${matching} people.${more}`,
    ...people.map(lineOf),
    ...(open > 0 ? [`- unassigned: ${hoursText(open)} h`] : []),
    ...(idle.length > 0 ? [`In the team without work: ${idle.map(({ name }) => name).join(', ')}.`] : []),
  ].join('\n');
}

function lineOf(person: Person): string {
  const role = person.role === undefined ? '' : `, ${person.role}`;
  const outside = `${person.in_team ? '' : ', not in the team'}${person.archived === true ? ', archived' : ''}`;
  const when =
    person.first === person.last ? dayText(person.first) : `${dayText(person.first)} to ${dayText(person.last)}`;
  return `- ${person.name} (id ${person.id}${role}${outside}) ${hoursLine(person)}: ${when}`;
}

function hoursLine({
  confirmed_hours: sure,
  tentative_hours: maybe,
}: Pick<Person, 'confirmed_hours' | 'tentative_hours'>): string {
  return maybe > 0
    ? `${hoursText(sure)} h confirmed, ${hoursText(maybe)} h tentative`
    : `${hoursText(sure)} h confirmed`;
}
