/** RFC 6749, section 3.3: visible ASCII without the quote and the backslash. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** Whether a value is an OAuth scope, which is also safe in a challenge. */
export function isScope(value: unknown): value is string {
  return typeof value === 'string' && SCOPE.test(value);
}
