/** What is under way and has to be waited for at the end. */
export class Pending {
  readonly #all = new Set<Promise<void>>();

  /** @param work which never rejects. */
  add(work: Promise<void>): void {
    this.#all.add(work);
    void work.then(() => this.#all.delete(work));
  }

  /** Resolves when all that was under way is done. */
  async settled(): Promise<void> {
    await Promise.all(this.#all);
  }
}
