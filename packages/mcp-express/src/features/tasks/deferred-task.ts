import type { Principal } from '../../auth/principal.js';
import type { JsonRpcRequest, Params } from '../../protocol/json-rpc.js';
import type { LogLevel } from '../../protocol/mcp.js';
import type { Call } from '../../request/call.js';
import { callEnded } from '../../request/call-ended.js';
import type { ResultWriter } from '../../request/result-writer.js';
import { runHandler, runUntilResult } from '../../request/run-handler.js';
import type {
  CallRequest,
  ClientRequest,
  DeclaredClient,
  MrtrInputs,
  Notifier,
  RunningCall,
} from '../../request/running-call.js';
import type { Task } from './task.js';
import type { RunInScope } from './tasks.js';

/**
 * A call whose handler decides when it becomes a task. Before `startTask` the context acts on the call, afterwards on
 * the task.
 */
export class DeferredTask implements RunningCall {
  #task: Task | undefined;
  #starting: Promise<boolean> | undefined;

  constructor(
    private readonly call: Call,
    private readonly create: () => Promise<Task>,
    private readonly createdText: (task: Task) => string,
  ) {}

  /** The result of a handler that did not start a task. `undefined` once the call was answered with the task. */
  async run(run: RunInScope): Promise<string | undefined> {
    const start = (): ReturnType<RunInScope> => run(this);
    try {
      const result = await start();
      const task = this.#task;
      if (task === undefined) return await runHandler(this.call, () => result);
      await task.complete(typeof result === 'string' ? result : await runUntilResult(task, once(result, start)));
    } catch (thrown) {
      if (this.#task === undefined) throw thrown;
      await this.#task.endWith(thrown);
    }
    return undefined;
  }

  startTask(): Promise<boolean> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  async #start(): Promise<boolean> {
    if (this.call.isEnded) throw callEnded();
    const task = await this.create();
    this.#task = task;
    this.call.becomeTask(this.createdText(task));
    return true;
  }

  get #scope(): RunningCall {
    return this.#task ?? this.call;
  }

  get signal(): AbortSignal {
    return this.#scope.signal;
  }

  get principal(): Principal | undefined {
    return this.call.principal;
  }

  get message(): JsonRpcRequest {
    return this.call.message;
  }

  get sessionId(): string | undefined {
    return undefined;
  }

  get revision(): string {
    return this.call.revision;
  }

  get client(): DeclaredClient {
    return this.call.client;
  }

  get request(): CallRequest {
    return this.#scope.request;
  }

  get notifier(): Notifier {
    return this.call.notifier;
  }

  get writer(): ResultWriter {
    return this.call.writer;
  }

  get inputs(): MrtrInputs {
    return this.#scope.inputs;
  }

  toolFailed(cause?: unknown): void {
    this.#scope.toolFailed(cause);
  }

  progress(progress: number, total?: number, message?: string): Promise<void> {
    return this.#scope.progress(progress, total, message);
  }

  sendNotification(method: string, params: Params): Promise<void> {
    return this.#scope.sendNotification(method, params);
  }

  log(level: LogLevel, data: unknown, logger?: string): Promise<void> {
    return this.#scope.log(level, data, logger);
  }

  get unawaited(): number {
    return this.#scope.unawaited;
  }

  set unawaited(count: number) {
    this.#scope.unawaited = count;
  }

  requestClient(ask: ClientRequest): Promise<Params> {
    return this.#scope.requestClient(ask);
  }

  closeStream(): boolean {
    return this.#scope.closeStream();
  }
}

/** Returns the value of the first run, then runs the handler again. */
function once<T>(first: T, again: () => Promise<T>): () => Promise<T> {
  let isFirst = true;
  return () => {
    if (!isFirst) return again();
    isFirst = false;
    return Promise.resolve(first);
  };
}
