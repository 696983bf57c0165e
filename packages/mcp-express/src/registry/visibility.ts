import type { Principal } from '../auth/principal.js';

/**
 * Whether this principal may know of something. For all others it does not exist: it is in no list, and calling it is
 * answered like an unknown name. Called often, so it must be fast; what it throws counts as `false`.
 */
export type Visible = (principal: Principal | undefined) => boolean;

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

/** Hidden from all by a mistake looks like hidden on purpose, so it is said, once for each function. */
function warnOnce(visible: Visible, cause: unknown): void {
  if (warned.has(visible)) return;
  warned.add(visible);
  const message = `visible threw, which hides what it belongs to: ${String(cause)}`;
  process.emitWarning(message, { type: 'McpExpressWarning', code: 'MCP_EXPRESS_VISIBLE_THREW' });
}
