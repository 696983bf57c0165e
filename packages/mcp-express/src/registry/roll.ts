import { ConfigurationError } from '../protocol/errors.js';
import { changedByJson } from '../schema/changed-by-json.js';
import { unwritable } from '../schema/unwritable.js';
import { ListOrder } from './list-order.js';
import { type Listed, Listing, type ListMember, type ListOptions } from './listing.js';

/**
 * What is registered of one kind, as it changes. The immutable list of a moment is made when it is first asked for, so that
 * many registrations in a row make one list.
 */
export class Roll<T extends Listed> {
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

  /** @throws ConfigurationError naming `what` when the key is taken, or its entry cannot be written as JSON. */
  add(entry: T, what: string): void {
    if (this.has(entry.key)) throw new ConfigurationError(`${what} is registered already`);
    assertWritable(entry.listing, what);
    this.#entries.set(entry.key, entry);
    this.#order.add(entry);
    this.#listing = undefined;
  }

  /** False when it was not there. */
  remove(entry: T): boolean {
    if (this.#entries.get(entry.key) !== entry) return false;
    this.#entries.delete(entry.key);
    // One that does not exist for everybody is not remembered: that its cursor is known would tell others that it was there.
    if (entry.visible === undefined) this.#order.remove(entry, [entry.key]);
    this.#listing = undefined;
    return true;
  }

  get listing(): Listing<T> {
    this.#listing ??= new Listing(this.member, this.options, [...this.#entries.values()], { order: this.#order });
    return this.#listing;
  }
}

/** One entry that is no JSON would cost clients the whole list. */
function assertWritable(listing: object, what: string): void {
  try {
    JSON.stringify(listing);
  } catch (cause) {
    throw new ConfigurationError(`${what} cannot be listed: it has ${unwritable(listing, cause)}`, { cause });
  }
  const changed = changedByJson(listing);
  if (changed !== undefined) throw new ConfigurationError(`${what} cannot be listed: it has ${changed}`);
}
