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
  } catch {
    return false;
  }
}
