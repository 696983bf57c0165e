import type { Span } from '../span.js';

/** A period in which a part of the service could not work. */
export interface Disturbance extends Span {
  readonly what: 'store away' | 'node cut off' | 'node stalled';
  /** The affected node. @default all nodes */
  readonly node?: string;
}

/** All disturbances of a run. They excuse some failures of calls at the same time. */
export class Disturbances {
  readonly all: Disturbance[] = [];

  /** Adds a past disturbance that no injected fault caused. */
  note(disturbance: Disturbance): void {
    this.all.push(disturbance);
  }

  /** Runs a function and records its time as a disturbance. */
  async during(what: Pick<Disturbance, 'what' | 'node'>, act: () => Promise<void>): Promise<void> {
    const disturbance: Disturbance & { to?: number } = { ...what, from: performance.now() };
    this.all.push(disturbance);
    await act();
    disturbance.to = performance.now();
  }
}
