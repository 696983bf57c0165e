import { McpError } from '../../ground/errors.js';
import type { Bus, TaskChange, TaskLimits, TaskRecord, TaskStore } from '../../store/store.js';
import type { Liveness } from '../../stream/liveness.js';
import { persistently } from '../persistently.js';
import { TOPICS } from '../topics.js';
import { type Unstored, UnstoredResults } from '../unstored.js';
import { failedWith, isOver } from './task-text.js';

export interface TaskBookParts {
  readonly store: TaskStore;
  readonly bus: Bus;
  readonly node: string;
  /** Which other nodes are gone, and what they ran with them. */
  readonly liveness: Liveness;
  readonly failed: (where: string, cause: unknown) => void;
}

/** What stands for a result that could not be held until the store was back. */
const LOST = 'It was carried out while the store was away, and its answer is too large to be kept until then';

function isStored(): boolean {
  return true;
}

/** What is known of what runs, on whichever node, and after it has ended. */
export class TaskBook {
  readonly #unstored = new UnstoredResults();

  constructor(private readonly parts: TaskBookParts) {}

  get node(): string {
    return this.parts.node;
  }

  /**
   * False when there is one of this id, or when there are too many. Where the store does not say what came of it, the task
   * may be there without anybody running it: then it is taken back as soon as the store answers.
   */
  async enter(task: TaskRecord, limits: TaskLimits): Promise<boolean> {
    try {
      return await this.parts.store.create(task, limits);
    } catch (cause) {
      void this.#store(task.id, { characters: 0, attempt: () => this.#takeBack(task) });
      throw cause;
    }
  }

  /** The task as it is now; `undefined` for one that is unknown, expired or somebody else's. */
  async find(id: string, owner: string): Promise<TaskRecord | undefined> {
    const task = await this.parts.store.read(id, owner);
    if (task === undefined || !(await this.#isOrphan(task))) return task;
    // Nobody runs it any more. Of several who see that, one changes it; all then read the same.
    const error = new McpError(
      'call-interrupted',
      'The server that ran it stopped: it may have been carried out in part',
    );
    await this.parts.store.update(id, { ...failedWith(error), updatedAt: Date.now() });
    void this.#tell(id);
    return this.parts.store.read(id, owner);
  }

  /**
   * Stores what has become of it, and tells all nodes. Never rejects. A new status that the store does not take is held
   * until it does, or `giveUp`.
   */
  save(id: string, change: TaskChange): Promise<void> {
    const update = (changed: TaskChange) => (): Promise<unknown> =>
      this.parts.store.update(id, { ...changed, updatedAt: Date.now() });
    const { status, payload = '' } = change;
    if (status === undefined) return this.#store(id, { characters: 0, attempt: update(change) }, false);
    const attempt = update(change);
    if (!isOver(status)) return this.#store(id, { characters: payload.length, attempt });
    return this.#store(id, {
      characters: payload.length,
      attempt,
      instead: update(failedWith(new McpError('answer-not-kept', LOST))),
    });
  }

  /** As if it had never been. Never rejects. */
  forget({ id, owner }: TaskRecord): Promise<void> {
    return this.#store(id, { characters: 0, attempt: () => this.parts.store.delete(id, owner) });
  }

  /** Waits no more for a store that is away: this node stops. */
  giveUp(): void {
    this.#unstored.giveUp();
  }

  /** Calls `listener` with the id of each that may have another state than before. */
  watch(listener: (id: string) => void): () => void {
    return this.parts.bus.subscribe(TOPICS.task, listener);
  }

  /** A chain rather than an awaiting function, which would hold a large result that is kept as something smaller. */
  #store(id: string, step: Unstored, isHeld = true): Promise<void> {
    return persistently(step.attempt)
      .then(isStored, (cause: unknown) => {
        this.parts.failed('storing the state of a task', cause);
        return isHeld && this.#unstored.hold(step);
      })
      .then((stored) => (stored ? this.#tell(id) : undefined));
  }

  async #tell(id: string): Promise<void> {
    try {
      await this.parts.bus.publish(TOPICS.task, id);
    } catch (cause) {
      this.parts.failed('telling the state of a task', cause);
    }
  }

  async #takeBack({ id, owner, node, createdAt }: TaskRecord): Promise<void> {
    const { store } = this.parts;
    const found = await store.read(id, owner);
    if (found?.node === node && found.createdAt === createdAt) await store.delete(id, owner);
  }

  async #isOrphan({ node, status }: TaskRecord): Promise<boolean> {
    return node !== this.parts.node && !isOver(status) && this.parts.liveness.isGone(node);
  }
}
