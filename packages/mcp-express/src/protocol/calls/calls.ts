import type { RequestId } from '../../ground/json-rpc.js';
import { timerMs } from '../../ground/time.js';
import type { Bus, SessionId } from '../../store/store.js';
import type { Call } from './call.js';
import type { Caller } from './caller.js';

/** Where a node passes on what it heard about calls that run elsewhere. */
const CANCEL_TOPIC = 'cancel';

/** What a client says about why it cancels is for people to read. */
const MAX_REASON = 500;

/** Rounds of looking at the running calls per heartbeat: it comes at most this part of its time late. */
const HEARTBEAT_ROUNDS = 4;

interface Running {
  /** Calls that are not answered yet, in the order of their beginning. */
  readonly calls: Call[];
  /** Handlers that have not returned yet. */
  handlers: number;
}

/** The calls that run on this node. */
export class Calls {
  /** What runs under each key, for as long as anything does. */
  readonly #running = new Map<string, Running>();
  #unanswered = 0;
  readonly #holders = new Map<string, number>();
  readonly #unsubscribe: () => void;
  #counted = 0;
  #onIdle: (() => void) | undefined;

  readonly #heart: NodeJS.Timeout | undefined;

  /** @param heartbeatMs how long a client that asked for progress may hear nothing; 0 for as long as it takes. */
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

  /** Resolves when no call runs. For one waiter. */
  whenIdle(): Promise<void> {
    if (this.#unanswered === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onIdle = resolve;
    });
  }

  /** A handler runs until it returns, also when its call was cancelled and it does not look. */
  handlerBegan({ key, caller }: Call): void {
    this.#of(key).handlers += 1;
    caller.charge?.hold();
    if (caller.waits !== true) this.#count(caller, 1);
  }

  handlerEnded({ key, caller }: Call): void {
    caller.charge?.release();
    if (caller.waits !== true) this.#count(caller, -1);
    const running = this.#running.get(key);
    if (running === undefined) return;
    running.handlers -= 1;
    this.#forgetIdle(key, running);
  }

  handlersOf(key: string): number {
    return this.#running.get(key)?.handlers ?? 0;
  }

  /** Handlers that run for this holder, of both eras. */
  countedFor(holder: string): number {
    return this.#holders.get(holder) ?? 0;
  }

  /** Handlers that run without a session. */
  get counted(): number {
    return this.#counted;
  }

  /** Calls that are not answered yet. */
  get count(): number {
    return this.#unanswered;
  }

  /** Those of a session, or of a request that stands alone. */
  of(key: string): readonly Call[] {
    return [...(this.#running.get(key)?.calls ?? [])];
  }

  all(): readonly Call[] {
    return [...this.#running.values()].flatMap(({ calls }) => calls);
  }

  /** Cancels the calls with this id, on whichever nodes they run. Ids are the client's, so several may share one. */
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

  #count({ holder, sessionId }: Caller, change: number): void {
    if (sessionId === undefined) this.#counted += change;
    const left = this.countedFor(holder) + change;
    if (left > 0) this.#holders.set(holder, left);
    else this.#holders.delete(holder);
  }

  #cancelHere(session: SessionId, id: RequestId, reason: unknown): void {
    for (const call of this.of(session)) if (call.message.id === id) call.cancel(reason);
  }
}

/** A subscription makes no progress: it hears of changes alone. */
function isWaiting({ caller }: Call): boolean {
  return caller.waits === true;
}
