import { McpError } from '../../protocol/errors.js';
import { TOPICS } from '../../request/topics.js';
import { type Unstored, UnstoredResults } from '../../request/unstored.js';
import { withRetry } from '../../request/with-retry.js';
import type { Bus, TaskChange, TaskLimits, TaskRecord, TaskStore } from '../../store/store.js';
import type { NodeLiveness } from '../../stream/node-liveness.js';
import { failedWith, isFinal } from './task-text.js';

/** The parts of a node that stored tasks need. */
export interface TaskRepositoryDeps {
  readonly store: TaskStore;
  readonly bus: Bus;
  readonly node: string;
  /** Knows which other nodes are gone. */
  readonly liveness: NodeLiveness;
  readonly failed: (where: string, cause: unknown) => void;
}

/** Message of the error that replaces a result which could not be held until the store was back. */
const LOST =
  'It was carried out while the store was unavailable, and its answer is too large to hold until the store is back';

function isStored(): boolean {
  return true;
}

/** The records of tasks and of calls with an idempotency key, of all nodes, running or ended. */
export class TaskRepository {
  readonly #unstored = new UnstoredResults();

  constructor(private readonly deps: TaskRepositoryDeps) {}

  get node(): string {
    return this.deps.node;
  }

  /**
   * Creates a record. False when the id exists or a limit is reached. If the store fails, the record may exist although
   * the task does not run, so it is deleted as soon as the store is back.
   */
  async create(task: TaskRecord, limits: TaskLimits): Promise<boolean> {
    try {
      return await this.deps.store.create(task, limits);
    } catch (cause) {
      void this.#store(task.id, { characters: 0, attempt: () => this.#takeBack(task) });
      throw cause;
    }
  }

  /**
   * The current record. `undefined` if it is unknown, expired or belongs to another principal. A record whose node is
   * gone fails with `call-interrupted` first.
   */
  async find(id: string, owner: string): Promise<TaskRecord | undefined> {
    const task = await this.deps.store.read(id, owner);
    if (task === undefined || !(await this.#isOrphan(task))) return task;
    // Several nodes may notice this at once. The store applies one change, and all read the same record.
    const error = new McpError(
      'call-interrupted',
      'The server that ran it stopped: it may have been carried out in part',
    );
    await this.deps.store.update(id, { ...failedWith(error), updatedAt: Date.now() });
    void this.#publish(id);
    return this.deps.store.read(id, owner);
  }

  /**
   * Stores a change and notifies all nodes. Never rejects. A new status that the store does not take is held until it
   * does, or until `giveUp`.
   */
  save(id: string, change: TaskChange): Promise<void> {
    const update = (changed: TaskChange) => (): Promise<unknown> =>
      this.deps.store.update(id, { ...changed, updatedAt: Date.now() });
    const { status, payload = '' } = change;
    if (status === undefined) return this.#store(id, { characters: 0, attempt: update(change) }, false);
    const attempt = update(change);
    if (!isFinal(status)) return this.#store(id, { characters: payload.length, attempt });
    return this.#store(id, {
      characters: payload.length,
      attempt,
      instead: update(failedWith(new McpError('answer-not-kept', LOST))),
    });
  }

  /** Deletes the record. Never rejects. */
  delete({ id, owner }: TaskRecord): Promise<void> {
    return this.#store(id, { characters: 0, attempt: () => this.deps.store.delete(id, owner) });
  }

  /** Stops waiting for an unavailable store, because this node stops. */
  giveUp(): void {
    this.#unstored.giveUp();
  }

  /**
   * Calls `listener` with the id of each record that may have changed.
   * @returns removes the listener
   */
  watch(listener: (id: string) => void): () => void {
    return this.deps.bus.subscribe(TOPICS.task, listener);
  }

  /**
   * A promise chain, because an async function would keep a large result in memory after a small one has replaced it.
   */
  #store(id: string, step: Unstored, isHeld = true): Promise<void> {
    return withRetry(step.attempt)
      .then(isStored, (cause: unknown) => {
        this.deps.failed('storing the state of a task', cause);
        return isHeld && this.#unstored.hold(step);
      })
      .then((stored) => (stored ? this.#publish(id) : undefined));
  }

  async #publish(id: string): Promise<void> {
    try {
      await this.deps.bus.publish(TOPICS.task, id);
    } catch (cause) {
      this.deps.failed('publishing the state of a task', cause);
    }
  }

  async #takeBack({ id, owner, node, createdAt }: TaskRecord): Promise<void> {
    const { store } = this.deps;
    const found = await store.read(id, owner);
    if (found?.node === node && found.createdAt === createdAt) await store.delete(id, owner);
  }

  async #isOrphan({ node, status }: TaskRecord): Promise<boolean> {
    return node !== this.deps.node && !isFinal(status) && this.deps.liveness.isGone(node);
  }
}
