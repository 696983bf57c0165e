import type { AllocationStatus } from '../types.js';

/** Completed work was confirmed before: neither is firmer than the other. */
const FIRMNESS: Readonly<Record<AllocationStatus, number>> = {
  cancelled: 0,
  draft: 1,
  tentative: 2,
  confirmed: 3,
  complete: 3,
};

/**
 * What an allocation counts as: the least firm of its own status and those of its phase and project. Float documents
 * that the work of a tentative project or phase is tentative by default, while single allocations of a confirmed project
 * may be; that a project drafted or cancelled takes its work along is the same rule, carried on. Completed projects keep
 * their work as it is, and completed work stays completed while its project goes on.
 */
export function effectiveStatus(
  own: AllocationStatus,
  ...above: readonly (AllocationStatus | undefined)[]
): AllocationStatus {
  return above.reduce<AllocationStatus>(
    (least, one) => (one !== undefined && FIRMNESS[one] < FIRMNESS[least] ? one : least),
    own,
  );
}
