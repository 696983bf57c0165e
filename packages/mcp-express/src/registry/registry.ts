import { ConfigurationError } from '../protocol/errors.js';
import { changedByJson } from '../schema/changed-by-json.js';
import { unserializable } from '../schema/unserializable.js';
import { ListOrder } from './list-order.js';
import { type Listed, Listing, type ListMember, type ListOptions } from './listing.js';

/**
 * The mutable registry of one kind of entry. The immutable list is built on first access after a change, so that many
 * registrations in a row build one list.
 */
export class Registry<T extends Listed> {
  readonly #entries = new Map<string, T>();
  readonly #order = new ListOrder<T>();
  #listing: Listing<T> | undefined;

  constructor(
    private readonly member: ListMember,
    private readonly options: ListOptions,
  ) {}

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /**
   * @param what subject of the error message
   * @throws ConfigurationError when the key is taken, or the entry has no JSON form
   */
  add(entry: T, what: string): void {
    if (this.has(entry.key)) throw new ConfigurationError(`${what} is registered already`);
    assertWritable(entry.listing, what);
    this.#entries.set(entry.key, entry);
    this.#order.add(entry);
    this.#listing = undefined;
  }

  /** Returns false if the entry was not registered. */
  remove(entry: T): boolean {
    if (this.#entries.get(entry.key) !== entry) return false;
    this.#entries.delete(entry.key);
    // Entries with restricted visibility are not remembered: a known cursor would reveal to others that they existed.
    if (entry.visible === undefined) this.#order.remove(entry, [entry.key]);
    this.#listing = undefined;
    return true;
  }

  /** The list of some entries only, for lists that do not show the others. */
  subset(isShown: (entry: T) => boolean): Listing<T> {
    return new Listing(this.member, this.options, [...this.#entries.values()].filter(isShown), { order: this.#order });
  }

  get listing(): Listing<T> {
    this.#listing ??= new Listing(this.member, this.options, [...this.#entries.values()], { order: this.#order });
    return this.#listing;
  }
}

/** One entry without a JSON form would make the whole list fail. */
function assertWritable(listing: object, what: string): void {
  try {
    JSON.stringify(listing);
  } catch (cause) {
    throw new ConfigurationError(`${what} cannot be listed: it has ${unserializable(listing, cause)}`, { cause });
  }
  const changed = changedByJson(listing);
  if (changed !== undefined) throw new ConfigurationError(`${what} cannot be listed: it has ${changed}`);
}
