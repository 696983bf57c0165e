import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a node did, as it wrote it down. */
export interface Entry {
  /** Which life of which node. */
  readonly life: string;
  readonly call: string;
  /** `begun` again is what a handler does that is run from the top with an answer. */
  readonly event: 'begun' | 'begun again' | 'ended' | 'aborted';
}

/**
 * What runs, written down before it does anything: in the file at once, so that the kernel has it when the process is killed.
 */
export class Journal {
  readonly #file: string;

  constructor(
    folder: string,
    private readonly life: string,
  ) {
    this.#file = join(folder, `${life}.jsonl`);
  }

  write(call: string, event: Entry['event']): void {
    appendFileSync(this.#file, `${JSON.stringify({ life: this.life, call, event } satisfies Entry)}\n`);
  }
}
