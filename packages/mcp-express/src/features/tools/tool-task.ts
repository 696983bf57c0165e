import { assertKnown, ConfigurationError } from '../../protocol/errors.js';

/** Options for tools that run as tasks (extension `io.modelcontextprotocol/tasks`). */
export interface TaskConfig {
  /**
   * Refuse clients of 2026-07-28 that do not support tasks, instead of letting them wait. In sessions, which can resume
   * long calls, the tool is a plain call.
   * @default false
   */
  readonly required?: boolean;
  /**
   * `call`: every call is a task from the start. `handler`: the call becomes a task when the handler calls
   * `ctx.startTask()`, so that it can validate and ask the client before.
   * @default 'call'
   */
  readonly start?: 'call' | 'handler';
  /**
   * How long a task and its result are stored, in milliseconds from its creation.
   * @default the router's `taskTtlMs`
   */
  readonly ttlMs?: number;
  /**
   * Interval at which clients should poll a task, in milliseconds.
   * @default the router's `taskPollMs`
   */
  readonly pollIntervalMs?: number;
}

/** The options of a task with defaults applied. */
export type TaskRules = Required<Pick<TaskConfig, 'required' | 'start'>> & Pick<TaskConfig, 'ttlMs' | 'pollIntervalMs'>;

/** @throws ConfigurationError when an option is invalid */
export function compileTask(config: TaskConfig, tool: string): TaskRules {
  const what = `"task" of tool "${tool}"`;
  assertKnown(config, ['required', 'start', 'ttlMs', 'pollIntervalMs'], what);
  const { required = false, start = 'call', ...times } = config;
  if (start !== 'call' && start !== 'handler') throw new ConfigurationError(`${what}: start is "call" or "handler"`);
  for (const [name, ms] of Object.entries(times)) {
    if (!Number.isSafeInteger(ms) || ms < 1) {
      throw new ConfigurationError(`${what}: ${name} is a whole number of milliseconds of at least 1; it is ${ms}`);
    }
  }
  return { required, start, ...times };
}
