/** All faults by their names in a schedule. */
export const FAULTS = {
  kill: { track: 'nodes', target: 'one', ms: [0, 800] },
  'kill-two': { track: 'nodes', target: 'spared', ms: [0, 800] },
  drain: { track: 'nodes', target: 'one', ms: [0, 0] },
  /** Repeated kills, each soon after a start. */
  'crash-loop': { track: 'nodes', target: 'one', ms: [2_000, 8_000] },
  /** SIGSTOP, then SIGCONT, within the lease of the node or after it. */
  stall: { track: 'nodes', target: 'one', ms: [200, 8_000] },
  'restart-store': { track: 'store', target: 'none', ms: [0, 800] },
  'crash-store': { track: 'store', target: 'none', ms: [0, 800] },
  'stall-store': { track: 'store', target: 'none', ms: [200, 6_000] },
  /** Redis refuses writes because of `maxmemory`. */
  'fill-store': { track: 'store', target: 'none', ms: [200, 6_000] },
  /** Redis refuses writes because of `min-replicas-to-write`. */
  'store-read-only': { track: 'store', target: 'none', ms: [200, 6_000] },
  'cut-all': { track: 'store', target: 'none', ms: [100, 30_000] },
  /** The connections of one node to the store are reset, and new ones too, while the node continues to serve clients. */
  'cut-off': { track: 'store', target: 'one', ms: [100, 30_000] },
  /** The same without a reset: no data passes. */
  silence: { track: 'store', target: 'one', ms: [100, 30_000] },
  /** The replica of a killed master takes over. */
  'fail-over': { track: 'failover', target: 'none', ms: [0, 3_000] },
} as const satisfies Record<string, FaultShape>;

/**
 * Two tracks inject faults concurrently: one into nodes, the other into the store and the connections to it, or failovers of a
 * replicated store. A track has one fault at a time.
 */
export type FaultTrack = 'nodes' | 'store' | 'failover';

/** The name of a fault. */
export type FaultName = keyof typeof FAULTS;

interface FaultShape {
  readonly track: FaultTrack;
  readonly target: 'one' | 'spared' | 'none';
  /** The shortest and the longest duration, in milliseconds. */
  readonly ms: readonly [number, number];
}

/** One fault with its random values. */
export interface Step {
  /** The pause before the fault, in milliseconds. */
  readonly waitMs: number;
  readonly fault: FaultName;
  /** The number of the node, from 1; 0 for faults that concern no node. For `kill-two` the node that is spared. */
  readonly node: number;
  /** Duration in milliseconds. */
  readonly ms: number;
}

/** The track, target and duration of a fault. */
export function shapeOf(fault: FaultName): FaultShape {
  return FAULTS[fault];
}
