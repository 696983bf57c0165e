import type { ValidationFailure, ValidationIssue, ValidationResult } from './compiled-schema.js';
import { withTimeLimit } from './time-limit.js';
import { isStackOverflow } from './unserializable.js';
import { isDeep, isSmall, sizeOf } from './value-size.js';

/**
 * Most array items and object members, at all depths, of a value from a client. Larger values do not reach the schema,
 * because libraries collect every issue and some keywords compare all items with each other.
 */
export const MAX_ELEMENTS = 20_000;

/** Values within both limits are checked without a time limit, because they cannot take long. */
const SMALL = { elements: 2_000, text: 10_000 };

/** Longest time that a check may block the process. Milliseconds. */
export const MAX_CHECK_MS = 400;

/** Longest time to find issues to report after that. Milliseconds. */
const MAX_SAMPLE_MS = 100;

type Check = (value: unknown) => ValidationResult | Promise<ValidationResult>;

/**
 * Validates a value from a client with limits on size and time. The size alone does not limit the time: Zod 3 creates
 * an error per alternative of each item, and an empty object lacks as many members as its schema requires.
 */
export function boundedCheck(value: unknown, check: Check): ValidationResult | Promise<ValidationResult> {
  if (isSmall(value, SMALL.text)) return check(value);
  const tooDeep = (thrown: unknown): ValidationFailure => {
    if (isStackOverflow(thrown) && isDeep(value, MAX_LEVELS)) return refused('it is nested too deeply to be checked');
    throw thrown;
  };
  try {
    const checked = checkedWithin(value, check);
    // Zod retries asynchronously after any error.
    return checked instanceof Promise ? checked.catch(tooDeep) : checked;
  } catch (thrown) {
    return tooDeep(thrown);
  }
}

/** Most levels of a value. Libraries recurse, and their stack suffices for more. */
const MAX_LEVELS = 200;

function checkedWithin(value: unknown, check: Check): ValidationResult | Promise<ValidationResult> {
  const { elements, longest } = sizeOf(value, MAX_ELEMENTS);
  if (elements > MAX_ELEMENTS) return refused(`more than ${MAX_ELEMENTS} list items and object members`);
  if (elements <= SMALL.elements && longest <= SMALL.text) return check(value);
  const done = withTimeLimit(MAX_CHECK_MS, () => check(value));
  return done === undefined ? stopped(value, check) : done.value;
}

function refused(message: string, faults: readonly ValidationIssue[] = []): ValidationFailure {
  return { issues: [...faults, { path: '', message }], more: 0 };
}

/** Reports the issues of a sample, because the first items of long arrays usually have the same issues as the rest. */
function stopped(value: unknown, check: Check): ValidationFailure {
  const sample = withTimeLimit(MAX_SAMPLE_MS, () => check(withShortLists(value)))?.value;
  // An asynchronous check gets no more time.
  if (sample instanceof Promise) sample.catch(() => {});
  const faults = sample !== undefined && 'issues' in sample ? sample.issues.filter(isInList) : [];
  return refused(`the check was stopped after ${MAX_CHECK_MS} ms: send fewer list items, or shorter texts`, faults);
}

const SAMPLE_ITEMS = 10;

function withShortLists(value: unknown): unknown {
  const shortened = (_name: string, part: unknown): unknown =>
    Array.isArray(part) ? part.slice(0, SAMPLE_ITEMS) : part;
  return JSON.parse(JSON.stringify(value, shortened));
}

/** Issues of an array as a whole are ignored, because shortening it may have caused them. */
function isInList({ path }: ValidationIssue): boolean {
  return /(?:^|\.)\d+(?:\.|$)/.test(path);
}
