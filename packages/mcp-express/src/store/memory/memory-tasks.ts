import { holderOf } from '../holders.js';
import type { TaskChange, TaskLimits, TaskRecord, TaskStore } from '../store.js';
import { changedTask } from '../task-change.js';

/** Tasks in a map by id, with the number of tasks of each quota holder. */
export class MemoryTasks implements TaskStore {
  readonly #tasks = new Map<string, TaskRecord>();
  readonly #holders = new Map<string, number>();

  constructor(private readonly now: () => number) {}

  async create(task: TaskRecord, limits: TaskLimits): Promise<boolean> {
    if (this.#alive(task.id) !== undefined) return false;
    const holder = holderOf(task);
    if (this.#isFull(holder, limits)) {
      this.sweep();
      if (this.#isFull(holder, limits)) return false;
    }
    this.#tasks.set(task.id, task);
    this.#holders.set(holder, (this.#holders.get(holder) ?? 0) + 1);
    return true;
  }

  async read(id: string, owner: string): Promise<TaskRecord | undefined> {
    const task = this.#alive(id);
    return task?.owner === owner ? task : undefined;
  }

  async update(id: string, change: TaskChange & Pick<TaskRecord, 'updatedAt'>): Promise<boolean> {
    const task = this.#alive(id);
    const changed = task === undefined ? undefined : changedTask(task, change);
    if (changed === undefined) return false;
    this.#tasks.set(id, changed);
    return true;
  }

  async delete(id: string, owner: string): Promise<void> {
    const task = this.#alive(id);
    if (task?.owner === owner) this.#remove(task);
  }

  async count(): Promise<number> {
    this.sweep();
    return this.#tasks.size;
  }

  /** Removes expired tasks. */
  sweep(): void {
    for (const id of this.#tasks.keys()) this.#alive(id);
  }

  #isFull(holder: string, { total, perOwner }: TaskLimits): boolean {
    if (this.#tasks.size >= total) return true;
    return holder !== '' && (this.#holders.get(holder) ?? 0) >= perOwner;
  }

  #alive(id: string): TaskRecord | undefined {
    const task = this.#tasks.get(id);
    if (task === undefined || task.expiresAt > this.now()) return task;
    this.#remove(task);
    return undefined;
  }

  #remove(task: TaskRecord): void {
    this.#tasks.delete(task.id);
    const holder = holderOf(task);
    const left = (this.#holders.get(holder) ?? 1) - 1;
    if (left > 0) this.#holders.set(holder, left);
    else this.#holders.delete(holder);
  }
}
