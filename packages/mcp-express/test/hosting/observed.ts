/** Calls of the tool `wait` whose signal fired. */
export const aborted: string[] = [];

let last = 0;

/** A number that no other tool has in its name. */
export function nextNumber(): number {
  last += 1;
  return last;
}
