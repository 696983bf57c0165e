import type { RouterOptions } from 'mcp-express';

/** The options that switch off each guard of mcp-express that can be switched off. */
const OFF: Readonly<Record<string, RouterOptions>> = {
  hosts: { allowedHosts: ['*'] },
  helmet: { helmet: false },
  rates: { rateLimits: false },
  limits: {
    maxBodyBytes: Number.MAX_SAFE_INTEGER,
    maxSessions: Number.MAX_SAFE_INTEGER,
    maxCallsPerSession: Number.MAX_SAFE_INTEGER,
    maxCalls: Number.MAX_SAFE_INTEGER,
    maxCallsPerPrincipal: Number.MAX_SAFE_INTEGER,
    maxSessionsPerAddress: Number.MAX_SAFE_INTEGER,
    stallTimeoutMs: 0,
  },
  principal: { principal: () => undefined },
};

/** The names of all guards that can be switched off. */
export const GUARDS: readonly string[] = Object.keys(OFF);

/** The router options that switch off these guards. */
export function without(guards: readonly string[]): RouterOptions {
  return Object.assign({}, ...guards.map((guard) => OFF[guard]));
}
