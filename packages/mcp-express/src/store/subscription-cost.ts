import type { NamedResource } from './store.js';

/** Bytes that a subscription costs besides its URI: its entries in the tables of sessions and of resources. */
const SUBSCRIPTION_OVERHEAD_BYTES = 128;

/** Bytes that a subscription counts against `SubscriptionLimits.bytes`, the same on all stores. */
export function subscriptionCost({ uri, key }: NamedResource): number {
  const spelling = uri === key ? 0 : Buffer.byteLength(key);
  return Buffer.byteLength(uri) + spelling + SUBSCRIPTION_OVERHEAD_BYTES;
}
