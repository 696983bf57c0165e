import { randomBytes } from 'node:crypto';
import type { NodeInstruments } from '../../observe/instrumentation.js';
import { callFacts, endOf, type Observer } from '../../observe/observe.js';
import { hasExtension } from '../../protocol/client-capabilities.js';
import type { InputRequired, InputResponses } from '../../protocol/client-requests.js';
import { McpError } from '../../protocol/errors.js';
import type { Params } from '../../protocol/json-rpc.js';
import type { Call } from '../../request/call.js';
import type { Ending } from '../../request/call-deps.js';
import { callEnded } from '../../request/call-ended.js';
import { runUntilResult } from '../../request/run-handler.js';
import type { RunningCall } from '../../request/running-call.js';
import { answerNotStored, type StoredBytes } from '../../request/stored-bytes.js';
import { TOPICS } from '../../request/topics.js';
import type { UnawaitedRequests } from '../../request/unawaited-requests.js';
import { isUrlElicitationRequired, urlElicitationsAsInput } from '../../request/url-elicitation-required.js';
import { withinGrace } from '../../request/within-grace.js';
import type { StatelessResults } from '../../stateless/results.js';
import type { Bus, TaskChange, TaskRecord } from '../../store/store.js';
import { scopesOf } from '../scope-checker.js';
import type { TaskRules } from '../tools/tool-task.js';
import { DeferredTask } from './deferred-task.js';
import { Task, type TaskDeps } from './task.js';
import type { TaskRepository } from './task-repository.js';
import { failedWith, TASKS, taskDetail, taskSummary } from './task-text.js';

/** Limits of tasks. Times are milliseconds. */
export interface TaskLimits {
  readonly ttlMs: number;
  readonly pollMs: number;
  /** Most tasks in the store, and per principal. */
  readonly total: number;
  readonly perOwner: number;
  readonly clientRequestTimeoutMs: number;
}

/** The parts of a node that tasks need. */
export interface TasksDeps {
  readonly repository: TaskRepository;
  readonly bus: Bus;
  readonly results: StatelessResults;
  readonly limits: TaskLimits;
  readonly storedBytes: StoredBytes;
  readonly observe: Observer | undefined;
  /** Receives only tasks whose handlers failed. */
  readonly log: Observer | undefined;
  readonly instruments: NodeInstruments | undefined;
  readonly unawaited: UnawaitedRequests;
}

/** A client's responses or cancellation, on their way to the node that runs the task. */
type TaskCommand = { readonly id: string } & ({ readonly responses: InputResponses } | { readonly cancel: true });

/** The settings of a tool call that may become a task. */
export interface TaskOptions {
  readonly rules: TaskRules;
  /** Time limit of the tool in milliseconds. 0: only the lifetime of the task limits it. */
  readonly timeoutMs: number;
}

/** Runs the handler with the context of a call or of a task. */
export type RunInScope = (scope: RunningCall) => Promise<string | InputRequired>;

const ID_BYTES = 16;

/** Tasks (SEP-2663): those that run on this node, and access to those of all nodes. */
export class Tasks {
  readonly #running = new Map<string, Task>();
  readonly #deps: TaskDeps;
  readonly #stop: () => void;
  #onIdle: (() => void) | undefined;

  constructor(private readonly deps: TasksDeps) {
    this.#deps = {
      clientRequestTimeoutMs: deps.limits.clientRequestTimeoutMs,
      save: (id, change) => deps.repository.save(id, this.#fitting(id, change)),
      ended: (task, ending) => this.#onOver(task, ending),
      unawaited: ({ message }) => deps.unawaited.report(message),
      instruments: deps.instruments,
    };
    this.#stop = deps.bus.subscribe(TOPICS.taskCommand, (text) => this.#execute(JSON.parse(text) as TaskCommand));
  }

  get count(): number {
    return this.#running.size;
  }

  /** Whether the call may be answered with a task. The extension does not exist in sessions. */
  serves({ context }: Call): boolean {
    return context.revision.era === 'modern' && hasExtension(context.client.capabilities, TASKS);
  }

  /** Runs a tool that may become a task. The answer is a task, either at once or when the handler starts it. */
  async call(call: Call, how: TaskOptions, run: RunInScope): Promise<string | undefined> {
    if (how.rules.start === 'handler') return this.#defer(call, how).run(run);
    const task = await this.create(call, how);
    const span = this.deps.instruments?.of(call.sent);
    const runTask = (): Promise<void> => this.#run(task, () => run(task));
    void (span === undefined ? runTask() : span.runTask(runTask));
    return this.createdText(task);
  }

  /**
   * Creates a task, which clients can then poll.
   * @throws McpError `too-many-tasks`, or `client-timeout` when the client has disconnected, because no client would
   * learn of the task
   */
  async create(call: Call, { rules, timeoutMs }: TaskOptions): Promise<Task> {
    const { repository, limits } = this.deps;
    const { ttlMs = limits.ttlMs, pollIntervalMs = limits.pollMs } = rules;
    const now = Date.now();
    const record: TaskRecord = {
      id: randomBytes(ID_BYTES).toString('base64url'),
      owner: call.context.owner,
      ...scopesOf(call.principal),
      holder: call.context.holder,
      node: repository.node,
      status: 'working',
      createdAt: now,
      updatedAt: now,
      expiresAt: now + ttlMs,
      ttlMs,
      pollIntervalMs,
    };
    if (!(await repository.create(record, limits)))
      throw new McpError('too-many-tasks', 'There are too many tasks already');
    const task = new Task(record, call, this.#deps, timeoutMs > 0 ? Math.min(timeoutMs, ttlMs) : ttlMs);
    this.#running.set(record.id, task);
    this.deps.instruments?.of(call.sent)?.becomeTask();
    if (!call.isEnded) return task;
    void task.cancel();
    throw callEnded();
  }

  createdText({ record }: Task): string {
    return this.deps.results.writeAs('task', taskSummary(record));
  }

  /**
   * The current record of a task on any node. `undefined` if it is unknown, expired or belongs to another principal.
   */
  find(id: string, owner: string): Promise<TaskRecord | undefined> {
    return this.deps.repository.find(id, owner);
  }

  /** The task in the form of `tasks/get` and of notifications. */
  paramsOf(task: TaskRecord): Params {
    return taskDetail(task);
  }

  /** Delivers responses or a cancellation to the node that runs the task. They take effect later. */
  async send(order: TaskCommand): Promise<void> {
    if (this.#execute(order)) return;
    await this.deps.bus.publish(TOPICS.taskCommand, JSON.stringify(order));
  }

  /** Waits up to `graceMs` milliseconds for the running tasks, then fails the rest with `shutting-down`. */
  async drain(graceMs: number): Promise<void> {
    if (this.#running.size > 0) {
      const idle = new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
      await withinGrace(idle, graceMs);
      // The handlers have ended, but the store is unavailable.
      if (this.#running.size > 0) this.deps.repository.giveUp();
    }
    const error = new McpError('shutting-down', 'The server stopped before the task was finished');
    await Promise.all([...this.#running.values()].map((task) => task.abandon(error)));
  }

  close(): void {
    this.#stop();
  }

  #defer(call: Call, how: TaskOptions): DeferredTask {
    return new DeferredTask(
      call,
      () => this.create(call, how),
      (task) => this.createdText(task),
    );
  }

  async #run(task: Task, run: () => Promise<string | InputRequired>): Promise<void> {
    try {
      await task.complete(await runUntilResult(task, () => run().catch((thrown) => asked(task, thrown))));
    } catch (thrown) {
      await task.endWith(thrown);
    }
  }

  #execute(order: TaskCommand): boolean {
    const task = this.#running.get(order.id);
    if (task === undefined) return false;
    if ('cancel' in order) void task.cancel();
    else task.answer(order.responses);
    return true;
  }

  /** The change to store, or the error `answer-not-kept` if the holder has too many stored results. */
  #fitting(id: string, change: TaskChange): TaskChange {
    const record = this.#running.get(id)?.record;
    if (record === undefined || change.payload === undefined) return change;
    const { holder = '', expiresAt } = record;
    if (this.deps.storedBytes.take(holder, change.payload, expiresAt)) return change;
    return failedWith(answerNotStored('The result of the task'));
  }

  #onOver({ record, sent: message, principal, request, revision }: Task, ending: Ending): void {
    this.#running.delete(record.id);
    // The extension exists in stateless requests only.
    this.deps.instruments?.of(message)?.endTask({ ...ending, era: 'modern', revision });
    const { observe, log } = this.deps;
    const facts = callFacts(message, { principal, request });
    const durationMs = Date.now() - record.createdAt;
    for (const tell of [observe, log]) tell?.({ type: 'task-ended', ...facts, ...endOf(ending), durationMs });
    if (this.#running.size === 0) this.#onIdle?.();
  }
}

/** While its user visits a web page, a task can wait, so the error becomes required input. */
function asked({ inputs }: Task, thrown: unknown): InputRequired {
  if (isUrlElicitationRequired(thrown)) return urlElicitationsAsInput(thrown, inputs);
  throw thrown;
}
