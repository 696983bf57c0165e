import { McpError } from '../../ground/errors.js';
import { Pending } from '../../ground/pending.js';
import type { TaskChange, TaskLimits, TaskRecord } from '../../store/store.js';
import type { Call } from '../calls/call.js';
import { callOver } from '../calls/call-over.js';
import { type KeptBytes, notKept } from '../kept-bytes.js';
import { type ScopeGate, scopesOf } from '../methods/scope-gate.js';
import type { TaskBook } from '../tasks/task-book.js';
import { isOver } from '../tasks/task-text.js';
import { type CallKey, callKeyOf } from './call-key.js';
import { assertSameCall, begunPayload, errorChange, keptResult, resultChange } from './kept-answer.js';

export interface KeyedCallsParts {
  readonly book: TaskBook;
  readonly scopes: ScopeGate;
  /** The name of the server: one with the same store and a tool of the same name is still another. */
  readonly server: string;
  /** Milliseconds for which an answer is kept; 0: keys are not looked at. */
  readonly ttlMs: number;
  readonly limits: TaskLimits;
  readonly kept: KeptBytes;
}

/** A message that another node ended a call may be lost: it is looked for again after so many milliseconds. */
const LOOK_AGAIN_MS = 1_000;

/** A call that could neither be kept nor found was refused for want of room, or it was forgotten just in between. */
const MISSES = 3;

type Missing = 'absent' | 'forgotten';

/**
 * Calls that carry a key run once: whoever sends one again joins the call that runs, or is given the answer it had, on
 * whichever node.
 */
export class KeyedCalls {
  readonly #waiting = new Map<string, Set<() => void>>();
  readonly #saving = new Pending();
  readonly #stop: () => void;

  constructor(private readonly parts: KeyedCallsParts) {
    this.#stop =
      parts.ttlMs > 0
        ? parts.book.watch((id) => {
            for (const wake of this.#waiting.get(id) ?? []) wake();
          })
        : () => {};
  }

  /** @throws McpError `invalid-params` when the call carries what is no key. */
  keyOf(call: Call): CallKey | undefined {
    return this.parts.ttlMs > 0 ? callKeyOf(call, this.parts.server) : undefined;
  }

  /** Resolves when what has ended is stored. */
  settled(): Promise<void> {
    return this.#saving.settled();
  }

  close(): void {
    this.#stop();
  }

  /**
   * The result of the call as JSON text, by running it or not.
   *
   * @throws McpError `idempotency-key-reused`, `insufficient-scope`, `too-many-keyed-calls`, or what the call ended with.
   */
  async runOnce(call: Call, key: CallKey, run: () => Promise<string | undefined>): Promise<string | undefined> {
    const { book, limits } = this.parts;
    for (let missed = 0; missed < MISSES; ) {
      const record = this.#recordOf(key, call);
      if (await book.enter(record, limits)) return this.#begin(call, record, key, run);
      const found = await this.#whenOver(call, record, key);
      if (found === 'absent') missed += 1;
      else if (found !== 'forgotten') return keptResult(found);
    }
    throw new McpError('too-many-keyed-calls', 'Too many calls with an idempotency key are kept already');
  }

  #begin(
    call: Call,
    record: TaskRecord,
    { digest }: CallKey,
    run: () => Promise<string | undefined>,
  ): Promise<string | undefined> {
    const { book } = this.parts;
    let isKept = false;
    const once = (save: () => Promise<void>): void => {
      if (!isKept) this.#saving.add(save());
      isKept = true;
    };
    if (call.isEnded) {
      once(() => book.forget(record));
      throw callOver();
    }
    call.keepAnswer({
      result: (text) => once(() => book.save(record.id, this.#changeOf(record, digest, text))),
      error: (error) => once(() => book.save(record.id, errorChange(digest, error))),
      none: () => once(() => book.forget(record)),
    });
    return run();
  }

  /** What has become of a call: its result or, where too much is kept already, that it cannot be given again. */
  #changeOf({ holder = '', expiresAt }: TaskRecord, digest: string, text: string): TaskChange {
    if (this.parts.kept.take(holder, text, expiresAt)) return resultChange(digest, text);
    return errorChange(digest, notKept('The call was carried out, but its answer'));
  }

  /** The call of this key once it has ended; or that it is not there, or was and ended without an answer. */
  async #whenOver(call: Call, { id, owner }: TaskRecord, { digest }: CallKey): Promise<TaskRecord | Missing> {
    for (let missing: Missing = 'absent'; ; missing = 'forgotten') {
      const changed = this.#change(call, id);
      const found = await this.parts.book.find(id, owner);
      if (found === undefined) return missing;
      assertSameCall(found, digest);
      this.parts.scopes.assertCovers(found, call.principal);
      if (isOver(found.status)) return found;
      await changed;
      if (call.isEnded) throw callOver();
    }
  }

  /** Resolves when the call of this id may have changed, when this one has ended, and after a second at the latest. */
  #change(call: Call, id: string): Promise<void> {
    const waiting = this.#waiting.get(id) ?? new Set();
    this.#waiting.set(id, waiting);
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        call.signal.removeEventListener('abort', done);
        if (waiting.delete(done) && waiting.size === 0) this.#waiting.delete(id);
        resolve();
      };
      const timer = setTimeout(done, LOOK_AGAIN_MS).unref();
      call.signal.addEventListener('abort', done);
      waiting.add(done);
    });
  }

  #recordOf({ id, digest }: CallKey, { caller }: Call): TaskRecord {
    const { book, ttlMs } = this.parts;
    const now = Date.now();
    return {
      id,
      // Counted apart from tasks, and not to be asked for as one.
      owner: `calls of ${caller.owner}`,
      holder: `calls of ${caller.holder}`,
      ...scopesOf(caller.principal),
      node: book.node,
      status: 'working',
      payload: begunPayload(digest),
      createdAt: now,
      updatedAt: now,
      expiresAt: now + ttlMs,
      ttlMs,
      pollIntervalMs: 0,
    };
  }
}
