import type { JsonSchema } from '../protocol/mcp.js';
import { shortened } from '../util/shortened.js';

/** A validation issue. */
export interface Fault {
  /** The path of the field, such as `people.0.name`. Empty for the whole value. */
  readonly path: string;
  readonly message: string;
}

/** The result of a failed validation: the first issues. */
export interface Invalid {
  readonly faults: readonly Fault[];
  /** The number of further issues. */
  readonly more: number;
}

/** The result of a validation: the value, possibly transformed, or the issues. */
export type Checked = { readonly value: unknown } | Invalid;

/** A schema compiled at registration. */
export interface CompiledSchema {
  readonly json: JsonSchema;
  /**
   * Whether the properties merge several alternatives.
   * @default false
   */
  readonly isUnion?: boolean;
  check(value: unknown): Checked | Promise<Checked>;
}

/** Limits on reported issues: enough to correct a value, and bounded for any value. */
const MAX_FAULTS = 10;
const MAX_PATH = 200;
const MAX_MESSAGE = 300;

/**
 * The first issues of a library's list. Paths and messages are cut, because they may contain names and values from the
 * client.
 */
export function invalid<T>(issues: readonly T[], faultOf: (issue: T) => Fault): Invalid {
  const faults = issues.slice(0, MAX_FAULTS).map((issue) => {
    const { path, message } = faultOf(issue);
    return { path: shortened(path, MAX_PATH), message: shortened(message, MAX_MESSAGE) };
  });
  return { faults, more: issues.length - faults.length };
}

/** The issues as one line, each with its path. */
export function faultsText({ faults, more }: Invalid): string {
  const shown = faults.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  return [...shown, ...(more === 0 ? [] : [`and ${more} more`])].join('; ');
}
