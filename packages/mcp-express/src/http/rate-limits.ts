import { McpError } from '../protocol/errors.js';

/** Requests a minute, each for one principal, or for one address where nobody signed in. 0 for no limit. */
export interface RateLimits {
  /** Sessions that are opened. @default 12000 */
  readonly initialize?: number;
  /** Requests with the id of a session that does not exist, for them. Beyond, 429 instead of 404. @default 6000 */
  readonly unknownSessions?: number;
  /** Requests whose credentials were refused, by address. Beyond, nothing of that address is verified. @default 1200 */
  readonly failedAuthentication?: number;
  /** POSTs that carry a request; notifications, answers and streams are free. @default 0 */
  readonly requests?: number;
}

const WINDOW_SECONDS = 60;

/** The time in which a budget may be used up once. */
export const WINDOW_MS = WINDOW_SECONDS * 1000;

export type Budget = keyof RateLimits;

export const RATE_LIMITS: Required<RateLimits> = {
  initialize: 12_000,
  unknownSessions: 6_000,
  failedAuthentication: 1_200,
  requests: 0,
};

/** With the header fields of draft-ietf-httpapi-ratelimit-headers-10, beside `Retry-After`. */
export function tooMany(budget: Budget, limit: number, resetTime: Date | undefined): McpError {
  const waitMs = resetTime === undefined ? WINDOW_MS : resetTime.getTime() - Date.now();
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  return new McpError('rate-limited', 'Too many requests: wait before you try again', {
    data: { budget },
    headers: {
      'Retry-After': String(seconds),
      'RateLimit-Policy': `"${budget}";q=${limit};w=${WINDOW_SECONDS}`,
      RateLimit: `"${budget}";r=0;t=${seconds}`,
    },
  });
}
