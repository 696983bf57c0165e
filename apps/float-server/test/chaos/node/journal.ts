import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

/** A journal entry of a node. */
export interface Entry {
  /** Name of the run. */
  readonly life: string;
  readonly call: string;
  /** `begun again`: the handler is run from the top with an answer. */
  readonly event: 'begun' | 'begun again' | 'ended' | 'aborted';
}

/** The journal of one run. Entries are written synchronously, so that the kernel has them if the process is killed. */
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
