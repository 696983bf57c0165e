import { isPromise } from 'node:util/types';
import type { Principal } from '../auth/principal.js';
import { ConfigurationError, kindOf } from '../protocol/errors.js';
import type { ClientInfo } from '../request/running-call.js';
import type { SessionId } from '../store/store.js';

/** The client that announced a change of its roots. */
export interface RootsChange {
  readonly sessionId: string | undefined;
  readonly principal: Principal | undefined;
}

/** A session whose client has sent `notifications/initialized`. */
export interface InitializedSession {
  readonly sessionId: SessionId;
  readonly principal: Principal | undefined;
  readonly client: ClientInfo;
  /** The revision agreed at `initialize`. */
  readonly revision: string;
}

/** A session that has ended. */
export interface SessionEnd {
  readonly sessionId: SessionId;
  /**
   * `deleted`: by its client. `evicted`: at a limit on sessions. `expired`: it was idle for too long; this is noticed
   * some seconds later.
   */
  readonly reason: 'deleted' | 'evicted' | 'expired' | 'operator';
}

/** The listeners of one event. */
export class ServerEvent<T> {
  readonly #listeners = new Set<(event: T) => unknown>();

  /** @param name the method that adds listeners, for errors */
  constructor(private readonly name: string) {}

  get isHeard(): boolean {
    return this.#listeners.size > 0;
  }

  /**
   * @returns removes the listener
   * @throws ConfigurationError when `listener` is not a function
   */
  add(listener: (event: T) => unknown): () => void {
    if (typeof listener !== 'function') {
      throw new ConfigurationError(`${this.name} takes a listener, a function; it was given ${kindOf(listener)}`);
    }
    const own = (event: T): unknown => listener(event);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** Calls every listener. `failed` receives their errors, thrown or as rejected promises. */
  emit(event: T, failed: (cause: unknown) => void): void {
    for (const listener of this.#listeners) {
      try {
        const returned = listener(event);
        if (isPromise(returned)) returned.catch(failed);
      } catch (cause) {
        failed(cause);
      }
    }
  }
}

/** The events that an application can listen to on its server. */
export class ServerEvents {
  readonly rootsChanged = new ServerEvent<RootsChange>('onRootsChanged');
  readonly initialized = new ServerEvent<InitializedSession>('onInitialized');
  readonly sessionEnded = new ServerEvent<SessionEnd>('onSessionEnd');
}
