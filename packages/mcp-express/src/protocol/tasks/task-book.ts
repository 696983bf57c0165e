import { McpError } from '../../ground/errors.js';
import type { Bus, TaskChange, TaskLimits, TaskRecord, TaskStore } from '../../store/store.js';
import type { Liveness } from '../../stream/liveness.js';
import { persistently } from '../persistently.js';
import { TOPICS } from '../topics.js';
import { failedWith, isOver } from './task-text.js';

export interface TaskBookParts {
  readonly store: TaskStore;
  readonly bus: Bus;
  readonly node: string;
  /** Which other nodes are gone, and what they ran with them. */
  readonly liveness: Liveness;
  readonly failed: (where: string, cause: unknown) => void;
}

/** What is known of what runs, on whichever node, and after it has ended. */
export class TaskBook {
  constructor(private readonly parts: TaskBookParts) {}

  get node(): string {
    return this.parts.node;
  }

  /** False when there is one of this id, or when there are too many. */
  enter(task: TaskRecord, limits: TaskLimits): Promise<boolean> {
    return this.parts.store.create(task, limits);
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
    await this.save(id, failedWith(error));
    return this.parts.store.read(id, owner);
  }

  /** Stores what has become of it, and tells all nodes. Never rejects. */
  save(id: string, change: TaskChange): Promise<void> {
    return this.#change(id, (store) => store.update(id, { ...change, updatedAt: Date.now() }));
  }

  /** As if it had never been. Never rejects. */
  forget({ id, owner }: TaskRecord): Promise<void> {
    return this.#change(id, (store) => store.delete(id, owner));
  }

  /** Calls `listener` with the id of each that may have another state than before. */
  watch(listener: (id: string) => void): () => void {
    return this.parts.bus.subscribe(TOPICS.task, listener);
  }

  async #change(id: string, change: (store: TaskStore) => Promise<unknown>): Promise<void> {
    const { store, bus, failed } = this.parts;
    try {
      await persistently(async () => void (await change(store)));
      await bus.publish(TOPICS.task, id);
    } catch (cause) {
      failed('storing the state of a task', cause);
    }
  }

  async #isOrphan({ node, status }: TaskRecord): Promise<boolean> {
    return node !== this.parts.node && !isOver(status) && this.parts.liveness.isGone(node);
  }
}
