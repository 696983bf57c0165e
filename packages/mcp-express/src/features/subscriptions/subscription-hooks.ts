import type { Principal } from '../../auth/principal.js';
import { ConfigurationError, kindOf } from '../../protocol/errors.js';
import type { ClientInfo } from '../../request/running-call.js';
import type { SessionId } from '../../store/store.js';

/** A client's subscription to one resource, in a session or by `subscriptions/listen`. */
export interface Subscription {
  /** The URI as the client wrote it. */
  readonly uri: string;
  readonly principal: Principal | undefined;
  /** Absent for a stateless client, whose subscription lasts as long as its `subscriptions/listen` request. */
  readonly sessionId: SessionId | undefined;
  readonly client: ClientInfo;
  readonly revision: string;
}

/**
 * Functions that follow the subscriptions to a resource, to watch it only while a client is interested. Their errors
 * are logged and do not affect the subscription.
 */
export interface SubscriptionHooks {
  /**
   * Called after a client has subscribed to the resource, on the node that received the request. A session that
   * subscribes again to the same URI on the same node is not reported again.
   * @default none
   */
  readonly onSubscribe?: (subscription: Subscription) => unknown;
  /**
   * Called when a subscription has ended, on the node where `onSubscribe` was called, with the same object: the client
   * has unsubscribed (on any node) or closed its stream, or its session has ended. An expired session is noticed within
   * a minute.
   * @default none
   */
  readonly onUnsubscribe?: (subscription: Subscription) => unknown;
}

/**
 * The hooks of a resource, `undefined` without any.
 * @throws ConfigurationError when one is not a function
 */
export function hooksOf(
  { onSubscribe, onUnsubscribe }: { readonly [K in keyof SubscriptionHooks]: SubscriptionHooks[K] | undefined },
  what: string,
): SubscriptionHooks | undefined {
  for (const [name, hook] of Object.entries({ onSubscribe, onUnsubscribe })) {
    if ((hook ?? undefined) === undefined || typeof hook === 'function') continue;
    throw new ConfigurationError(`"${name}" of ${what} must be a function; it is ${kindOf(hook)}`);
  }
  if (typeof onSubscribe !== 'function' && typeof onUnsubscribe !== 'function') return undefined;
  return { ...(onSubscribe ? { onSubscribe } : {}), ...(onUnsubscribe ? { onUnsubscribe } : {}) };
}
