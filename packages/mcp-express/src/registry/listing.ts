import { createHash } from 'node:crypto';
import type { Principal } from '../auth/principal.js';
import { McpError } from '../protocol/errors.js';
import type { CacheHints, ResultWriter } from '../request/result-writer.js';
import { cursorAfter, type ListOrder } from './list-order.js';
import { isVisible, type Visible } from './visibility.js';

/** Something that is registered under a key and listed to clients. */
export interface Listed {
  /** What clients call it by: a name or a URI. */
  readonly key: string;
  /** Its entry in the list. */
  readonly listing: Readonly<Record<string, unknown>>;
  /** Its entry where structured content must be an object, if that is another. */
  readonly sessionListing?: Readonly<Record<string, unknown>> | undefined;
  /** For whom it exists; absent: for everybody. */
  readonly visible?: Visible | undefined;
}

export type ListMember = 'tools' | 'resources' | 'resourceTemplates' | 'prompts';

export interface ListOptions {
  readonly pageSize: number;
  /** Milliseconds for which a client may take a list for fresh. */
  readonly ttlMs: number;
}

/** Sets of visible entries that are kept ready. Beyond, the one that was not asked for longest is made again. */
const MAX_VIEWS = 64;

interface ListManner<T extends Listed> {
  readonly order: ListOrder<T>;
  /** Part of a list that is not the same for everybody, so that no cache may share it. */
  readonly isView?: boolean;
}

/** One list of a server at one moment: immutable, and serialised once per page and shape, when first asked for. */
export class Listing<T extends Listed> {
  readonly entries: ReadonlyMap<string, T>;
  /** By shape and first entry. */
  readonly #pages = new Map<ResultWriter, Map<number, string>>();
  /** Who sees what depends on who asks. */
  readonly #restricted: readonly T[];
  /** What is seen of this list, by who may see what: `1` and `0` for each restricted entry. */
  readonly #views = new Map<string, Listing<T>>();
  #fingerprint: string | undefined;

  constructor(
    private readonly member: ListMember,
    private readonly options: ListOptions,
    entries: readonly T[],
    private readonly manner: ListManner<T>,
  ) {
    this.entries = new Map(entries.map((entry) => [entry.key, entry]));
    this.#restricted = manner.isView === true ? [] : entries.filter(({ visible }) => visible !== undefined);
  }

  /** In order of registration, which is the order of every page. */
  get all(): readonly T[] {
    return [...this.entries.values()];
  }

  /** The entry with this key, if it exists for this principal. */
  find(key: string, principal: Principal | undefined): T | undefined {
    const entry = this.entries.get(key);
    return entry === undefined || !isVisible(entry.visible, principal) ? undefined : entry;
  }

  /** The part of the list that exists for this principal. The same object for all who see the same. */
  for(principal: Principal | undefined): Listing<T> {
    if (this.#restricted.length === 0) return this;
    const seen = this.#restricted.map(({ visible }) => (isVisible(visible, principal) ? '1' : '0')).join('');
    const known = this.#views.get(seen);
    const view = known ?? this.#viewOf(seen);
    this.#views.delete(seen);
    this.#views.set(seen, view);
    const [oldest] = this.#views.keys();
    if (this.#views.size > MAX_VIEWS && oldest !== undefined) this.#views.delete(oldest);
    return view;
  }

  /**
   * One page of the list as the JSON text of a result.
   *
   * @param more entries that are only known now and to this caller, shown on the last page.
   * @throws McpError `invalid-params` for a cursor that this list does not know.
   */
  page(cursor: string | undefined, writer: ResultWriter, more?: readonly unknown[]): string {
    const start = cursor === undefined ? 0 : this.#startOf(cursor);
    if (more !== undefined) return this.#render(start, writer, more);
    const pages = this.#pages.get(writer) ?? new Map<number, string>();
    this.#pages.set(writer, pages);
    const known = pages.get(start);
    if (known !== undefined) return known;
    const page = this.#render(start, writer);
    pages.set(start, page);
    return page;
  }

  /** The same for the same entries, on every node and after a restart. */
  get fingerprint(): string {
    this.#fingerprint ??= createHash('sha256')
      .update(JSON.stringify(this.all.map((entry) => entry.listing)))
      .digest('base64url')
      .slice(0, 12);
    return this.#fingerprint;
  }

  #viewOf(seen: string): Listing<T> {
    const hidden = new Set(this.#restricted.filter((_entry, index) => seen[index] === '0'));
    const shown = this.all.filter((entry) => !hidden.has(entry));
    return new Listing(this.member, this.options, shown, { order: this.manner.order, isView: true });
  }

  #render(start: number, writer: ResultWriter, more?: readonly unknown[]): string {
    const { pageSize, ttlMs } = this.options;
    const shared = this.manner.isView !== true && more === undefined;
    const hints: CacheHints = { ttlMs, cacheScope: shared ? 'public' : 'private' };
    const all = this.all;
    const shown = all.slice(start, start + pageSize);
    const last = shown.at(-1);
    const listings: unknown[] = shown.map((entry) =>
      writer.structured === 'object' ? (entry.sessionListing ?? entry.listing) : entry.listing,
    );
    if (last !== undefined && start + shown.length < all.length) {
      return writer.write({ [this.member]: listings, nextCursor: cursorAfter(last.key) }, hints);
    }
    return writer.write({ [this.member]: [...listings, ...(more ?? [])] }, hints);
  }

  /** A cursor names the entry it comes after, so it stays right when others come and go, and when that entry does. */
  #startOf(cursor: string): number {
    const all = this.all;
    const index = all.findIndex((entry) => cursorAfter(entry.key) === cursor);
    if (index !== -1) return index + 1;
    const gone = this.manner.order.ofGone(cursor);
    if (gone === undefined) throw new McpError('invalid-params', 'Invalid cursor');
    const next = all.findIndex((entry) => this.manner.order.of(entry) > gone);
    return next === -1 ? all.length : next;
  }
}
