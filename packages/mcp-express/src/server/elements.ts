import { isObject } from '../ground/json-rpc.js';

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

/** Whether a value has more list items and object members, at every depth, than `limit`, which is not below `FEW`. */
export function hasManyElements(value: unknown, limit: number): boolean {
  if (Array.isArray(value)) return extentOf(value, limit).elements > limit;
  return isObject(value) && !isShort(value) && extentOf(value, limit).elements > limit;
}

function isShort(value: Record<string, unknown>): boolean {
  let count = 0;
  for (const name in value) {
    count += 1;
    if (count > FEW || isNested(value[name])) return false;
  }
  return true;
}
