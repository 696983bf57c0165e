import { type CallerName, callFacts, hashedId, type Observer } from '../observe/observe.js';
import { ConfigurationError, kindOf, McpError } from '../protocol/errors.js';
import type { RequestId } from '../protocol/json-rpc.js';
import type { Bus } from '../store/store.js';
import type { Call } from './call.js';
import type { Calls } from './calls.js';
import { withinGrace } from './within-grace.js';

/** A running call, on any node. */
export interface RunningCallInfo {
  /** Names the call for `cancel`. */
  readonly id: string;
  /** The id of the node that runs it. */
  readonly node: string;
  readonly method: string;
  /** The tool, the prompt or the URI. */
  readonly name?: string;
  /** The id of the JSON-RPC request. */
  readonly requestId: RequestId;
  /** The hashed session id; absent for a stateless request. */
  readonly session?: string;
  /** Absent for an anonymous caller. */
  readonly principal?: CallerName;
  readonly runningMs: number;
}

/** A page of running calls. */
export interface CallPage {
  readonly calls: readonly RunningCallInfo[];
  /** Continues after this page. Absent: it is the last one. */
  readonly cursor?: string;
}

/** Options of `calls.list`. */
export interface ListCallsOptions {
  /** Calls of one page. @default 100 */
  readonly limit?: number;
  readonly cursor?: string;
  /** Milliseconds to wait for the other nodes. The calls of a node that is slower are missing. @default 500 */
  readonly timeoutMs?: number;
}

/** Options of operations on running things. */
export interface OperationOptions {
  /** The operator, for the audit record. */
  readonly by?: string;
}

/** Running calls of all nodes: `router.calls`. */
export interface CallOperations {
  /** Lists running calls, of this and of all other nodes that respond in time. */
  list(options?: ListCallsOptions): Promise<CallPage>;
  /**
   * Cancels a call: its signal fires, and its client gets the error `cancelled-by-operator`.
   * @returns false if the call is no longer running, or its node did not respond within 2 seconds
   */
  cancel(id: string, options?: OperationOptions): Promise<boolean>;
}

const ASK_TOPIC = 'calls-ask';
const REPLY_TOPIC = 'calls-reply';
const LIST_MS = 500;
const CANCEL_MS = 2_000;
const MAX_PAGE = 1_000;

type Question = { readonly key: string } & (
  | { readonly after: string; readonly limit: number }
  | { readonly cancel: string }
);

interface Reply {
  readonly key: string;
  readonly calls?: readonly RunningCallInfo[];
  readonly cancelled?: boolean;
}

/** The parts of a node that operations on calls need. */
export interface CallOperationsDeps {
  readonly calls: Calls;
  readonly bus: Bus;
  readonly node: string;
  /** Other nodes may exist: the store is shared. */
  readonly isShared: boolean;
  readonly observe: Observer | undefined;
  readonly failed: (where: string, cause: unknown) => void;
}

/** Lists and cancels the calls of all nodes. Nothing is stored for it: nodes ask each other by the bus. */
export class NodeCallOperations implements CallOperations {
  /** Numbers are given when a call is first listed, so that calls cost nothing more. */
  readonly #numbers = new WeakMap<Call, number>();
  #count = 0;
  #asked = 0;
  readonly #waiting = new Map<string, (reply: Reply) => void>();
  readonly #unsubscribe: readonly (() => void)[];

  constructor(private readonly deps: CallOperationsDeps) {
    const { bus } = deps;
    this.#unsubscribe = [
      bus.subscribe(ASK_TOPIC, (message) => this.#answer(JSON.parse(message) as Question)),
      bus.subscribe(REPLY_TOPIC, (message) => {
        const reply = JSON.parse(message) as Reply;
        this.#waiting.get(reply.key)?.(reply);
      }),
    ];
  }

  async list({ limit = 100, cursor = '', timeoutMs = LIST_MS }: ListCallsOptions = {}): Promise<CallPage> {
    assertPage(limit, 'calls.list');
    const found = [...this.#here(cursor, limit + 1)];
    if (this.deps.isShared) {
      const collect = ({ calls = [] }: Reply): boolean => found.push(...calls) < 0;
      await this.#ask({ after: cursor, limit: limit + 1 }, collect, timeoutMs);
    }
    found.sort((a, b) => (a.id < b.id ? -1 : 1));
    const calls = found.slice(0, limit);
    const last = calls.at(-1);
    return found.length > limit && last !== undefined ? { calls, cursor: last.id } : { calls };
  }

  async cancel(id: string, { by }: OperationOptions = {}): Promise<boolean> {
    if (typeof id !== 'string')
      throw new ConfigurationError(`calls.cancel takes the id of a call; it was given ${kindOf(id)}`);
    const isOwn = id.startsWith(`${this.deps.node}.`);
    let cancelled = isOwn && this.#cancelHere(id);
    if (!isOwn && this.deps.isShared) {
      const collect = (reply: Reply): boolean => {
        cancelled = reply.cancelled === true;
        return cancelled;
      };
      await this.#ask({ cancel: id }, collect, CANCEL_MS);
    }
    const operator = by === undefined ? {} : { by };
    if (cancelled) this.deps.observe?.({ type: 'operation', action: 'cancel-call', target: id, ...operator });
    return cancelled;
  }

  close(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
  }

  /** @param collect receives the replies, and returns true when no further one is needed. */
  async #ask(
    question: { readonly after: string; readonly limit: number } | { readonly cancel: string },
    collect: (reply: Reply) => boolean,
    timeoutMs: number,
  ): Promise<void> {
    this.#asked += 1;
    const key = `${this.deps.node}:${this.#asked}`;
    const answered = new Promise<void>((resolve, reject) => {
      this.#waiting.set(key, (reply) => {
        if (collect(reply)) resolve();
      });
      this.deps.bus.publish(ASK_TOPIC, JSON.stringify({ key, ...question })).catch(reject);
    });
    try {
      await withinGrace(answered, timeoutMs);
    } finally {
      this.#waiting.delete(key);
    }
  }

  #answer(question: Question): void {
    const { bus, failed, node } = this.deps;
    const { key } = question;
    if (key.startsWith(`${node}:`)) return;
    if ('cancel' in question && !question.cancel.startsWith(`${node}.`)) return;
    const reply: Reply =
      'cancel' in question
        ? { key, cancelled: this.#cancelHere(question.cancel) }
        : { key, calls: this.#here(question.after, question.limit) };
    bus.publish(REPLY_TOPIC, JSON.stringify(reply)).catch((cause: unknown) => failed('listing calls', cause));
  }

  #cancelHere(id: string): boolean {
    const call = this.deps.calls.all().find((each) => this.#idOf(each) === id);
    if (call === undefined) return false;
    call.abandon(new McpError('cancelled-by-operator', 'An operator of the server cancelled the call'));
    return true;
  }

  #here(after: string, limit: number): readonly RunningCallInfo[] {
    const ids = this.deps.calls.all().map((call) => [this.#idOf(call), call] as const);
    const rest = ids.filter(([id]) => id > after).sort(([a], [b]) => (a < b ? -1 : 1));
    return rest.slice(0, limit).map(([id, call]) => infoOf(id, this.deps.node, call));
  }

  #idOf(call: Call): string {
    let number = this.#numbers.get(call);
    if (number === undefined) {
      this.#count += 1;
      number = this.#count;
      this.#numbers.set(call, number);
    }
    // Padded, so that the order of ids is that of numbers.
    return `${this.deps.node}.${String(number).padStart(12, '0')}`;
  }
}

function infoOf(id: string, node: string, { message, context, begunAt }: Call): RunningCallInfo {
  const { principal, request, sessionId } = context;
  const { arguments: _arguments, ip: _ip, ...facts } = callFacts(message, { principal, request });
  const session = sessionId === undefined ? {} : { session: hashedId(sessionId) };
  return { id, node, ...facts, ...session, runningMs: Math.round(performance.now() - begunAt) };
}

/** @throws ConfigurationError */
export function assertPage(limit: number, what: string): void {
  if (Number.isSafeInteger(limit) && limit >= 1 && limit <= MAX_PAGE) return;
  throw new ConfigurationError(`${what} option "limit" must be a whole number from 1 to ${MAX_PAGE}; it is ${limit}`);
}
