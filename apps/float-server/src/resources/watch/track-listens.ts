import type { Observation, Observer } from 'mcp-express';
import type { Accounts } from '../../tokens/accounts.js';
import { locate } from '../index.js';
import type { SubscriptionRegistry } from './subscription-registry.js';

/**
 * An observer that tracks subscriptions of stateless clients, which last as long as their `subscriptions/listen`
 * request.
 */
export function trackListens(registry: SubscriptionRegistry, accounts: Accounts): Observer {
  return (event) => {
    if (event.type !== 'call-begun' && event.type !== 'call-ended') return;
    if (event.method !== 'subscriptions/listen') return;
    const account = accounts.of(event.principal).key;
    for (const uri of urisOf(event)) {
      if (event.type === 'call-begun') registry.add(account, uri);
      else registry.remove(account, uri);
    }
  };
}

/** The distinct URIs of existing resources. Both events of a request contain the same. */
function urisOf(event: Extract<Observation, { type: 'call-begun' | 'call-ended' }>): readonly string[] {
  const asked: unknown = event.arguments()?.['resourceSubscriptions'];
  const uris = Array.isArray(asked) ? asked.filter((uri): uri is string => typeof uri === 'string') : [];
  return [...new Set(uris)].filter((uri) => locate(uri) !== undefined);
}
