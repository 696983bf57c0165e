import { createHash } from 'node:crypto';
import { McpError } from '../ground/errors.js';

/** Something that is registered under a key and listed to clients. */
export interface Listed {
  /** What clients call it by: a name or a URI. */
  readonly key: string;
  /** Its entry in the list. */
  readonly listing: Readonly<Record<string, unknown>>;
}

export type ListMember = 'tools' | 'resources' | 'resourceTemplates' | 'prompts';

/** One list of a server at one moment: immutable, and serialised once per page, when first asked for. */
export class Listing<T extends Listed> {
  readonly entries: ReadonlyMap<string, T>;
  /** By cursor. Only cursors we have given out get here, so it is no larger than the list. */
  readonly #pages = new Map<string | undefined, string>();
  #fingerprint: string | undefined;

  constructor(
    private readonly member: ListMember,
    private readonly pageSize: number,
    entries: readonly T[] = [],
  ) {
    this.entries = new Map(entries.map((entry) => [entry.key, entry]));
  }

  /** In order of registration, which is the order of every page. */
  get all(): readonly T[] {
    return [...this.entries.values()];
  }

  with(entry: T): Listing<T> {
    return new Listing(this.member, this.pageSize, [...this.all, entry]);
  }

  without(entry: T): Listing<T> {
    return new Listing(
      this.member,
      this.pageSize,
      this.all.filter((other) => other !== entry),
    );
  }

  /**
   * One page of the list as the JSON text of a result.
   *
   * @param more entries that are only known now, shown on the last page.
   * @throws McpError `invalid-params` for a cursor that this list does not know.
   */
  page(cursor: string | undefined, more: readonly unknown[] = []): string {
    if (more.length > 0) return this.#render(cursor, more);
    const known = this.#pages.get(cursor);
    if (known !== undefined) return known;
    const page = this.#render(cursor, more);
    this.#pages.set(cursor, page);
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

  #render(cursor: string | undefined, more: readonly unknown[]): string {
    const all = this.all;
    const start = cursor === undefined ? 0 : this.#startOf(cursor, all);
    const shown = all.slice(start, start + this.pageSize);
    const last = shown.at(-1);
    const listings: unknown[] = shown.map((entry) => entry.listing);
    if (last !== undefined && start + shown.length < all.length) {
      return JSON.stringify({ [this.member]: listings, nextCursor: cursorAfter(last.key) });
    }
    return JSON.stringify({ [this.member]: [...listings, ...more] });
  }

  /** A cursor names the entry it comes after, so it stays right when others come and go. */
  #startOf(cursor: string, all: readonly T[]): number {
    const index = all.findIndex((entry) => cursorAfter(entry.key) === cursor);
    if (index === -1) throw new McpError('invalid-params', 'Invalid cursor');
    return index + 1;
  }
}

function cursorAfter(key: string): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, 22);
}
