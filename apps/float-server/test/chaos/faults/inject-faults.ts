import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster } from '../cluster/cluster.js';
import type { Span } from '../span.js';
import type { FaultName, Step } from './fault.js';
import { INJECTIONS } from './injections.js';

/** An injected fault and its period. */
export interface InjectedFault extends Span {
  readonly step: Step;
}

/** Dependencies of `injectFaults`. */
export interface FaultInjectionDeps {
  readonly cluster: Cluster;
  /** The steps of each track, in order. */
  readonly tracks: readonly Iterable<Step>[];
  readonly stop: AbortSignal;
  /** Called with a description of each fault when it begins. */
  readonly log: (what: string) => void;
}

/**
 * Injects faults until the signal fires or the steps end. When it resolves, the service is complete again.
 *
 * @returns the injected faults of each track
 */
export function injectFaults(parts: FaultInjectionDeps): Promise<InjectedFault[][]> {
  return Promise.all(parts.tracks.map((steps) => injectInOrder(steps, parts)));
}

async function injectInOrder(
  steps: Iterable<Step>,
  { cluster, stop, log }: FaultInjectionDeps,
): Promise<InjectedFault[]> {
  const injected: InjectedFault[] = [];
  for (const step of steps) {
    await delay(step.waitMs);
    if (stop.aborted) break;
    const { fault, node, ms } = step;
    log([fault, ...(node > 0 ? [`node${node}`] : []), ...(ms > 0 ? [`${ms} ms`] : [])].join(' '));
    const from = performance.now();
    await INJECTIONS[fault](cluster, step);
    injected.push({ step, from, to: performance.now() });
  }
  return injected;
}

/** The number of injected faults by name. */
export function counted(injected: readonly InjectedFault[]): Map<FaultName, number> {
  const counts = new Map<FaultName, number>();
  for (const { step } of injected) counts.set(step.fault, (counts.get(step.fault) ?? 0) + 1);
  return counts;
}
