/** Does something once at the end of a turn of the event loop, however often it was called for in it. */
export class OnceATurn {
  #due: NodeJS.Immediate | undefined;

  constructor(private readonly act: () => void) {}

  soon(): void {
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
