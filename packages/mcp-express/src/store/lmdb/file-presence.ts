import { statSync } from 'node:fs';

/** Least time between checks, which happen only when the store is used. Milliseconds. */
const LOOK_MS = 500;

/**
 * Detects that the open file was removed or replaced. A removed file can still be read and written while it is open,
 * but a process that starts later creates another, and the two would not see each other's sessions.
 */
export class FilePresence {
  readonly #identity: string;
  #lookedAt = performance.now();
  #missing: Error | undefined;

  constructor(private readonly file: string) {
    this.#identity = identityOf(file);
  }

  /** @throws Error when the file was removed or replaced. */
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
      // Other errors do not show that the file is gone.
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
