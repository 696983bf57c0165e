import { McpError } from '../../protocol/errors.js';

/**
 * Requests a minute for one principal, or for one address if the caller is anonymous. 0 disables a limit. Further
 * requests get 429 with `Retry-After`.
 */
export interface RateLimits {
  /** Sessions opened. @default 12000 */
  readonly initialize?: number;
  /** Requests for sessions that do not exist; further ones get 429 instead of 404. @default 6000 */
  readonly unknownSessions?: number;
  /** Requests with refused credentials, by address; credentials of further requests are not verified. @default 1200 */
  readonly failedAuthentication?: number;
  /** POSTs that contain a request. Notifications, responses and streams do not count. @default 0 */
  readonly requests?: number;
}

const WINDOW_SECONDS = 60;

/** The length of the window in which a budget can be used up once. Milliseconds. */
export const WINDOW_MS = WINDOW_SECONDS * 1000;

/** The name of a rate limit. */
export type Budget = keyof RateLimits;

/** The default limits, requests a minute. */
export const RATE_LIMITS: Required<RateLimits> = {
  initialize: 12_000,
  unknownSessions: 6_000,
  failedAuthentication: 1_200,
  requests: 0,
};

/**
 * The refusal of a request that exceeds a budget, with `Retry-After` and the header fields of
 * draft-ietf-httpapi-ratelimit-headers-10.
 *
 * @param limit requests a minute.
 * @param resetTime the end of the window; `undefined`: one full window from now.
 */
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
