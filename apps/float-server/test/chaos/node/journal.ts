import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

/** A journal entry of a node. */
export interface Entry {
  /** Name of the run. */
  readonly life: string;
  readonly call: string;
  /** `begun again`: the handler runs again with the client's answer. `heard`: the client's answer reached the handler. */
  readonly event: 'begun' | 'begun again' | 'heard' | 'ended' | 'failed' | 'aborted' | 'stalled' | 'failure';
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Duration in milliseconds. */
  readonly ms?: number;
  readonly why?: string;
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

  /** Records that the process did not run for a time in milliseconds. */
  writeStalled(ms: number): void {
    this.#append({ life: this.life, call: '', event: 'stalled', at: Date.now(), ms });
  }

  /** Records a failure that the router reported. */
  writeFailure(where: string, cause: unknown): void {
    this.#append({ life: this.life, call: '', event: 'failure', at: Date.now(), why: `${where}: ${chainOf(cause)}` });
  }

  /** @param cause the reason of a failed call */
  write(call: string, event: Entry['event'], cause?: unknown): void {
    const why = cause === undefined ? {} : { why: chainOf(cause) };
    this.#append({ life: this.life, call, event, at: Date.now(), ...why });
  }

  #append(entry: Entry): void {
    appendFileSync(this.#file, `${JSON.stringify(entry)}\n`);
  }
}

function chainOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.cause === undefined ? cause.message : `${cause.message} (${chainOf(cause.cause)})`;
}
