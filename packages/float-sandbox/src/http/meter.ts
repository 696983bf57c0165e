/** Float's rate limits, counted in fixed windows. Headers report the minute only; bursts are not reported. */
import type { Limits, Window } from 'float-api';

/** The result of counting a request. */
export interface MeterResult {
  readonly allowed: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

/** Counts a request against the limits. */
export type Meter = (method: string, path: string) => MeterResult;

const SECOND = 1_000;

interface Count {
  window: number;
  used: number;
}

/** Creates a meter; `false` disables limits. */
export function createMeter(limits: Limits | false, now: () => number): Meter {
  if (limits === false) return () => ({ allowed: true, headers: {} });
  const counts = new Map<Window, Count>();
  return (method, path) => {
    const windows = limits[kindOf(method, path)];
    const current = windows.map((window) => countOf(counts, window, now()));
    const allowed = windows.every((window, index) => (current[index]?.used ?? 0) < window.max);
    // Rejected requests are not counted.
    if (allowed) for (const count of current) count.used += 1;
    return { allowed, headers: headersOf({ windows, current, now: now(), allowed }) };
  };
}

function kindOf(method: string, path: string): keyof Limits {
  if (method !== 'GET') return 'write';
  return path.startsWith('/reports/') ? 'report' : 'read';
}

function countOf(counts: Map<Window, Count>, window: Window, now: number): Count {
  const current = Math.floor(now / window.ms);
  const known = counts.get(window);
  if (known?.window === current) return known;
  const fresh = { window: current, used: 0 };
  counts.set(window, fresh);
  return fresh;
}

interface State {
  readonly windows: readonly Window[];
  readonly current: readonly Count[];
  readonly now: number;
  readonly allowed: boolean;
}

function headersOf({ windows, current, now, allowed }: State): Record<string, string> {
  const [minute] = windows;
  if (minute === undefined) return {};
  const limit = String(minute.max);
  const remaining = String(Math.max(0, minute.max - (current[0]?.used ?? 0)));
  const reset = secondsLeft(minute, now);
  const full = windows.find((window, index) => (current[index]?.used ?? 0) >= window.max);
  return {
    'RateLimit-Limit': limit,
    'RateLimit-Remaining': remaining,
    'RateLimit-Reset': String(reset),
    'X-RateLimit-Limit-Minute': limit,
    'X-RateLimit-Remaining-Minute': remaining,
    // Not confirmed for Float, but sent by Kong, the gateway in front of it.
    ...(allowed || full === undefined ? {} : { 'Retry-After': String(secondsLeft(full, now)) }),
  };
}

function secondsLeft(window: Window, now: number): number {
  return Math.ceil((window.ms - (now % window.ms)) / SECOND);
}
