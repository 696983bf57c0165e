import type { RouterOptions } from 'mcp-express';

/** The options that switch each guard of mcp-express off. What cannot be switched off stays. */
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

export const GUARDS: readonly string[] = Object.keys(OFF);

export function without(guards: readonly string[]): RouterOptions {
  return Object.assign({}, ...guards.map((guard) => OFF[guard]));
}
