import { addDays, stampOf } from './dates.js';
import type { Form } from './http/forms.js';
import type { InvalidShape } from './refusal.js';
import type { Store } from './store/store.js';

/** Team settings that no endpoint shows. They may be changed while the sandbox runs. */
export interface Settings {
  /** Off: every call to logged time answers a JSON 403. */
  timeTracking: boolean;
  invalidShape: InvalidShape;
  /** In which of the other forms it answers that Float has been seen to answer in. */
  forms: readonly Form[];
}

/** What every part of the sandbox needs. Its time is its own: the same calls on the same `today` give the same data. */
export interface World {
  readonly store: Store;
  readonly today: string;
  readonly settings: Settings;
  /** The next stamp; every write is one second after the one before. */
  stamp(): string;
  /** Stamps go on from this day's morning. */
  setDay(date: string): void;
  /** Back to the first stamp and the first id, for a store that was cleared. */
  restart(): void;
  /** 24 hexadecimal digits that were not given out before. */
  nextHexId(): string;
  /** The account of the token: it may do everything and is the author of every change. */
  ownerId(): number | null;
}

const MORNING = 'T08:00:00Z';
const SECOND = 1_000;

export function createWorld(store: Store, today: string, settings: Settings): World {
  let now = Date.parse(`${today}${MORNING}`);
  // Asked for at every write; accounts cannot be changed through the API.
  let owner: number | null = null;
  const firstHexId = BigInt(`0x${hexSeconds(addDays(today, -365))}0000000000000000`);
  let last = lastHexId(store) ?? firstHexId;
  return {
    store,
    today,
    settings,
    stamp() {
      now += SECOND;
      return stampOf(now);
    },
    setDay(date) {
      now = Date.parse(`${date}${MORNING}`);
    },
    restart() {
      owner = null;
      now = Date.parse(`${today}${MORNING}`);
      last = firstHexId;
    },
    nextHexId() {
      last += 1n;
      return last.toString(16).padStart(24, '0');
    },
    ownerId() {
      owner ??= firstOwner(store);
      return owner;
    },
  };
}

function firstOwner(store: Store): number | null {
  const owner = store.select('accounts', { where: [{ sql: 'account_type = 1', values: [] }], limit: 1 })[0];
  return typeof owner?.['account_id'] === 'number' ? owner['account_id'] : null;
}

/** A database file may hold entries of an earlier run. */
function lastHexId(store: Store): bigint | undefined {
  const last = store.select('logged-time', { order: 'logged_time_id DESC', limit: 1 })[0]?.['logged_time_id'];
  return typeof last === 'string' ? BigInt(`0x${last}`) : undefined;
}

function hexSeconds(date: string): string {
  return Math.floor(Date.parse(date) / SECOND)
    .toString(16)
    .padStart(8, '0');
}
