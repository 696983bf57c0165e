import type { Commands } from './client.js';
import type { Keys } from './keys.js';
import { script } from './script.js';

const MEMORY = script(`return redis.call('INFO', 'memory')`);

/**
 * Emits a process warning, once, when the eviction policy of Redis lets it delete keys when it is full: clients could not
 * tell an evicted session from an ended one. Emits nothing where the user may not run `INFO`.
 */
export function warnOfEviction(commands: Commands, keys: Keys): void {
  let told = false;
  commands.onThere(() => {
    if (told) return;
    told = true;
    commands.run(MEMORY, [keys.agreed('ping')], []).then(
      (memory) => tell(String(memory)),
      () => {
        told = false;
      },
    );
  });
}

function tell(memory: string): void {
  const [, limit = '0'] = /^maxmemory:(\d+)/m.exec(memory) ?? [];
  const [, policy = 'noeviction'] = /^maxmemory_policy:([\w-]+)/m.exec(memory) ?? [];
  if (limit === '0' || policy === 'noeviction') return;
  const message =
    `redisStore: the "maxmemory-policy" is ${policy}, so that Redis forgets sessions and streams when it is full. ` +
    'Set it to "noeviction": what has no room is then refused, and clients are told to try again.';
  process.emitWarning(message, { type: 'McpExpressWarning', code: 'redis-evicts' });
}
