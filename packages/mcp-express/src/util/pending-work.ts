/** Work in progress that a shutdown waits for. */
export class PendingWork {
  readonly #all = new Set<Promise<void>>();

  /** @param work a promise that never rejects */
  add(work: Promise<void>): void {
    this.#all.add(work);
    void work.then(() => this.#all.delete(work));
  }

  /** Resolves when all work added so far is done. */
  async settled(): Promise<void> {
    await Promise.all(this.#all);
  }
}
