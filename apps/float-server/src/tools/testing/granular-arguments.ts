/** Arguments with which every granular tool works on the seeded sandbox. */
import { idField, resourceOf } from 'float-api';
import { toolName } from '../granular/record-tools.js';
import { ALL_SPECS } from '../records/more-specs.js';
import type { RecordSpec } from '../records/spec.js';
import type { Kit } from './kit.js';

const PROJECT = 'Helios Customer Portal';
const DAYS = { start_date: '2026-12-07', end_date: '2026-12-11' };

/** A new record of each kind that can be created. */
const NEW: Readonly<Record<string, Record<string, unknown>>> = {
  person: { name: 'Zoe Sample' },
  project: { name: 'Sample project' },
  client: { name: 'Sample client' },
  allocation: { people: ['Ava Lindqvist'], project: PROJECT, ...DAYS, hours: 2 },
  'time-off': { people: ['Ava Lindqvist'], time_off_type: 'Vacation', ...DAYS, full_day: true, status: 'tentative' },
  'time-off-type': { timeoff_type_name: 'Sabbatical' },
  'logged-time': { person: 'Ava Lindqvist', project: PROJECT, date: '2026-11-20', hours: 1 },
  phase: { project: PROJECT, name: 'Sample phase', ...DAYS },
  'project-task': { project: PROJECT, task_name: 'Sample task' },
  milestone: { project: PROJECT, name: 'Sample milestone', date: '2026-12-18' },
  'place-of-work': { person: 'Ava Lindqvist', status_type_id: 1, ...DAYS },
  'team-holiday': { name: 'Sample party', date: '2027-06-18' },
  department: { name: 'Sample department' },
  role: { name: 'Sample role' },
  'project-stage': { name: 'Sample stage' },
  'project-expense': { project: PROJECT, name: 'Sample expense', cost: 10 },
};
/** Values for the filters that some old names require. */
const FILTERS: Readonly<Record<string, unknown>> = {
  project: PROJECT,
  person: 'Ava Lindqvist',
  range: 'this quarter',
  status_type_id: 1,
};

/** Kinds of which no two may have the same name. */
const UNIQUE = new Set(['project', 'client', 'phase']);
const made = new WeakMap<Kit, number>();

/** The sample record of a kind. */
export function newRecord(singular: string): Record<string, unknown> {
  const sample = NEW[singular];
  if (sample === undefined) throw new TypeError(`no sample of a ${singular}`);
  return sample;
}

/** A sample record that the kit does not have yet. */
function anotherRecord(kit: Kit, singular: string): Record<string, unknown> {
  const sample = newRecord(singular);
  if (!UNIQUE.has(singular)) return sample;
  const count = (made.get(kit) ?? 0) + 1;
  made.set(kit, count);
  return { ...sample, name: `${sample['name']} ${count}` };
}

/** Sample values for filters. */
export function filters(names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, FILTERS[name]]));
}

/** Arguments for a granular tool; creates the record it needs. */
export async function argumentsFor(kit: Kit, tool: string): Promise<Record<string, unknown>> {
  for (const spec of ALL_SPECS) {
    if (tool === toolName(spec, 'list')) return {};
    if (tool === toolName(spec, 'get')) return { id: await firstId(kit, spec) };
    if (tool === toolName(spec, 'create')) return anotherRecord(kit, spec.singular);
    if (tool === toolName(spec, 'update')) return { id: await madeId(kit, spec), ...oneField(spec) };
    if (tool === toolName(spec, 'delete')) return { id: await madeId(kit, spec), confirm: true };
  }
  return { range: 'this quarter' };
}

function oneField({ singular }: RecordSpec): Record<string, unknown> {
  const [name, value] = Object.entries(newRecord(singular)).at(-1) as [string, unknown];
  return { [name]: value };
}

async function firstId(kit: Kit, { key }: RecordSpec): Promise<unknown> {
  const [first] = await kit.api.listAll(key);
  return (first as unknown as Record<string, unknown>)[idField(resourceOf(key))];
}

async function madeId(kit: Kit, spec: RecordSpec): Promise<unknown> {
  const { structuredContent } = await kit.call(toolName(spec, 'create'), anotherRecord(kit, spec.singular));
  return (structuredContent as { record: { id: unknown } }).record.id;
}
