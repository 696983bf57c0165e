import type { Principal } from '../../auth/principal.js';
import type { NodeInstruments } from '../../observe/instrumentation.js';
import { assertAccepts, type CapableClient } from '../../protocol/client-capabilities.js';
import type { InputRequest, InputResponses } from '../../protocol/client-requests.js';
import { McpError } from '../../protocol/errors.js';
import type { JsonRpcRequest, Params } from '../../protocol/json-rpc.js';
import type { Call } from '../../request/call.js';
import type { Ending } from '../../request/call-deps.js';
import type { Charge } from '../../request/in-flight.js';
import { asMrtrRequests } from '../../request/mrtr.js';
import type { ResultWriter } from '../../request/result-writer.js';
import type {
  CallRequest,
  ClientRequest,
  DeclaredClient,
  MrtrInputs,
  Notifier,
  RunningCall,
} from '../../request/running-call.js';
import { thrownText } from '../../request/thrown-result.js';
import { askTraced } from '../../request/tracing.js';
import type { TaskChange, TaskRecord } from '../../store/store.js';
import { timerMs } from '../../util/time.js';
import { failedWith, isFinal } from './task-text.js';

const DONE = Promise.resolve();

/** The services of the node that a task uses. */
export interface TaskDeps {
  /** Default time for the client's answer, in milliseconds. */
  readonly clientRequestTimeoutMs: number;
  /** Stores a change. Never rejects. */
  save(id: string, change: TaskChange): Promise<void>;
  ended(task: Task, ending: Ending): void;
  /** The handler returned a result while a client request was pending. */
  unawaited(task: Task): void;
  readonly instruments: NodeInstruments | undefined;
}

interface PendingRequest {
  readonly request: InputRequest;
  settle(answer: Params): void;
  fail(error: McpError): void;
}

/**
 * A call that goes on after it was answered with a task. Its client polls it, answers its requests, and may cancel it.
 */
export class Task implements RunningCall {
  inputs: MrtrInputs;
  readonly principal: Principal | undefined;
  readonly sessionId = undefined;
  readonly revision: string;
  readonly client: DeclaredClient;
  readonly request: CallRequest;
  readonly notifier: Notifier;
  readonly #client: CapableClient;
  /** Memory that the arguments occupy. */
  readonly #charge: Charge | undefined;
  readonly writer: ResultWriter;
  /** The request that started the task. */
  readonly message: JsonRpcRequest;
  /** The same as the client sent it, by which its trace is known. */
  readonly sent: JsonRpcRequest;
  #failure: { readonly cause: unknown } | undefined;
  readonly #abort = new AbortController();
  readonly #clientRequests = new Map<string, PendingRequest>();
  readonly #keys = new Set<string>();
  #status: TaskRecord['status'] = 'working';
  /** Changes are stored in the order in which they were made. */
  #saved: Promise<void> = DONE;
  #deadline: NodeJS.Timeout;
  #requestCount = 0;
  unawaited = 0;

  /**
   * @param call the call that becomes the task; nothing that belongs to its connection is kept
   * @param lifeMs milliseconds after which the task fails with `deadline-exceeded`
   */
  constructor(
    readonly record: TaskRecord,
    call: Call,
    private readonly deps: TaskDeps,
    lifeMs: number,
  ) {
    const { headers, ip } = call.request;
    this.inputs = call.inputs;
    this.#client = { revision: call.context.revision, client: call.client };
    this.writer = call.writer;
    this.message = call.message;
    this.sent = call.sent;
    this.principal = call.principal;
    this.revision = call.revision;
    this.client = call.client;
    this.request = { headers, ip };
    this.notifier = call.notifier;
    this.#charge = call.context.charge;
    this.#charge?.hold();
    const late = new McpError('deadline-exceeded', `The task was not finished within ${lifeMs} ms`);
    this.#deadline = setTimeout(() => this.abandon(late), timerMs(lifeMs)).unref();
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Tasks have no progress (SEP-2663). The message of a progress call becomes the status message. */
  progress(_progress: number, _total?: number, message?: string): Promise<void> {
    if (message === undefined || isFinal(this.#status)) return DONE;
    return this.#change({ statusMessage: message });
  }

  log(): Promise<void> {
    return DONE;
  }

  /** A task has no stream of its own. */
  sendNotification(): Promise<void> {
    return DONE;
  }

  toolFailed(cause?: unknown): void {
    this.#failure = { cause };
  }

  closeStream(): boolean {
    return false;
  }

  startTask(): Promise<boolean> {
    return Promise.resolve(true);
  }

  async requestClient(ask: ClientRequest): Promise<Params> {
    assertAccepts(this.#client, ask.method, ask.params);
    if (isFinal(this.#status)) throw taskEnded();
    const span = this.deps.instruments?.of(this.sent);
    return span === undefined ? this.#ask(ask) : askTraced(span, ask, (traced) => this.#ask(traced));
  }

  async #ask({ method, params, key, timeoutMs = this.deps.clientRequestTimeoutMs }: ClientRequest): Promise<Params> {
    const name = this.#nameFor(key);
    const [request] = Object.values(asMrtrRequests({ [name]: { method, params } })) as [InputRequest];
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<Params>((settle, fail) => {
        this.#clientRequests.set(name, { request, settle, fail });
        const late = new McpError('client-timeout', `The client did not answer within ${timeoutMs} ms`);
        timer = setTimeout(() => fail(late), timerMs(timeoutMs)).unref();
        void this.#storeClientRequests();
      });
    } finally {
      clearTimeout(timer);
      if (this.#clientRequests.delete(name)) void this.#storeClientRequests();
    }
  }

  /** Delivers the client's responses. Those to unknown keys are dropped. */
  answer(responses: InputResponses): void {
    for (const [name, response] of Object.entries(responses)) this.#clientRequests.get(name)?.settle(response);
  }

  /** @param result the tool's result as JSON text */
  complete(result: string): Promise<void> {
    const failure = this.#failure;
    const isAwaited = this.unawaited <= 0 && this.#clientRequests.size === 0;
    if (failure === undefined && !isAwaited && !isFinal(this.#status)) this.deps.unawaited(this);
    const ending: Ending = failure === undefined ? { outcome: 'result' } : { outcome: 'tool-error', ...failure };
    return this.#end({ status: 'completed', payload: result }, ending);
  }

  fail(error: McpError): Promise<void> {
    return this.#end(failedWith(error), { outcome: 'error', error, cause: error.cause });
  }

  /** Ends the task with an error of the handler. Protocol errors fail it; others become a tool result for the model. */
  endWith(thrown: unknown): Promise<void> {
    const isProtocol =
      McpError.is(thrown) && thrown.code !== 'capability-missing' && !thrown.code.startsWith('client-');
    return isProtocol ? this.fail(thrown) : this.complete(thrownText(thrown, this));
  }

  /** Cancels the task on request of its client. */
  cancel(): Promise<void> {
    this.#abort.abort(taskEnded());
    return this.#end({ status: 'cancelled' }, { outcome: 'cancelled' });
  }

  /** Stops waiting for the handler, and fails the task. */
  abandon(error: McpError): Promise<void> {
    this.#abort.abort(error);
    return this.fail(error);
  }

  /** A key is used once per task, so that a late response never answers another request. */
  #nameFor(key: string | undefined): string {
    this.#requestCount += 1;
    const wanted = key ?? `question-${this.#requestCount}`;
    let name = wanted;
    for (let count = 2; this.#keys.has(name); count += 1) name = `${wanted}-${count}`;
    this.#keys.add(name);
    return name;
  }

  #storeClientRequests(): Promise<void> {
    if (isFinal(this.#status)) return DONE;
    if (this.#clientRequests.size === 0) return this.#change({ status: 'working' });
    const requests = Object.fromEntries([...this.#clientRequests].map(([name, { request }]) => [name, request]));
    return this.#change({ status: 'input_required', payload: JSON.stringify(requests) });
  }

  #end(change: TaskChange, ending: Ending): Promise<void> {
    if (isFinal(this.#status)) return this.#saved;
    clearTimeout(this.#deadline);
    this.#charge?.release();
    const saved = this.#change(change);
    for (const question of this.#clientRequests.values()) question.fail(taskEnded());
    void saved.then(() => this.deps.ended(this, ending));
    return saved;
  }

  #change(change: TaskChange): Promise<void> {
    this.#status = change.status ?? this.#status;
    this.#saved = this.#saved.then(() => this.deps.save(this.record.id, change));
    return this.#saved;
  }
}

function taskEnded(): McpError {
  return new McpError('client-timeout', 'The task ended before the client had answered');
}
