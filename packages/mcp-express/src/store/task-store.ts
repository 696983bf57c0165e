export type TaskStatus = 'working' | 'input_required' | 'completed' | 'failed' | 'cancelled';

/** A call that goes on after it was answered (the extension `io.modelcontextprotocol/tasks`). Plain data. */
export interface TaskRecord {
  readonly id: string;
  /** The key of the principal that called; the empty string for an anonymous one. */
  readonly owner: string;
  /** What that principal had been granted, separated by spaces: whoever has less is not given what came of it. */
  readonly scopes?: string;
  /** Whom it is counted for, where that is not the owner: the address of an anonymous one. */
  readonly holder?: string;
  /** The node that runs it. */
  readonly node: string;
  readonly status: TaskStatus;
  /** For people. */
  readonly statusMessage?: string;
  /** JSON text of what the status brings: the result, the error, or the open questions. */
  readonly payload?: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly expiresAt: number;
  /** Milliseconds from `createdAt` to `expiresAt`, as its client is told. */
  readonly ttlMs: number;
  readonly pollIntervalMs: number;
}

/** What becomes of a task. A new `status` replaces `statusMessage` and `payload` too, or takes them away. */
export type TaskChange = Partial<Pick<TaskRecord, 'status' | 'statusMessage' | 'payload'>>;

export interface TaskLimits {
  /** Tasks in all. */
  readonly total: number;
  /** Tasks of one holder, which is the owner where the record names none. Not applied to the anonymous owner. */
  readonly perOwner: number;
}

/** Tasks, until they expire. An expired task is gone for every method at its very millisecond. */
export interface TaskStore {
  /**
   * Keeps a new task. False, and nothing is kept, when one of the limits is reached or there is a task of this id: of
   * several that create one at the same time, one does. Once it resolves, every node reads it.
   */
  create(task: TaskRecord, limits: TaskLimits): Promise<boolean>;
  /** The task, if it is this owner's. */
  read(id: string, owner: string): Promise<TaskRecord | undefined>;
  /** Changes a task. False, and nothing changed, when it is gone or has come to its end: an end is final. */
  update(id: string, change: TaskChange & Pick<TaskRecord, 'updatedAt'>): Promise<boolean>;
  /** Forgets a task, and makes room for another. A no-op when it is gone, or somebody else's. */
  delete(id: string, owner: string): Promise<void>;
  /** Tasks that are kept now. */
  count(): Promise<number>;
}
