import type { JsonSchema } from '../ground/mcp.js';

export interface Fault {
  /** The path of the field, such as `people.0.name`; empty for the value as a whole. */
  readonly path: string;
  readonly message: string;
}

export type Checked = { readonly value: unknown } | { readonly faults: readonly Fault[] };

/** A schema made ready once, at registration. */
export interface CompiledSchema {
  readonly json: JsonSchema;
  check(value: unknown): Checked | Promise<Checked>;
}

/** Faults as one line that names each field. */
export function faultsText(faults: readonly Fault[]): string {
  return faults.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
}
