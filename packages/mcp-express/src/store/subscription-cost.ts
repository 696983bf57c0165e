import type { NamedResource } from './store.js';

/** What a subscription costs beside its URI: its places in the tables of sessions and of resources. Bytes. */
const SUBSCRIPTION_OVERHEAD_BYTES = 128;

/** What a subscription is counted as, on all stores. */
export function subscriptionCost({ uri, key }: NamedResource): number {
  const spelling = uri === key ? 0 : Buffer.byteLength(key);
  return Buffer.byteLength(uri) + spelling + SUBSCRIPTION_OVERHEAD_BYTES;
}
