/** What a subscription costs beside its URI: its places in the tables of sessions and of resources. Bytes. */
const SUBSCRIPTION_OVERHEAD_BYTES = 128;

/** What a subscription is counted as, on all stores. */
export function subscriptionCost(uri: string): number {
  return Buffer.byteLength(uri) + SUBSCRIPTION_OVERHEAD_BYTES;
}
