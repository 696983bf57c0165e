import type { FloatApiError } from 'float-api';
import * as z from 'zod';
import { escapedForText, named } from '../../untrusted-text.js';
import { CONFIRM, requestConsent, unchangedText } from '../consent.js';
import { dayText, hoursText, RANGE_OUTPUT, RECORDS_READ, rangeText, readText } from '../plan/format.js';
import { ToolProblem } from '../problem.js';
import { NAME_OR_ID, RANGE } from '../shared-arguments.js';
import { type Answer, defineTool, type FloatTool, type ToolCall, WRITES } from '../tool.js';
import { applyEdits, UNDO, type Undo } from './apply-edits.js';
import { EFFECT, effectOn, hoursAdded, overtimeText } from './effect.js';
import { afterEdits, type Edit, handOverEdits, SHARED, type Shared } from './hand-over-edits.js';
import { type HandOverRequest, resolveRequest, sharedByBoth } from './hand-over-request.js';

/** Writes per call. More would take too long and make an unreadable preview. */
const MAX_EDITS = 80;

const INPUT = z.strictObject({
  from_person: NAME_OR_ID.describe('who gives the work away (name or id)'),
  to_person: NAME_OR_ID.describe('who takes it over (name or id)'),
  project: NAME_OR_ID.optional().describe('only work on this project (name or id)'),
  range: RANGE,
  shared: z
    .enum(SHARED)
    .default('both-shares')
    .describe('work both do together: the receiver does the hours of both, or keeps the own ones (a meeting, say)'),
  confirm: CONFIRM,
});

const EDIT = z.object({
  action: z.enum(['create', 'update', 'delete']),
  allocation_id: z.number().optional().describe('the allocation that is changed or deleted'),
  person_ids: z.array(z.number()).describe('who does the work after it'),
  project_id: z.number(),
  from: z.string().optional(),
  to: z.string().optional(),
  hours_per_day: z.number(),
  repeats: z.boolean(),
  repeat_until: z.string().optional(),
});

const OUTPUT = z.object({
  preview: z.boolean().describe('true: nothing was changed'),
  range: RANGE_OUTPUT,
  from_person: z.object({ id: z.number(), name: z.string() }),
  to_person: z.object({ id: z.number(), name: z.string() }),
  receiver_employed_until: z.string().optional(),
  shared: z
    .array(z.object({ allocation_id: z.number(), project_id: z.number(), hours_per_day: z.number() }))
    .describe('of the handed-over work, what the receiver was on already'),
  edits: z.array(EDIT).describe('in the order of writing'),
  hours_given: z.number().describe('hours the one no longer has in the range'),
  hours_taken: z.number().describe('hours the other has more: their working days may differ'),
  effect: z.object({ from_person: z.array(EFFECT), to_person: z.array(EFFECT) }),
  undo: z.array(UNDO).describe('in the order in which to take it back; known once it is done'),
  stopped_by: z.string().optional().describe('why not all edits were made; undo takes back those that were'),
  filters: z.array(z.string()),
  records_read: RECORDS_READ,
});
type Args = z.output<typeof INPUT>;
type Handed = z.output<typeof OUTPUT>;

/** The tool `hand-over`. */
export const handOver: FloatTool = defineTool({
  name: 'hand-over',
  title: 'Hand work over to another person',
  description:
    'Gives the work of one person in a range to another, splitting allocations at its edges. Shows every write and its effect first, asks the user, then writes; the answer says how to take it back.',
  input: INPUT,
  output: OUTPUT,
  annotations: WRITES,
  run: give,
});

async function give(args: Args, call: ToolCall): Promise<Answer<Handed>> {
  const request = await resolveRequest(args, call);
  const edits = handOverEdits(request.records, request);
  if (edits.length === 0)
    throw new ToolProblem('nothing-to-change', `${named(request.from.name)} has no such work in that range.`);
  if (edits.length > MAX_EDITS) {
    const message = `That would take ${edits.length} writes, and at most ${MAX_EDITS} are made at once. Ask for a shorter range or one project.`;
    throw new ToolProblem('bad-argument', message);
  }
  const data = previewOf(request, edits);
  const question = textOf(escapedForText(data), args);
  const consent = await requestConsent(call, question, args.confirm);
  if (consent !== 'given') return { text: `${unchangedText(consent)}\n${question}`, data };
  const { undo, error } = await applyEdits(edits, call);
  // Without any write it is an ordinary failure.
  if (error !== undefined && undo.length === 0) throw error;
  const made = withOutcome(data, undo, error);
  return { text: `${verdictOn(made, error)}\n${textOf(escapedForText(made), args)}`, data: made };
}

function withOutcome(data: Handed, undo: Undo[], error: FloatApiError | undefined): Handed {
  const stopped = error === undefined ? {} : { stopped_by: error.message };
  const { filters, records_read, ...rest } = data;
  return { ...rest, preview: false, undo, ...stopped, filters, records_read };
}

function verdictOn({ undo, edits }: Handed, error: FloatApiError | undefined): string {
  if (error === undefined) return `Done: ${undo.length} writes.`;
  return `STOPPED after ${undo.length} of ${edits.length} writes: ${error.message}. No work is lost, but some may be there twice. Take it back with "undo", or finish by hand.`;
}

function previewOf(request: HandOverRequest, edits: readonly Edit[]): Handed {
  const { range, plan, from, to, filters } = request;
  const before = { ...plan, people: [from, to] };
  const effects = effectOn(before, afterEdits(plan.allocations, edits), range);
  const [giving, taking] = [effects.get(from.id) ?? [], effects.get(to.id) ?? []];
  return {
    preview: true,
    range,
    from_person: { id: from.id, name: from.name },
    to_person: { id: to.id, name: to.name },
    ...(to.employedTo === undefined ? {} : { receiver_employed_until: to.employedTo }),
    shared: sharedByBoth(request, edits),
    edits: edits.map(editRow),
    hours_given: -hoursAdded(giving),
    hours_taken: hoursAdded(taking),
    effect: { from_person: giving, to_person: taking },
    undo: [],
    filters: [...filters],
    records_read: plan.recordsRead,
  };
}

function editRow({ action, allocation, personIds, block }: Edit): z.output<typeof EDIT> {
  return {
    action,
    ...(action === 'create' ? {} : { allocation_id: allocation.task_id }),
    person_ids: [...personIds],
    project_id: allocation.project_id,
    ...(block === undefined ? {} : { from: block.from, to: block.to }),
    hours_per_day: allocation.hours,
    repeats: block?.repeat !== undefined,
    ...(block?.repeatUntil === undefined ? {} : { repeat_until: block.repeatUntil }),
  };
}

function textOf(handed: Handed, { shared: how }: Args): string {
  const { from_person: from, to_person: to, edits } = handed;
  const lines = edits.map((edit) => `- ${editText(edit, handed)}`);
  const shared = handed.shared.map((one) => sharedText(one, to.name, how));
  const ended = how === 'own-share' && shared.length > 0;
  const differs = ended || handed.hours_given === handed.hours_taken ? '' : ' Their working days or holidays differ.';
  return [
    `From ${from.name} to ${to.name}, ${rangeText(handed.range)}: ${hoursText(handed.hours_given)} h given, ` +
      `${hoursText(handed.hours_taken)} h taken.${differs}`,
    ...shared,
    ...lines,
    ...endText(handed),
    overtimeText(to.name, handed.effect.to_person),
    `Filters: ${handed.filters.join('; ')}. ${readText(handed.records_read)}`,
  ].join('\n');
}

/** A receiver whose employment ends within the range cannot do the work after that day. */
function endText({ to_person: to, range, receiver_employed_until: until }: Handed): string[] {
  return until === undefined || until >= range.to ? [] : [`${to.name} is employed until ${dayText(until)} only.`];
}

function sharedText({ allocation_id: id, hours_per_day: hours }: Handed['shared'][number], name: string, how: Shared) {
  const all = how === 'both-shares' ? 2 * hours : hours;
  const ends = how === 'both-shares' ? 'the hours of both' : 'the other share ends';
  return `${name} already shares allocation ${id} and does ${hoursText(all)} h a day of it: ${ends}.`;
}

function editText(edit: z.output<typeof EDIT>, { from_person: from, to_person: to }: Handed): string {
  const id = edit.allocation_id === undefined ? '' : ` allocation ${edit.allocation_id}`;
  if (edit.action === 'delete') return `delete${id} for ever: all of it is handed over`;
  const who = edit.person_ids.map((one) => [from, to].find(({ id: known }) => known === one)?.name ?? `person ${one}`);
  const series = edit.repeats ? `, repeating until ${edit.repeat_until ?? 'further notice'}` : '';
  return `${edit.action}${id}: ${who.join(', ')} ${edit.from} to ${edit.to}, ${hoursText(edit.hours_per_day)} h a day${series}`;
}
