/** Which resources somebody wants to hear of, by account: as often as it was added, less as often as it was removed. */
export class Interest {
  readonly #wanted = new Map<string, Map<string, number>>();
  #told: (account: string) => void = () => {};

  /** @param limit resources of one account; what is wanted beyond is not looked after */
  constructor(private readonly limit: number) {}

  /** Calls `listener` each time a resource begins to be wanted. There is one listener. */
  onNew(listener: (account: string) => void): void {
    this.#told = listener;
  }

  add(account: string, uri: string): void {
    const uris = this.#wanted.get(account) ?? new Map<string, number>();
    const count = uris.get(uri) ?? 0;
    uris.set(uri, count + 1);
    this.#wanted.set(account, uris);
    if (count === 0) this.#told(account);
  }

  remove(account: string, uri: string): void {
    const uris = this.#wanted.get(account);
    const count = uris?.get(uri) ?? 0;
    if (count > 1) return void uris?.set(uri, count - 1);
    uris?.delete(uri);
    if (uris?.size === 0) this.#wanted.delete(account);
  }

  has(account: string, uri: string): boolean {
    return this.#wanted.get(account)?.has(uri) === true;
  }

  /** The first of them, in the order in which they came. */
  of(account: string): string[] {
    return [...(this.#wanted.get(account)?.keys() ?? [])].slice(0, this.limit);
  }

  /** Accounts in which anything is wanted. */
  get accounts(): string[] {
    return [...this.#wanted.keys()];
  }
}
