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

export type Budget = keyof RateLimits;

export const RATE_LIMITS: Required<RateLimits> = {
  initialize: 12_000,
  unknownSessions: 6_000,
  failedAuthentication: 1_200,
  requests: 0,
};
