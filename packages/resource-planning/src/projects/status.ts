import type { AllocationStatus } from '../types.js';

/** Rank of each status. Complete and confirmed work are equally firm. */
const FIRMNESS: Readonly<Record<AllocationStatus, number>> = {
  cancelled: 0,
  draft: 1,
  tentative: 2,
  confirmed: 3,
  complete: 3,
};

/**
 * The effective status of an allocation: the least firm of its own, its phase's and its project's. Float documents that
 * work of a tentative project or phase is tentative by default, while single allocations of a confirmed project may be;
 * drafts and cancellations are treated alike. A completed project leaves the status of its work unchanged, and completed
 * work stays complete while its project continues.
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
