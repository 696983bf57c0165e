/** Refuses new records that exist already: a call that is made twice would otherwise leave two of them. */
import { idField, type ResourceKey, resourceOf } from 'float-api';
import { named } from '../../untrusted-text.js';
import type { RawRecord } from '../directory.js';
import { ToolProblem } from '../problem.js';
import { folded } from '../spelling.js';
import type { ToolCall } from '../tool.js';
import { argumentName, type RecordSpec } from './spec.js';

/** The fields that tell two records of the same name apart, by resource. */
const DISTINCTIONS: Readonly<Partial<Record<ResourceKey, readonly string[]>>> = {
  clients: [],
  projects: ['client_id', 'project_code'],
  phases: ['project_id', 'start_date'],
};

/** @throws ToolProblem with the id of an active record that has the same name and the same distinctions */
export async function assertNew(spec: RecordSpec, record: RawRecord, call: ToolCall): Promise<void> {
  const distinctions = DISTINCTIONS[spec.key];
  if (distinctions === undefined || typeof record['name'] !== 'string') return;
  const name = folded(record['name']);
  const known: readonly RawRecord[] = await call.api.listAll(spec.key, {}, call);
  const same = known.find(
    (other) =>
      other['active'] !== 0 &&
      folded(String(other['name'])) === name &&
      distinctions.every((field) => textOf(other[field]) === textOf(record[field])),
  );
  if (same === undefined) return;
  const row = resourceOf(spec.key);
  const another = distinctions.map(argumentName).join(' or ');
  throw new ToolProblem(
    'bad-argument',
    `There is a ${row.singular} ${named(String(same['name']))} already, with id ${String(same[idField(row)])}. To change it, give the id; ` +
      `for another one, give another ${another === '' ? 'name' : `name, ${another}`}.`,
  );
}

/** Float leaves out, empties or zeroes a reference to nothing. */
function textOf(value: unknown): string {
  return value === undefined || value === null || value === 0 ? '' : folded(String(value));
}
