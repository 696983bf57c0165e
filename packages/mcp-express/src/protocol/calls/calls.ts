import type { RequestId } from '../../ground/json-rpc.js';
import { timerMs } from '../../ground/time.js';
import type { Bus, SessionId } from '../../store/store.js';
import type { Call } from './call.js';

/** Where a node passes on what it heard about calls that run elsewhere. */
const CANCEL_TOPIC = 'cancel';

/** What a client says about why it cancels is for people to read. */
const MAX_REASON = 500;

/** Rounds of looking at the running calls per heartbeat: it comes at most this part of its time late. */
const HEARTBEAT_ROUNDS = 4;

/** The calls that run on this node. */
export class Calls {
  /** Calls that are not answered yet. */
  readonly #running = new Map<string, Set<Call>>();
  readonly #handlers = new Map<string, number>();
  readonly #owners = new Map<string, number>();
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
    const calls = this.#running.get(call.key);
    if (calls === undefined) this.#running.set(call.key, new Set([call]));
    else calls.add(call);
  }

  delete(call: Call): void {
    const calls = this.#running.get(call.key);
    if (calls === undefined) return;
    calls.delete(call);
    if (calls.size > 0) return;
    this.#running.delete(call.key);
    if (this.#running.size === 0) this.#onIdle?.();
  }

  /** Resolves when no call runs. For one waiter. */
  whenIdle(): Promise<void> {
    if (this.#running.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onIdle = resolve;
    });
  }

  /** A handler runs until it returns, also when its call was cancelled and it does not look. */
  handlerBegan({ key, caller }: Call): void {
    this.#handlers.set(key, this.handlersOf(key) + 1);
    this.#count(caller.countedFor, 1);
  }

  handlerEnded({ key, caller }: Call): void {
    this.#count(caller.countedFor, -1);
    const left = this.handlersOf(key) - 1;
    if (left > 0) this.#handlers.set(key, left);
    else this.#handlers.delete(key);
  }

  handlersOf(key: string): number {
    return this.#handlers.get(key) ?? 0;
  }

  /** Handlers that run for this owner without a session. */
  countedFor(owner: string): number {
    return this.#owners.get(owner) ?? 0;
  }

  /** Handlers that run without a session. */
  get counted(): number {
    return this.#counted;
  }

  get count(): number {
    let count = 0;
    for (const calls of this.#running.values()) count += calls.size;
    return count;
  }

  /** Those of a session, or of a request that stands alone. */
  of(key: string): readonly Call[] {
    return [...(this.#running.get(key) ?? [])];
  }

  all(): readonly Call[] {
    return [...this.#running.values()].flatMap((calls) => [...calls]);
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

  #count(owner: string | undefined, change: number): void {
    if (owner === undefined) return;
    this.#counted += change;
    const left = this.countedFor(owner) + change;
    if (left > 0) this.#owners.set(owner, left);
    else this.#owners.delete(owner);
  }

  #cancelHere(session: SessionId, id: RequestId, reason: unknown): void {
    for (const call of this.of(session)) if (call.message.id === id) call.cancel(reason);
  }
}

/** A subscription makes no progress: it hears of changes alone. */
function isWaiting({ caller }: Call): boolean {
  return caller.sessionId === undefined && caller.countedFor === undefined;
}
