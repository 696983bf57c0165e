/** Coalesces calls: `act` runs once at the end of the current turn of the event loop. */
export class OncePerTurn {
  #due: NodeJS.Immediate | undefined;

  constructor(private readonly act: () => void) {}

  schedule(): void {
    this.#due ??= setImmediate(() => {
      this.#due = undefined;
      this.act();
    });
  }

  cancel(): void {
    clearImmediate(this.#due);
    this.#due = undefined;
  }
}
