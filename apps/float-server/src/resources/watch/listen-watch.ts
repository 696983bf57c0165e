import type { Observation, Observer } from 'mcp-express';
import type { Accounts } from '../../tokens/accounts.js';
import { locate } from '../index.js';
import type { Interest } from './interest.js';

/** Hears of the subscriptions of clients without sessions, which last as long as a call of theirs. */
export function listenWatch(interest: Interest, accounts: Accounts): Observer {
  return (event) => {
    if (event.type !== 'call-begun' && event.type !== 'call-ended') return;
    if (event.method !== 'subscriptions/listen') return;
    const account = accounts.of(event.principal).key;
    for (const uri of urisOf(event)) {
      if (event.type === 'call-begun') interest.add(account, uri);
      else interest.remove(account, uri);
    }
  };
}

/** Each once, and what is no resource of ours left out. Both events of a call have the same. */
function urisOf(event: Extract<Observation, { type: 'call-begun' | 'call-ended' }>): readonly string[] {
  const asked: unknown = event.arguments()?.['resourceSubscriptions'];
  const uris = Array.isArray(asked) ? asked.filter((uri): uri is string => typeof uri === 'string') : [];
  return [...new Set(uris)].filter((uri) => locate(uri) !== undefined);
}
