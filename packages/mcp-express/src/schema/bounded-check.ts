import type { Checked, Fault, Invalid } from './compiled-schema.js';
import { extentOf, isDeep, isShort } from './elements.js';
import { withinTime } from './time-limit.js';
import { isStackOverflow } from './unwritable.js';

/**
 * List items and object members, at every depth, that a client's value may have before a schema is asked about it:
 * libraries collect every issue, and some keywords compare each item with each other.
 */
export const MAX_ELEMENTS = 20_000;

/** Values within both are checked without a limit of time: there is not enough in them to take long. */
const SMALL = { elements: 2_000, text: 10_000 };

/** How long the check of a value may block the process. */
export const MAX_CHECK_MS = 400;

/** How long it may take to find something to tell after that. */
const MAX_SAMPLE_MS = 100;

type Check = (value: unknown) => Checked | Promise<Checked>;

/**
 * Checks a client's value within bounds of size and time. The size alone does not bound the time: Zod 3 makes an error for
 * each alternative of each item, and an empty object lacks as many members as its schema requires.
 */
export function boundedCheck(value: unknown, check: Check): Checked | Promise<Checked> {
  if (isShort(value, SMALL.text)) return check(value);
  const tooDeep = (thrown: unknown): Invalid => {
    if (isStackOverflow(thrown) && isDeep(value, MAX_LEVELS)) return refused('it is nested too deeply to be checked');
    throw thrown;
  };
  try {
    const checked = checkedWithin(value, check);
    // Zod tries again asynchronously after anything was thrown.
    return checked instanceof Promise ? checked.catch(tooDeep) : checked;
  } catch (thrown) {
    return tooDeep(thrown);
  }
}

/** Libraries walk a value by recursion, and have room for more levels than this. */
const MAX_LEVELS = 200;

function checkedWithin(value: unknown, check: Check): Checked | Promise<Checked> {
  const { elements, longest } = extentOf(value, MAX_ELEMENTS);
  if (elements > MAX_ELEMENTS) return refused(`more than ${MAX_ELEMENTS} list items and object members`);
  if (elements <= SMALL.elements && longest <= SMALL.text) return check(value);
  const done = withinTime(MAX_CHECK_MS, () => check(value));
  return done === undefined ? stopped(value, check) : done.value;
}

function refused(message: string, faults: readonly Fault[] = []): Invalid {
  return { faults: [...faults, { path: '', message }], more: 0 };
}

/** What is wrong with the first items of the lists shows what is wrong with the others, as a rule. */
function stopped(value: unknown, check: Check): Invalid {
  const sample = withinTime(MAX_SAMPLE_MS, () => check(withShortLists(value)))?.value;
  // One that is asynchronous has had its time.
  if (sample instanceof Promise) sample.catch(() => {});
  const faults = sample !== undefined && 'faults' in sample ? sample.faults.filter(isInList) : [];
  return refused(`the check was stopped after ${MAX_CHECK_MS} ms: send fewer list items, or shorter texts`, faults);
}

const SAMPLE_ITEMS = 10;

function withShortLists(value: unknown): unknown {
  const shortened = (_name: string, part: unknown): unknown =>
    Array.isArray(part) ? part.slice(0, SAMPLE_ITEMS) : part;
  return JSON.parse(JSON.stringify(value, shortened));
}

/** What is wrong with a list as a whole may be that it was shortened. */
function isInList({ path }: Fault): boolean {
  return /(?:^|\.)\d+(?:\.|$)/.test(path);
}
