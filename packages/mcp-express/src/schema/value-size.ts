/** The size of a JSON value. */
export interface ValueSize {
  /** Array items and object members at all depths. Counting stops a little above the limit. */
  readonly elements: number;
  /** Length of the longest string or member name, in characters. */
  readonly longest: number;
}

/** Measures a value without recursion, because clients choose the depth. Stops above `limit` elements. */
export function sizeOf(value: unknown, limit: number): ValueSize {
  let elements = 0;
  let longest = 0;
  const left: object[] = isNested(value) ? [value] : [];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const names = Array.isArray(next) ? [] : Object.keys(next);
    elements += Array.isArray(next) ? next.length : names.length;
    if (elements > limit) break;
    const items: unknown[] = Array.isArray(next) ? next : Object.values(next);
    longest = longestOf(items, longestOf(names, longest));
    for (const item of items) if (isNested(item)) left.push(item);
  }
  return { elements, longest };
}

/** Whether arrays and objects are nested more than `levels` deep. */
export function isDeep(value: unknown, levels: number): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; depth <= levels; depth += 1) {
    level = level.filter(isNested).flatMap((nested): unknown[] => Object.values(nested));
    if (level.length === 0) return false;
  }
  return true;
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function longestOf(values: readonly unknown[], least: number): number {
  let longest = least;
  for (const value of values) if (typeof value === 'string' && value.length > longest) longest = value.length;
  return longest;
}

/** Most members of an object that the fast check visits. Most arguments have fewer. */
const FEW = 32;

/**
 * Fast check, without allocation, for small values: primitives, and objects with few members that are all primitives.
 * @param longest most characters of a string or name
 */
export function isSmall(value: unknown, longest: number): boolean {
  if (!isNested(value)) return typeof value !== 'string' || value.length <= longest;
  if (Array.isArray(value)) return false;
  const object = value as Readonly<Record<string, unknown>>;
  let count = 0;
  for (const name in object) {
    const member = object[name];
    count += 1;
    if (count > FEW || name.length > longest || isNested(member)) return false;
    if (typeof member === 'string' && member.length > longest) return false;
  }
  return true;
}
