import type { JsonSchema } from '../protocol/mcp.js';
import { shortened } from '../util/shortened.js';

/** A validation issue. */
export interface ValidationIssue {
  /** The path of the field, such as `people.0.name`. Empty for the whole value. */
  readonly path: string;
  readonly message: string;
}

/** The result of a failed validation: the first issues. */
export interface ValidationFailure {
  readonly issues: readonly ValidationIssue[];
  /** The number of further issues. */
  readonly more: number;
}

/** The result of a validation: the value, possibly transformed, or the issues. */
export type ValidationResult = { readonly value: unknown } | ValidationFailure;

/** A schema compiled at registration. */
export interface CompiledSchema {
  readonly json: JsonSchema;
  /**
   * Whether the properties merge several alternatives.
   * @default false
   */
  readonly isUnion?: boolean;
  check(value: unknown): ValidationResult | Promise<ValidationResult>;
}

/** Limits on reported issues: enough to correct a value, and bounded for any value. */
const MAX_ISSUES = 10;
const MAX_PATH = 200;
const MAX_MESSAGE = 300;

/**
 * The first issues of a library's list. Paths and messages are cut, because they may contain names and values from the
 * client.
 */
export function validationFailure<T>(issues: readonly T[], faultOf: (issue: T) => ValidationIssue): ValidationFailure {
  const faults = issues.slice(0, MAX_ISSUES).map((issue) => {
    const { path, message } = faultOf(issue);
    return { path: shortened(path, MAX_PATH), message: shortened(message, MAX_MESSAGE) };
  });
  return { issues: faults, more: issues.length - faults.length };
}

/** The issues as one line, each with its path. */
export function issuesText({ issues, more }: ValidationFailure): string {
  const shown = issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  return [...shown, ...(more === 0 ? [] : [`and ${more} more`])].join('; ');
}
