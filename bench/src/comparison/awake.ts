/** Does work without this process sleeping meanwhile: see `Awake`. */
export async function awakeDuring<T>(work: () => Promise<T>): Promise<T> {
  const awake = new Awake(() => 0);
  awake.begin();
  try {
    return await work();
  } finally {
    awake.end();
  }
}

/**
 * Keeps this process from sleeping. A server that writes to a process that sleeps pays for waking it, up to a quarter of a
 * call in a virtual machine, and the more often the slower it is. A client on another machine would cost it nothing.
 */
export class Awake {
  #restMs = 0;
  #turnedAt = 0;
  #done = 0;
  #isOver = false;

  /** @param done how much was done so far: a turn in which it does not grow is rest. */
  constructor(private readonly done: () => number) {}

  begin(): void {
    this.#turnedAt = performance.now();
    this.#turn();
  }

  /** Lets it sleep again. Gives the milliseconds in which there was nothing to do. */
  end(): number {
    this.#isOver = true;
    return this.#restMs;
  }

  readonly #turn = (): void => {
    if (this.#isOver) return;
    const now = performance.now();
    const done = this.done();
    if (done === this.#done) this.#restMs += now - this.#turnedAt;
    this.#done = done;
    this.#turnedAt = now;
    setImmediate(this.#turn);
  };
}
