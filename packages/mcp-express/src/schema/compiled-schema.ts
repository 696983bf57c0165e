import type { JsonSchema } from '../protocol/mcp.js';
import { shortened } from '../util/shortened.js';

export interface Fault {
  /** The path of the field, such as `people.0.name`; empty for the value as a whole. */
  readonly path: string;
  readonly message: string;
}

/** A value that a schema does not allow, and the first things that are wrong with it. */
export interface Invalid {
  readonly faults: readonly Fault[];
  /** How many more there are. */
  readonly more: number;
}

export type Checked = { readonly value: unknown } | Invalid;

/** A schema made ready once, at registration. */
export interface CompiledSchema {
  readonly json: JsonSchema;
  /** Whether its properties are those of several alternatives. @default false */
  readonly isUnion?: boolean;
  check(value: unknown): Checked | Promise<Checked>;
}

/** What is shown of what is wrong with a value: enough to mend it, whatever the value. */
const MAX_FAULTS = 10;
const MAX_PATH = 200;
const MAX_MESSAGE = 300;

/** The first of the issues that a library found. Paths and messages may hold names and values of the client's. */
export function invalid<T>(issues: readonly T[], faultOf: (issue: T) => Fault): Invalid {
  const faults = issues.slice(0, MAX_FAULTS).map((issue) => {
    const { path, message } = faultOf(issue);
    return { path: shortened(path, MAX_PATH), message: shortened(message, MAX_MESSAGE) };
  });
  return { faults, more: issues.length - faults.length };
}

/** Faults as one line that names each field. */
export function faultsText({ faults, more }: Invalid): string {
  const shown = faults.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  return [...shown, ...(more === 0 ? [] : [`and ${more} more`])].join('; ');
}
