import { assertKnown, ConfigurationError } from '../../protocol/errors.js';

/** How a tool runs as a task (the extension `io.modelcontextprotocol/tasks`). */
export interface TaskConfig {
  /**
   * Clients of 2026-07-28 that do not know tasks are refused, rather than kept waiting. In sessions, which can resume a
   * long call, the tool is served as any other. @default false
   */
  readonly required?: boolean;
  /**
   * `call`: every call is a task from its first line on. `handler`: it becomes one when the handler calls
   * `ctx.startTask()`, so that it may check and ask before. @default 'call'
   */
  readonly start?: 'call' | 'handler';
  /** Milliseconds from its creation for which a task and its result are kept. @default the router's `taskTtlMs` */
  readonly ttlMs?: number;
  /** Milliseconds that a client is told to wait between two looks at a task. @default the router's `taskPollMs` */
  readonly pollIntervalMs?: number;
}

export type TaskRules = Required<Pick<TaskConfig, 'required' | 'start'>> & Pick<TaskConfig, 'ttlMs' | 'pollIntervalMs'>;

/** @throws ConfigurationError naming the tool when something of it is wrong. */
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
