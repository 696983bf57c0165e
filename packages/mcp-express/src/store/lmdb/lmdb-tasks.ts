import { holderOf } from '../holders.js';
import type { TaskChange, TaskLimits, TaskRecord, TaskStore } from '../store.js';
import { changedTask } from '../task-change.js';
import { ExpiryQueue } from './expiry-queue.js';
import { addToCount, countOf } from './holder-counts.js';
import type { StoreFile } from './store-file.js';
import { nameOf } from './tables.js';
import type { Transaction } from './write-queue.js';

/** Tasks in the table `tasks`. */
export class LmdbTasks implements TaskStore {
  readonly #expiries: ExpiryQueue<string>;

  constructor(
    private readonly file: StoreFile,
    private readonly now: () => number,
  ) {
    this.#expiries = new ExpiryQueue(file.tables, 'task');
  }

  async create(task: TaskRecord, limits: TaskLimits): Promise<boolean> {
    for (;;) {
      const kept = await this.file.write((tx) => this.#create(tx, task, limits));
      if (kept !== 'again') return kept;
    }
  }

  read(id: string, owner: string): Promise<TaskRecord | undefined> {
    return this.file.read(() => {
      const task = this.#alive(id);
      return task?.owner === owner ? task : undefined;
    });
  }

  update(id: string, change: TaskChange & Pick<TaskRecord, 'updatedAt'>): Promise<boolean> {
    return this.file.write(() => {
      const task = this.#alive(id);
      const changed = task === undefined ? undefined : changedTask(task, change);
      if (changed !== undefined) void this.file.tables.tasks.put(nameOf(id), changed);
      return changed !== undefined;
    });
  }

  delete(id: string, owner: string): Promise<void> {
    return this.file.write((tx) => {
      if (this.#alive(id)?.owner === owner) this.#remove(tx, nameOf(id));
    });
  }

  async count(): Promise<number> {
    for (;;) {
      const count = await this.file.write((tx) => (this.sweep(tx, this.now()) ? tx.totals.tasks : undefined));
      if (count !== undefined) return count;
    }
  }

  /** Removes expired tasks. False when some are left. */
  sweep(tx: Transaction, now: number): boolean {
    return this.#expiries.takeDue(now, (name) => this.#remove(tx, name));
  }

  /** The queue of expiries, for the sweeper. */
  get expiries(): ExpiryQueue<string> {
    return this.#expiries;
  }

  /** `again` when a limit is reached, but expired tasks are left whose removal may make room. */
  #create(tx: Transaction, task: TaskRecord, limits: TaskLimits): boolean | 'again' {
    if (this.#alive(task.id) !== undefined) return false;
    const owner = holderName(task);
    const isFull = (): boolean =>
      tx.totals.tasks >= limits.total || (owner !== '' && countOf(this.file.tables, owner, 'tasks') >= limits.perOwner);
    if (isFull()) {
      const isSwept = this.sweep(tx, this.now());
      if (isFull()) return isSwept ? false : 'again';
    }
    const name = nameOf(task.id);
    this.#remove(tx, name);
    void this.file.tables.tasks.put(name, task);
    this.#expiries.schedule(task.expiresAt, name);
    tx.totals.tasks += 1;
    addToCount(this.file.tables, owner, 'tasks', 1);
    return true;
  }

  #remove(tx: Transaction, name: string): void {
    const task = this.file.tables.tasks.get(name);
    if (task === undefined) return;
    void this.file.tables.tasks.remove(name);
    this.#expiries.cancel(task.expiresAt, name);
    tx.totals.tasks -= 1;
    addToCount(this.file.tables, holderName(task), 'tasks', -1);
  }

  #alive(id: string): TaskRecord | undefined {
    const task = this.file.tables.tasks.get(nameOf(id));
    return task !== undefined && task.expiresAt > this.now() ? task : undefined;
  }
}

function holderName(task: TaskRecord): string {
  const holder = holderOf(task);
  return holder === '' ? '' : nameOf(holder);
}
