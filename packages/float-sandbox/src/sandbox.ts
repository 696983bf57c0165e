import type { Express } from 'express';
import { FLOAT_LIMITS, type Limits } from 'float-api';
import { isDay } from 'resource-planning';
import { createApp } from './http/app.js';
import { createFaults, type Fault, type Faults } from './http/faults.js';
import { type ListeningServer, listen } from './http/listen.js';
import { createMeter, type Meter } from './http/meter.js';
import { seedWorld } from './seed/seed.js';
import { openStore } from './store/store.js';
import { createWorld, type Settings } from './world.js';

export type { InvalidShape } from './api-error.js';
export { FORMS, type Form } from './http/response-forms.js';
export type { Fault, Faults, ListeningServer, Settings };

/** Options of a sandbox. */
export interface SandboxOptions {
  /** YYYY-MM-DD. The seed is dated relative to it; records use no other clock. */
  readonly today: string;
  /** The only accepted bearer token. @default any */
  readonly token?: string | undefined;
  /** Path of a database file, or ':memory:'. @default ':memory:' */
  readonly database?: string | undefined;
  /** Whether to fill an empty database with the agency of `seed/`. @default true */
  readonly seed?: boolean | undefined;
  /** `false` disables the rate limit. @default Float's own limits */
  readonly limits?: Limits | false | undefined;
  readonly faults?: readonly Fault[] | undefined;
  readonly settings?: Partial<Settings> | undefined;
  /** Clock of the rate limit in milliseconds. @default Date.now */
  readonly now?: (() => number) | undefined;
  /** Called for every request. */
  readonly onRequest?: ((method: string, path: string) => void) | undefined;
  /** Called for every successful write, after its response. */
  readonly onWritten?: (() => void) | undefined;
}

/** A running sandbox. */
export interface Sandbox {
  /** The Express application with the routes under /v3. */
  readonly app: Express;
  readonly faults: Faults;
  readonly settings: Settings;
  listen(port?: number, host?: string): Promise<ListeningServer>;
  /** Restores the initial state: records, faults, settings, rate limits. */
  reset(): void;
  /** Closes all servers and the database. */
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';

/** Creates an implementation of Float's API v3 on an embedded SQL database. */
export function createSandbox(options: SandboxOptions): Sandbox {
  if (!isDay(options.today)) throw new TypeError(`today must be a date YYYY-MM-DD: ${options.today}`);
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
  const open = new Set<ListeningServer>();
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

async function closeOnce(open: Set<ListeningServer>, listening: ListeningServer): Promise<void> {
  if (open.delete(listening)) await listening.close();
}

function firstSettings(options: SandboxOptions): Settings {
  return { timeTracking: true, invalidShape: 'list', forms: [], ...options.settings };
}

function ignore(): void {}
