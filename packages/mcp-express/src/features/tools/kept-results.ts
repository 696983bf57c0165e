import { randomBytes } from 'node:crypto';
import type { Principal } from '../../auth/principal.js';
import type { Observer } from '../../observe/observe.js';
import type { StoredBytes } from '../../request/stored-bytes.js';
import type { TaskLimits, TaskRecord, TaskStore } from '../../store/store.js';
import { coversScopes, scopesOf } from '../scope-checker.js';

/** The caller whose result is kept. */
export interface ResultOwner {
  /** The key of the principal, empty for an anonymous caller. */
  readonly owner: string;
  readonly holder: string;
  readonly principal: Principal | undefined;
}

/** A text that was kept: the URI of a page is this URI followed by its number, from 1. */
export interface KeptText {
  readonly uri: string;
  readonly pages: number;
}

/** The parts of a node that kept results need. */
export interface KeptResultsDeps {
  readonly store: TaskStore;
  readonly storedBytes: StoredBytes;
  /** Most bytes of text in a result. 0 disables the limit. */
  readonly maxBytes: number;
  /** How long pages are kept, in milliseconds. */
  readonly ttlMs: number;
  /** Most task records in the store. */
  readonly total: number;
  readonly observe: Observer | undefined;
  readonly failed: (where: string, cause: unknown) => void;
}

/** 128 bits, because the URI is all that a caller without a principal needs. */
const ID_BYTES = 16;

/** Most pages of one principal or anonymous address. */
const MAX_PER_HOLDER = 1_000;

const URI = /^mcp-result:\/\/([0-9a-f]{32})\/([1-9]\d{0,5})$/;

/** Separates pages from tasks: no client can name this owner in a request for a task. */
const OWNER = 'result:';

/** The parts of large results that did not fit, as pages in the store. Any node reads them, for their owner only. */
export class KeptResults {
  /** Most bytes of text in a result. 0 disables the limit. */
  readonly maxBytes: number;

  constructor(private readonly deps: KeptResultsDeps) {
    this.maxBytes = deps.maxBytes;
  }

  /**
   * Stores pages. `undefined`, after a report, if they cannot be stored: the store is unavailable or full, or the owner
   * has stored as much as it may.
   */
  async keep(tool: string, pages: readonly string[], whose: ResultOwner): Promise<KeptText | undefined> {
    const id = randomBytes(ID_BYTES).toString('hex');
    const { observe, failed, store, storedBytes, total, ttlMs } = this.deps;
    const now = Date.now();
    const limits: TaskLimits = { total, perOwner: MAX_PER_HOLDER };
    try {
      for (const [index, text] of pages.entries()) {
        const isRoom = storedBytes.take(whose.holder, text, now + ttlMs);
        if (!isRoom || !(await store.create(recordOf(pageId(id, index + 1), text, whose, { now, ttlMs }), limits))) {
          return undefined;
        }
      }
    } catch (cause) {
      failed('keeping a large result', cause);
      return undefined;
    }
    observe?.({ type: 'result-kept', tool, pages: pages.length });
    return { uri: `mcp-result://${id}/`, pages: pages.length };
  }

  /** A page for its owner. `undefined` if it is unknown, expired, or of another principal. */
  async read(uri: string, { owner, principal }: Pick<ResultOwner, 'owner' | 'principal'>): Promise<string | undefined> {
    const [, id, page] = URI.exec(uri) ?? [];
    if (id === undefined) return undefined;
    const record = await this.deps.store.read(pageId(id, Number(page)), OWNER + owner);
    return record !== undefined && coversScopes(principal, record) ? record.payload : undefined;
  }
}

function pageId(id: string, page: number): string {
  return `result-${id}-${page}`;
}

function recordOf(
  id: string,
  payload: string,
  { owner, holder, principal }: ResultOwner,
  { now, ttlMs }: { readonly now: number; readonly ttlMs: number },
): TaskRecord {
  return {
    id,
    owner: OWNER + owner,
    ...scopesOf(principal),
    holder: OWNER + holder,
    node: '',
    status: 'completed',
    payload,
    createdAt: now,
    updatedAt: now,
    expiresAt: now + ttlMs,
    ttlMs,
    pollIntervalMs: ttlMs,
  };
}
