import type { SessionSubscriptionLimits } from './features/feature.js';
import type { ResolvedOptions } from './options.js';
import type { ProtocolLimits } from './protocol.js';
import type { InFlightLimits } from './request/in-flight.js';
import type { SessionCeilings } from './session/deps.js';

/** The options that limit the protocol. */
export function protocolLimits(options: ResolvedOptions): ProtocolLimits {
  return {
    sseAfterMs: options.sseAfterMs,
    resultBytes: options.maxResultBytes,
    callsPerSession: options.maxCallsPerSession,
    subscriptions: subscriptionLimits(options),
    listenersPerOwner: options.maxListenersPerPrincipal,
    idleMs: options.sessionIdleMs,
    calls: options.maxCalls,
    callsPerOwner: options.maxCallsPerPrincipal,
    callTimeoutMs: options.callTimeoutMs,
    clientRequestTimeoutMs: options.clientRequestTimeoutMs,
    heartbeatMs: options.progressHeartbeatMs,
    credentialHeaders: new Set(options.credentialHeaders.map((name) => name.toLowerCase())),
    stateKeys: options.stateKeys,
    stateTtlMs: options.stateTtlMs,
    stateOnce: options.stateOnce,
    keptBytesPerOwner: options.maxRequestBytesPerPrincipal,
    tasks: {
      ttlMs: options.taskTtlMs,
      pollMs: options.taskPollMs,
      total: options.maxTasks,
      perOwner: options.maxTasksPerPrincipal,
      clientRequestTimeoutMs: options.clientRequestTimeoutMs,
    },
    idempotency: {
      ttlMs: options.idempotencyTtlMs,
      limits: { total: options.maxTasks, perOwner: options.maxKeyedCallsPerPrincipal },
    },
  };
}

/** Memory for the subscriptions of all sessions of one principal or address. Bytes. */
const SUBSCRIPTION_BYTES = 60 * 1024 * 1024;

/** The minimum for one session: the longest URI and a few short ones. Bytes. */
const LEAST_SUBSCRIPTION_BYTES = 10 * 1024;

/** Each session gets an equal part of its holder's limit, so that stores need not count across sessions. */
function subscriptionLimits(options: ResolvedOptions): SessionSubscriptionLimits {
  const { total, perOwner, perAddress } = sessionCeilings(options);
  const partOf = (sessions: number): number =>
    Math.max(LEAST_SUBSCRIPTION_BYTES, Math.floor(SUBSCRIPTION_BYTES / Math.min(total, sessions)));
  return {
    count: options.maxSubscriptionsPerSession,
    ownedBytes: partOf(perOwner),
    anonymousBytes: partOf(perAddress),
  };
}

/** The minimum of the default for `maxSessionsPerAddress`. */
const MIN_PER_ADDRESS = 100;

/** The options that limit the number of sessions. */
export function sessionCeilings(options: ResolvedOptions): SessionCeilings {
  const { maxSessions: total, maxSessionsPerPrincipal: perOwner, maxSessionsPerAddress } = options;
  const perAddress = maxSessionsPerAddress ?? Math.max(MIN_PER_ADDRESS, Math.ceil(total / 4));
  return { total, perOwner, perAddress };
}

/** The options that limit the memory of requests. One body of `maxBodyBytes` is always accepted. */
export function inFlightLimits(options: ResolvedOptions): InFlightLimits {
  const { maxBodyBytes, maxRequestBytesPerPrincipal, maxRequestBytes } = options;
  const perHolder = Math.max(maxBodyBytes, maxRequestBytesPerPrincipal);
  return { perHolder, total: Math.max(perHolder, maxRequestBytes) };
}
