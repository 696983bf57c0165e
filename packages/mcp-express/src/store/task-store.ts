/** The status of a task, as defined by the extension `io.modelcontextprotocol/tasks`. */
export type TaskStatus = 'working' | 'input_required' | 'completed' | 'failed' | 'cancelled';

/** A request that goes on after its response named a task (extension `io.modelcontextprotocol/tasks`). Plain data. */
export interface TaskRecord {
  readonly id: string;
  /** The key of the principal that called; the empty string for an anonymous one. */
  readonly owner: string;
  /**
   * The scopes of that principal at the time of the call, separated by spaces. A caller without all of them cannot read
   * the result.
   */
  readonly scopes?: string;
  /** The quota holder, where that is not the owner: the client's address for an anonymous one. */
  readonly holder?: string;
  /** The node that runs the task. */
  readonly node: string;
  readonly status: TaskStatus;
  /** A message for people. */
  readonly statusMessage?: string;
  /** JSON text that belongs to the status: the result, the error, or the open client requests. */
  readonly payload?: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly expiresAt: number;
  /** Milliseconds from `createdAt` to `expiresAt`, as reported to the client. */
  readonly ttlMs: number;
  /** Milliseconds that the client is asked to wait between polls. */
  readonly pollIntervalMs: number;
}

/**
 * A change of a task. A new `status` also replaces `statusMessage` and `payload`, or removes them where the change has
 * none.
 */
export type TaskChange = Partial<Pick<TaskRecord, 'status' | 'statusMessage' | 'payload'>>;

/** Limits that `TaskStore.create` enforces. */
export interface TaskLimits {
  /** Number of all tasks. */
  readonly total: number;
  /** Number of tasks of one quota holder (`holder`, else `owner`). Not applied to the empty holder. */
  readonly perOwner: number;
}

/** Keeps tasks until they expire. An expired task is absent for every method from the millisecond of its expiry. */
export interface TaskStore {
  /**
   * Stores a new task. Once it resolves, every node reads the task.
   *
   * @returns false, with nothing stored, when a limit is reached or the id exists; of concurrent calls with one id, one
   * stores its task.
   */
  create(task: TaskRecord, limits: TaskLimits): Promise<boolean>;
  /** Reads a task of this owner. `undefined` when it does not exist or belongs to another owner. */
  read(id: string, owner: string): Promise<TaskRecord | undefined>;
  /**
   * Changes a task.
   *
   * @returns false, with nothing changed, when the task does not exist or is completed, failed or cancelled: those are
   * final.
   */
  update(id: string, change: TaskChange & Pick<TaskRecord, 'updatedAt'>): Promise<boolean>;
  /**
   * Removes a task of this owner, so that its place in the limits is free. A no-op when it does not exist or belongs to
   * another owner.
   */
  delete(id: string, owner: string): Promise<void>;
  /** The number of tasks, without expired ones. */
  count(): Promise<number>;
}
