import { createHash } from 'node:crypto';
import { McpError } from '../protocol/errors.js';
import type { CacheHints, ResultWriter } from '../request/result-writer.js';
import { cursorAfter, type ListOrder } from './list-order.js';
import { isVisible, isVisibleTo, SeenCaller, type Viewer, type Visible } from './visibility.js';

/** A registered entry that clients can list. */
export interface Listed {
  /** The identifier: a name or a URI. */
  readonly key: string;
  /** The entry as clients see it. */
  readonly listing: Readonly<Record<string, unknown>>;
  /** The entry for revisions that require structured content to be an object, if it differs. */
  readonly sessionListing?: Readonly<Record<string, unknown>> | undefined;
  /** Decides for which callers the entry exists. Absent: for all. */
  readonly visible?: Visible | undefined;
}

/** The member of a list result that holds the entries. */
export type ListMember = 'tools' | 'resources' | 'resourceTemplates' | 'prompts';

/** Options of lists. */
export interface ListOptions {
  readonly pageSize: number;
  /** How long clients may treat a list as fresh, in milliseconds. */
  readonly ttlMs: number;
}

/** Most cached views. The least recently used one is dropped and built again when needed. */
const MAX_VIEWS = 64;

interface ListingOptions<T extends Listed> {
  readonly order: ListOrder<T>;
  /** The list is a view for some callers, so shared caches must not store it. */
  readonly isView?: boolean;
  /** The view depends on headers of the request, so that a client must not keep it for its next request. */
  readonly dependsOnHeaders?: boolean;
}

/** One list of a server at one time. Immutable. Each page is serialised once per result format, on first use. */
export class Listing<T extends Listed> {
  readonly entries: ReadonlyMap<string, T>;
  /** Pages by format and start index. */
  readonly #pages = new Map<ResultWriter, Map<number, string>>();
  /** The entries that do not exist for every caller. */
  readonly #restricted: readonly T[];
  /** Views by visibility: a string with `1` or `0` for each restricted entry. */
  readonly #views = new Map<string, Listing<T>>();
  #dependsOnHeaders = false;
  #fingerprint: string | undefined;

  constructor(
    private readonly member: ListMember,
    private readonly options: ListOptions,
    entries: readonly T[],
    private readonly settings: ListingOptions<T>,
  ) {
    this.entries = new Map(entries.map((entry) => [entry.key, entry]));
    this.#restricted = settings.isView === true ? [] : entries.filter(({ visible }) => visible !== undefined);
  }

  /** All entries in order of registration, which is the order of the pages. */
  get all(): readonly T[] {
    return [...this.entries.values()];
  }

  /** The entry with this key, if it exists for this caller. */
  find(key: string, viewer: Viewer): T | undefined {
    const entry = this.entries.get(key);
    return entry === undefined || !isVisible(entry.visible, viewer) ? undefined : entry;
  }

  /** The part of the list that exists for this caller. Callers with the same visible entries share one object. */
  for(viewer: Viewer): Listing<T> {
    if (this.#restricted.length === 0) return this;
    const caller = new SeenCaller(viewer);
    const seen = this.#restricted
      .map(({ visible }) => (visible === undefined || isVisibleTo(visible, caller) ? '1' : '0'))
      .join('');
    if (caller.hasReadHeaders && !this.#dependsOnHeaders) {
      this.#dependsOnHeaders = true;
      this.#views.clear();
    }
    const known = this.#views.get(seen);
    const view = known ?? this.#viewOf(seen);
    this.#views.delete(seen);
    this.#views.set(seen, view);
    const [oldest] = this.#views.keys();
    if (this.#views.size > MAX_VIEWS && oldest !== undefined) this.#views.delete(oldest);
    return view;
  }

  /**
   * One page of the list as JSON text of a result.
   * @param more entries of this call only, added to the last page
   * @throws McpError `invalid-params` for an unknown cursor
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

  /** A hash of the entries, identical on every node and after a restart. */
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
    const { order } = this.settings;
    const dependsOnHeaders = this.#dependsOnHeaders;
    return new Listing(this.member, this.options, shown, { order, isView: true, dependsOnHeaders });
  }

  #render(start: number, writer: ResultWriter, more?: readonly unknown[]): string {
    const { pageSize } = this.options;
    const ttlMs = this.settings.dependsOnHeaders === true ? 0 : this.options.ttlMs;
    const shared = this.settings.isView !== true && more === undefined;
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

  /**
   * The start index of a page. A cursor names the entry before the page, so it stays valid when entries are added or
   * removed, including that entry.
   */
  #startOf(cursor: string): number {
    const all = this.all;
    const index = all.findIndex((entry) => cursorAfter(entry.key) === cursor);
    if (index !== -1) return index + 1;
    const gone = this.settings.order.ofRemoved(cursor);
    if (gone === undefined) throw new McpError('invalid-params', 'Invalid cursor');
    const next = all.findIndex((entry) => this.settings.order.of(entry) > gone);
    return next === -1 ? all.length : next;
  }
}
