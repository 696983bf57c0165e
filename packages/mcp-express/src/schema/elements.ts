/** How large a JSON value is. */
export interface Extent {
  /** List items and object members at every depth; counting stops a little past the limit. */
  readonly elements: number;
  /** Characters of the longest text among them, or of the longest name. */
  readonly longest: number;
}

/** Counts without recursion, because depth is the client's to choose, and stops when there are more than `limit`. */
export function extentOf(value: unknown, limit: number): Extent {
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

/** Whether a value has lists or objects in each other of more than so many levels. */
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

/** Members of an object that are looked at before anything is allocated; most arguments have fewer. */
const FEW = 32;

/** True for what is plain to see: no list and no object, or an object of few members that are neither, nor long texts. */
export function isShort(value: unknown, longest: number): boolean {
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
