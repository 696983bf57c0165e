import type { Principal } from '../auth/principal.js';

/**
 * Whether an entry exists for a principal. For others it is not listed, and calls treat its name as unknown. Called
 * often, so it must be fast. An error counts as `false`.
 */
export type Visible = (principal: Principal | undefined) => boolean;

/** Whether an entry with this `visible` function exists for a principal. */
export function isVisible(visible: Visible | undefined, principal: Principal | undefined): boolean {
  if (visible === undefined) return true;
  try {
    return visible(principal) === true;
  } catch (cause) {
    warnOnce(visible, cause);
    return false;
  }
}

const warned = new WeakSet<Visible>();

/** Warns once per function, because an entry hidden by an error looks like one hidden on purpose. */
function warnOnce(visible: Visible, cause: unknown): void {
  if (warned.has(visible)) return;
  warned.add(visible);
  const message = `visible threw an error, which hides its entry: ${String(cause)}`;
  process.emitWarning(message, { type: 'McpExpressWarning', code: 'MCP_EXPRESS_VISIBLE_THREW' });
}
