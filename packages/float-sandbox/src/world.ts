import { addDays } from 'resource-planning';
import type { InvalidShape } from './api-error.js';
import type { Form } from './http/response-forms.js';
import type { Store } from './store/store.js';
import { stampOf } from './timestamp.js';

/** Team settings that no endpoint exposes. They can be changed while the sandbox runs. */
export interface Settings {
  /** False: every request to logged time responds with a JSON 403. */
  timeTracking: boolean;
  invalidShape: InvalidShape;
  /** Variants of Float's responses to imitate. */
  forms: readonly Form[];
}

/**
 * The state that all parts of the sandbox share. Its clock is simulated: the same requests on the same `today` yield
 * the same data.
 */
export interface World {
  readonly store: Store;
  readonly today: string;
  readonly settings: Settings;
  /** The next timestamp. Each write is one second after the previous one. */
  stamp(): string;
  /** Continues timestamps from the morning of a day. */
  setDay(date: string): void;
  /** Restarts timestamps and ids, for a store that was cleared. */
  restart(): void;
  /** A new id of 24 hexadecimal digits. */
  nextHexId(): string;
  /** The account of the token, which has all rights and is the author of every change. */
  ownerId(): number | null;
}

const MORNING = 'T08:00:00Z';
const SECOND = 1_000;

/** Creates the state of a sandbox. */
export function createWorld(store: Store, today: string, settings: Settings): World {
  let now = Date.parse(`${today}${MORNING}`);
  // Cached: needed by every write, and accounts cannot be changed through the API.
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

/** The last id of a database file from an earlier run. */
function lastHexId(store: Store): bigint | undefined {
  const last = store.select('logged-time', { order: 'logged_time_id DESC', limit: 1 })[0]?.['logged_time_id'];
  return typeof last === 'string' ? BigInt(`0x${last}`) : undefined;
}

function hexSeconds(date: string): string {
  return Math.floor(Date.parse(date) / SECOND)
    .toString(16)
    .padStart(8, '0');
}
