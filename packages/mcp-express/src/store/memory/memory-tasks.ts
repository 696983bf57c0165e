import type { TaskChange, TaskLimits, TaskRecord, TaskStore } from '../store.js';
import { changedTask } from '../task-change.js';

/** The owner who is many people; `ANONYMOUS` of the auth room, which a store does not import. */
const ANONYMOUS = '';

export class MemoryTasks implements TaskStore {
  readonly #tasks = new Map<string, TaskRecord>();
  readonly #owners = new Map<string, number>();

  constructor(private readonly now: () => number) {}

  async create(task: TaskRecord, limits: TaskLimits): Promise<boolean> {
    if (this.#alive(task.id) !== undefined) return false;
    if (this.#isFull(task.owner, limits)) {
      this.sweep();
      if (this.#isFull(task.owner, limits)) return false;
    }
    this.#tasks.set(task.id, task);
    this.#owners.set(task.owner, (this.#owners.get(task.owner) ?? 0) + 1);
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

  sweep(): void {
    for (const id of this.#tasks.keys()) this.#alive(id);
  }

  #isFull(owner: string, { total, perOwner }: TaskLimits): boolean {
    if (this.#tasks.size >= total) return true;
    return owner !== ANONYMOUS && (this.#owners.get(owner) ?? 0) >= perOwner;
  }

  #alive(id: string): TaskRecord | undefined {
    const task = this.#tasks.get(id);
    if (task === undefined || task.expiresAt > this.now()) return task;
    this.#remove(task);
    return undefined;
  }

  #remove(task: TaskRecord): void {
    this.#tasks.delete(task.id);
    const left = (this.#owners.get(task.owner) ?? 1) - 1;
    if (left > 0) this.#owners.set(task.owner, left);
    else this.#owners.delete(task.owner);
  }
}
