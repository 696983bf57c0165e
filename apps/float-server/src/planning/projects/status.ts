import type { AllocationStatus } from '../types.js';

/** From the least firm to the firmest. */
const FIRMNESS: readonly AllocationStatus[] = ['cancelled', 'draft', 'tentative', 'confirmed', 'complete'];

/**
 * What an allocation counts as: the least firm of its own status and those of its phase and project. Float documents
 * that the work of a tentative project or phase is tentative by default, while single allocations of a confirmed project
 * may be; that a project drafted or cancelled takes its work along is the same rule, carried on. Completed projects keep
 * their work as it is.
 */
export function effectiveStatus(
  own: AllocationStatus,
  ...above: readonly (AllocationStatus | undefined)[]
): AllocationStatus {
  return above.reduce<AllocationStatus>(
    (least, one) => (one !== undefined && FIRMNESS.indexOf(one) < FIRMNESS.indexOf(least) ? one : least),
    own,
  );
}
