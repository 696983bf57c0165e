import { statSync } from 'node:fs';

/** It is looked for at most this often, and only when the store is used. Milliseconds. */
const LOOK_MS = 500;

/**
 * Whether the file that is open is still the one under its path. One that was removed can be read and written for as long as it
 * is open; a process that starts then makes another, and the two would not hear of each other.
 */
export class FilePresence {
  readonly #identity: string;
  #lookedAt = performance.now();
  #missing: Error | undefined;

  constructor(private readonly file: string) {
    this.#identity = identityOf(file);
  }

  /** @throws Error when it was removed or replaced. */
  assert(): void {
    const now = performance.now();
    if (now - this.#lookedAt >= LOOK_MS) {
      this.#lookedAt = now;
      this.#missing = this.#isThere() ? undefined : this.#gone();
    }
    if (this.#missing !== undefined) throw this.#missing;
  }

  #isThere(): boolean {
    try {
      return identityOf(this.file) === this.#identity;
    } catch (cause) {
      // Whatever else keeps it from being looked at says nothing of it.
      return (cause as NodeJS.ErrnoException).code !== 'ENOENT';
    }
  }

  #gone(): Error {
    return new Error(
      `${this.file} was removed or replaced while it was open, so that other processes see another file: ` +
        'put it back, or start this process again',
    );
  }
}

function identityOf(file: string): string {
  const { dev, ino } = statSync(file, { bigint: true });
  return `${dev}:${ino}`;
}
