import { McpError } from '../../protocol/errors.js';
import type { Call } from '../../request/call.js';
import { callEnded } from '../../request/call-ended.js';
import { answerNotStored, type StoredBytes } from '../../request/stored-bytes.js';
import type { TaskChange, TaskLimits, TaskRecord } from '../../store/store.js';
import { PendingWork } from '../../util/pending-work.js';
import { type ScopeChecker, scopesOf } from '../scope-checker.js';
import type { TaskRepository } from '../tasks/task-repository.js';
import { isFinal } from '../tasks/task-text.js';
import { type IdempotencyKey, idempotencyKeyOf } from './idempotency-key.js';
import { assertSameCall, errorChange, resultChange, runningPayload, storedResult } from './stored-answer.js';

/** The parts of a node that idempotency keys need. */
export interface IdempotentCallsDeps {
  readonly repository: TaskRepository;
  readonly scopes: ScopeChecker;
  /** Name of the server: servers that share a store may have tools of the same name. */
  readonly server: string;
  /** How long an answer is stored, in milliseconds. 0 disables idempotency keys. */
  readonly ttlMs: number;
  readonly limits: TaskLimits;
  readonly storedBytes: StoredBytes;
}

/** The bus may lose the message that a call has ended, so its record is read again after this time. Milliseconds. */
const LOOK_AGAIN_MS = 1_000;

/**
 * Attempts when a record can be neither created nor found: either the store is full, or the record vanished in between.
 */
const MISSES = 3;

type Missing = 'absent' | 'forgotten';

/** Records the outcome as it is before middleware changes it, because middleware runs again for a retry. */
async function recorded(call: Call, run: () => Promise<string | undefined>): Promise<string | undefined> {
  try {
    const text = await run();
    if (text !== undefined) call.recordResult(text);
    return text;
  } catch (thrown) {
    call.recordError(McpError.from(thrown));
    throw thrown;
  }
}

/** Runs a call with an idempotency key once. A retry, on any node, joins the running call or gets the stored answer. */
export class IdempotentCalls {
  readonly #waiting = new Map<string, Set<() => void>>();
  readonly #saving = new PendingWork();
  readonly #stop: () => void;

  constructor(private readonly deps: IdempotentCallsDeps) {
    this.#stop =
      deps.ttlMs > 0
        ? deps.repository.watch((id) => {
            for (const wake of this.#waiting.get(id) ?? []) wake();
          })
        : () => {};
  }

  /**
   * The key of a call, if it has one and keys are enabled.
   * @throws McpError `invalid-params` for an invalid key
   */
  keyOf(call: Call): IdempotencyKey | undefined {
    return this.deps.ttlMs > 0 ? idempotencyKeyOf(call, this.deps.server) : undefined;
  }

  /** Resolves when the answers of ended calls are stored. */
  settled(): Promise<void> {
    return this.#saving.settled();
  }

  close(): void {
    this.#stop();
  }

  /**
   * The result of the call as JSON text, from this run or from an earlier one.
   * @throws McpError `idempotency-key-reused`, `insufficient-scope`, `too-many-keyed-calls`, or the error of the call
   */
  async runOnce(call: Call, key: IdempotencyKey, run: () => Promise<string | undefined>): Promise<string | undefined> {
    const { repository, limits } = this.deps;
    for (let missed = 0; missed < MISSES; ) {
      const record = this.#recordOf(key, call);
      if (await repository.create(record, limits)) return this.#begin(call, record, key, run);
      const found = await this.#whenEnded(call, record, key);
      if (found === 'absent') missed += 1;
      else if (found !== 'forgotten') return storedResult(found);
    }
    throw new McpError('too-many-keyed-calls', 'Too many calls with an idempotency key are stored already');
  }

  #begin(
    call: Call,
    record: TaskRecord,
    { digest }: IdempotencyKey,
    run: () => Promise<string | undefined>,
  ): Promise<string | undefined> {
    const { repository } = this.deps;
    let isKept = false;
    const once = (save: () => Promise<void>): void => {
      if (!isKept) this.#saving.add(save());
      isKept = true;
    };
    if (call.isEnded) {
      once(() => repository.delete(record));
      throw callEnded();
    }
    call.recordOutcome({
      result: (text) => once(() => repository.save(record.id, this.#changeOf(record, digest, text))),
      error: (error) => once(() => repository.save(record.id, errorChange(digest, error))),
      none: () => once(() => repository.delete(record)),
    });
    return recorded(call, run);
  }

  /** The change that stores the result, or the error `answer-not-kept` if the holder has too many stored results. */
  #changeOf({ holder = '', expiresAt }: TaskRecord, digest: string, text: string): TaskChange {
    if (this.deps.storedBytes.take(holder, text, expiresAt)) return resultChange(digest, text);
    return errorChange(digest, answerNotStored('The call was carried out, but its answer'));
  }

  /**
   * The record of this key once the call has ended. `absent` if there is none, `forgotten` if it was deleted meanwhile.
   */
  async #whenEnded(call: Call, { id, owner }: TaskRecord, { digest }: IdempotencyKey): Promise<TaskRecord | Missing> {
    for (let missing: Missing = 'absent'; ; missing = 'forgotten') {
      const changed = this.#change(call, id);
      const found = await this.deps.repository.find(id, owner);
      if (found === undefined) return missing;
      assertSameCall(found, digest);
      this.deps.scopes.assertCovers(found, call.principal);
      if (isFinal(found.status)) return found;
      await changed;
      if (call.isEnded) throw callEnded();
    }
  }

  /** Resolves when the record may have changed, when this call has ended, or after a second. */
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

  #recordOf({ id, digest }: IdempotencyKey, { context }: Call): TaskRecord {
    const { repository, ttlMs } = this.deps;
    const now = Date.now();
    return {
      id,
      // Separate from tasks in the limits, and not readable as a task.
      owner: `calls of ${context.owner}`,
      holder: `calls of ${context.holder}`,
      ...scopesOf(context.principal),
      node: repository.node,
      status: 'working',
      payload: runningPayload(digest),
      createdAt: now,
      updatedAt: now,
      expiresAt: now + ttlMs,
      ttlMs,
      pollIntervalMs: 0,
    };
  }
}
