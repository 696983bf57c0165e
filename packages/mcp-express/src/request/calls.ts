import type { RequestId } from '../protocol/json-rpc.js';
import type { Bus, SessionId } from '../store/store.js';
import { timerMs } from '../util/time.js';
import type { Call } from './call.js';
import type { RequestContext } from './request-context.js';

/** Bus topic for cancellations of calls that may run on other nodes. */
const CANCEL_TOPIC = 'cancel';

/** Maximum characters of a cancellation reason that go to other nodes. The reason is for logs only. */
const MAX_REASON = 500;

/** Checks of the running calls per heartbeat period: a heartbeat is late by at most this fraction of it. */
const HEARTBEAT_ROUNDS = 4;

interface Running {
  /** Calls without an answer yet, in the order of their start. */
  readonly calls: Call[];
  /** Number of handlers that have not returned yet. */
  handlers: number;
}

/** The calls that run on this node. */
export class Calls {
  /** Running calls by their key. A key without any is removed. */
  readonly #running = new Map<string, Running>();
  #unanswered = 0;
  readonly #holders = new Map<string, number>();
  readonly #unsubscribe: () => void;
  #counted = 0;
  #onIdle: (() => void) | undefined;

  readonly #heart: NodeJS.Timeout | undefined;

  /**
   * @param heartbeatMs longest silence, in milliseconds, towards a client that asked for progress; 0 disables
   * heartbeats
   */
  constructor(
    private readonly bus: Bus,
    heartbeatMs: number,
  ) {
    if (heartbeatMs > 0) {
      this.#heart = setInterval(
        () => {
          for (const call of this.all()) if (!isWaiting(call)) call.heartbeat(heartbeatMs);
        },
        timerMs(heartbeatMs / HEARTBEAT_ROUNDS),
      ).unref();
    }
    this.#unsubscribe = bus.subscribe(CANCEL_TOPIC, (message) => {
      const [session, id, reason] = JSON.parse(message) as [SessionId, RequestId, unknown];
      this.#cancelHere(session, id, reason);
    });
  }

  add(call: Call): void {
    this.#of(call.key).calls.push(call);
    this.#unanswered += 1;
  }

  delete(call: Call): void {
    const running = this.#running.get(call.key);
    const place = running?.calls.indexOf(call) ?? -1;
    if (running === undefined || place === -1) return;
    running.calls.splice(place, 1);
    this.#forgetIdle(call.key, running);
    this.#unanswered -= 1;
    if (this.#unanswered === 0) this.#onIdle?.();
  }

  /** Resolves when no call runs. Supports a single waiter. */
  whenIdle(): Promise<void> {
    if (this.#unanswered === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onIdle = resolve;
    });
  }

  /** Counts a handler until it returns, even if its call was cancelled and it ignores the signal. */
  handlerBegan({ key, context }: Call): void {
    this.#of(key).handlers += 1;
    context.charge?.hold();
    if (context.isSubscription !== true) this.#count(context, 1);
  }

  handlerEnded({ key, context }: Call): void {
    context.charge?.release();
    if (context.isSubscription !== true) this.#count(context, -1);
    const running = this.#running.get(key);
    if (running === undefined) return;
    running.handlers -= 1;
    this.#forgetIdle(key, running);
  }

  handlersOf(key: string): number {
    return this.#running.get(key)?.handlers ?? 0;
  }

  /** Running handlers of this holder, with and without a session. */
  countedFor(holder: string): number {
    return this.#holders.get(holder) ?? 0;
  }

  /** Running handlers of stateless requests. */
  get counted(): number {
    return this.#counted;
  }

  /** Calls without an answer yet. */
  get count(): number {
    return this.#unanswered;
  }

  /** The calls of a session or of a stateless request. */
  of(key: string): readonly Call[] {
    return [...(this.#running.get(key)?.calls ?? [])];
  }

  all(): readonly Call[] {
    return [...this.#running.values()].flatMap(({ calls }) => calls);
  }

  /** Cancels the calls with this id on all nodes. Clients choose the ids, so several calls may share one. */
  async cancel(session: SessionId, id: RequestId, reason: unknown): Promise<void> {
    this.#cancelHere(session, id, reason);
    const shortReason = typeof reason === 'string' ? reason.slice(0, MAX_REASON) : undefined;
    await this.bus.publish(CANCEL_TOPIC, JSON.stringify([session, id, shortReason]));
  }

  close(): void {
    clearInterval(this.#heart);
    this.#unsubscribe();
  }

  #of(key: string): Running {
    const known = this.#running.get(key);
    if (known !== undefined) return known;
    const running = { calls: [], handlers: 0 };
    this.#running.set(key, running);
    return running;
  }

  #forgetIdle(key: string, { calls, handlers }: Running): void {
    if (calls.length === 0 && handlers === 0) this.#running.delete(key);
  }

  #count({ holder, sessionId }: RequestContext, change: number): void {
    if (sessionId === undefined) this.#counted += change;
    const left = this.countedFor(holder) + change;
    if (left > 0) this.#holders.set(holder, left);
    else this.#holders.delete(holder);
  }

  #cancelHere(session: SessionId, id: RequestId, reason: unknown): void {
    for (const call of this.of(session)) if (call.message.id === id) call.cancel(reason);
  }
}

/** A subscription waits for changes and has no progress to report. */
function isWaiting({ context }: Call): boolean {
  return context.isSubscription === true;
}
