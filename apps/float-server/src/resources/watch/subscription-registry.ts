/** The subscribed resources of each account, with the number of subscriptions to each. */
export class SubscriptionRegistry {
  readonly #counts = new Map<string, Map<string, number>>();
  #onNew: (account: string) => void = () => {};

  /** @param limit resources per account that are checked; further ones are ignored */
  constructor(private readonly limit: number) {}

  /** Sets the one listener, called with the account whenever a resource gets its first subscription. */
  onNew(listener: (account: string) => void): void {
    this.#onNew = listener;
  }

  add(account: string, uri: string): void {
    const uris = this.#counts.get(account) ?? new Map<string, number>();
    const count = uris.get(uri) ?? 0;
    uris.set(uri, count + 1);
    this.#counts.set(account, uris);
    if (count === 0) this.#onNew(account);
  }

  remove(account: string, uri: string): void {
    const uris = this.#counts.get(account);
    const count = uris?.get(uri) ?? 0;
    if (count > 1) return void uris?.set(uri, count - 1);
    uris?.delete(uri);
    if (uris?.size === 0) this.#counts.delete(account);
  }

  has(account: string, uri: string): boolean {
    return this.#counts.get(account)?.has(uri) === true;
  }

  /** The first `limit` subscribed resources, in order of subscription. */
  of(account: string): string[] {
    return [...(this.#counts.get(account)?.keys() ?? [])].slice(0, this.limit);
  }

  /** Accounts with subscriptions. */
  get accounts(): string[] {
    return [...this.#counts.keys()];
  }
}
