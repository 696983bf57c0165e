import type { Express } from 'express';
import { FLOAT_LIMITS, type Limits } from '../float/rate-limit.js';
import { isDate } from './dates.js';
import { createApp } from './http/app.js';
import { createFaults, type Fault, type Faults } from './http/faults.js';
import { type Listening, listen } from './http/listen.js';
import { createMeter, type Meter } from './http/meter.js';
import { seedWorld } from './seed/seed.js';
import { openStore } from './store/store.js';
import { createWorld, type Settings } from './world.js';

export { FORMS, type Form } from './http/forms.js';
export type { InvalidShape } from './refusal.js';
export type { Fault, Faults, Listening, Settings };

export interface SandboxOptions {
  /** YYYY-MM-DD. The seed is dated by it, and the sandbox never looks at another clock for its records. */
  readonly today: string;
  /** The only bearer token that is accepted. @default any */
  readonly token?: string | undefined;
  /** Path of a database file, or ':memory:'. @default ':memory:' */
  readonly database?: string | undefined;
  /** Fill an empty database with the agency of `seed/`. @default true */
  readonly seed?: boolean | undefined;
  /** `false` switches the rate limit off. @default Float's own limits */
  readonly limits?: Limits | false | undefined;
  readonly faults?: readonly Fault[] | undefined;
  readonly settings?: Partial<Settings> | undefined;
  /** Milliseconds for the rate limit's windows. @default Date.now */
  readonly now?: (() => number) | undefined;
  /** Told of every request that came in. */
  readonly onRequest?: ((method: string, path: string) => void) | undefined;
  /** Told of every write that was carried out, once it is answered. */
  readonly onWritten?: (() => void) | undefined;
}

export interface Sandbox {
  /** Routes under /v3. */
  readonly app: Express;
  readonly faults: Faults;
  readonly settings: Settings;
  listen(port?: number, host?: string): Promise<Listening>;
  /** Back to the first day: records, faults, settings, rate limits. */
  reset(): void;
  /** Closes what listens, then the database. */
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';

/** Float's API v3 on an embedded SQL database. */
export function createSandbox(options: SandboxOptions): Sandbox {
  if (!isDate(options.today)) throw new TypeError(`today must be a date YYYY-MM-DD: ${options.today}`);
  const store = openStore(options.database ?? ':memory:');
  const settings: Settings = { ...firstSettings(options) };
  const world = createWorld(store, options.today, settings);
  const faults = createFaults(options.faults);
  const openMeter = () => createMeter(options.limits ?? FLOAT_LIMITS, options.now ?? Date.now);
  let meter = openMeter();
  const measure: Meter = (method, path) => meter(method, path);
  const app = createApp({
    world,
    faults,
    meter: measure,
    token: options.token,
    onRequest: options.onRequest ?? ignore,
    onWritten: options.onWritten ?? ignore,
  });
  const open = new Set<Listening>();
  const fill = () => options.seed !== false && store.count('people') === 0 && seedWorld(world);
  fill();
  return {
    app,
    faults,
    settings,
    async listen(port = 0, host = LOOPBACK) {
      const listening = await listen(app, port, host);
      open.add(listening);
      return { ...listening, close: () => closeOnce(open, listening) };
    },
    reset() {
      faults.clear();
      for (const fault of options.faults ?? []) faults.add(fault);
      Object.assign(settings, firstSettings(options));
      meter = openMeter();
      store.clear();
      world.restart();
      fill();
    },
    async close() {
      await Promise.all([...open].map((listening) => closeOnce(open, listening)));
      store.close();
    },
  };
}

async function closeOnce(open: Set<Listening>, listening: Listening): Promise<void> {
  if (open.delete(listening)) await listening.close();
}

function firstSettings(options: SandboxOptions): Settings {
  return { timeTracking: true, invalidShape: 'list', forms: [], ...options.settings };
}

function ignore(): void {}
