import { holderOf } from '../holders.js';
import type { TaskChange, TaskLimits, TaskRecord, TaskStore } from '../store.js';
import { changedTask } from '../task-change.js';
import { Due } from './due.js';
import type { Opened } from './opened.js';
import { addToOwner, countOfOwner } from './owners.js';
import { nameOf } from './tables.js';
import type { Step } from './writes.js';

export class LmdbTasks implements TaskStore {
  readonly #due: Due<string>;

  constructor(
    private readonly opened: Opened,
    private readonly now: () => number,
  ) {
    this.#due = new Due(opened.tables, 'task');
  }

  async create(task: TaskRecord, limits: TaskLimits): Promise<boolean> {
    for (;;) {
      const kept = await this.opened.write((step) => this.#create(step, task, limits));
      if (kept !== 'again') return kept;
    }
  }

  read(id: string, owner: string): Promise<TaskRecord | undefined> {
    return this.opened.read(() => {
      const task = this.#alive(id);
      return task?.owner === owner ? task : undefined;
    });
  }

  update(id: string, change: TaskChange & Pick<TaskRecord, 'updatedAt'>): Promise<boolean> {
    return this.opened.write(() => {
      const task = this.#alive(id);
      const changed = task === undefined ? undefined : changedTask(task, change);
      if (changed !== undefined) void this.opened.tables.tasks.put(nameOf(id), changed);
      return changed !== undefined;
    });
  }

  delete(id: string, owner: string): Promise<void> {
    return this.opened.write((step) => {
      if (this.#alive(id)?.owner === owner) this.#remove(step, nameOf(id));
    });
  }

  async count(): Promise<number> {
    for (;;) {
      const count = await this.opened.write((step) => (this.sweep(step, this.now()) ? step.totals.tasks : undefined));
      if (count !== undefined) return count;
    }
  }

  /** False when some is left. */
  sweep(step: Step, now: number): boolean {
    return this.#due.settle(now, (name) => this.#remove(step, name));
  }

  get due(): Due<string> {
    return this.#due;
  }

  /** `again` when there may be room once more of what has expired is gone. */
  #create(step: Step, task: TaskRecord, limits: TaskLimits): boolean | 'again' {
    if (this.#alive(task.id) !== undefined) return false;
    const owner = holderName(task);
    const isFull = (): boolean =>
      step.totals.tasks >= limits.total ||
      (owner !== '' && countOfOwner(this.opened.tables, owner, 'tasks') >= limits.perOwner);
    if (isFull()) {
      const isSwept = this.sweep(step, this.now());
      if (isFull()) return isSwept ? false : 'again';
    }
    const name = nameOf(task.id);
    this.#remove(step, name);
    void this.opened.tables.tasks.put(name, task);
    this.#due.set(task.expiresAt, name);
    step.totals.tasks += 1;
    addToOwner(this.opened.tables, owner, 'tasks', 1);
    return true;
  }

  #remove(step: Step, name: string): void {
    const task = this.opened.tables.tasks.get(name);
    if (task === undefined) return;
    void this.opened.tables.tasks.remove(name);
    this.#due.clear(task.expiresAt, name);
    step.totals.tasks -= 1;
    addToOwner(this.opened.tables, holderName(task), 'tasks', -1);
  }

  #alive(id: string): TaskRecord | undefined {
    const task = this.opened.tables.tasks.get(nameOf(id));
    return task !== undefined && task.expiresAt > this.now() ? task : undefined;
  }
}

function holderName(task: TaskRecord): string {
  const holder = holderOf(task);
  return holder === '' ? '' : nameOf(holder);
}
