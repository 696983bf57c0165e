import type { ResolvedOptions } from './options.js';
import type { ProtocolLimits } from './protocol.js';
import type { InFlightLimits } from './request/in-flight.js';
import type { SessionSubscriptionLimits } from './request/method.js';
import type { SessionCeilings } from './session/parts.js';

/** The options that bound what the protocol room does. */
export function protocolLimits(options: ResolvedOptions): ProtocolLimits {
  return {
    sseAfterMs: options.sseAfterMs,
    callsPerSession: options.maxCallsPerSession,
    subscriptions: subscriptionLimits(options),
    listenersPerOwner: options.maxListenersPerPrincipal,
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
    keyed: {
      ttlMs: options.idempotencyTtlMs,
      limits: { total: options.maxTasks, perOwner: options.maxKeyedCallsPerPrincipal },
    },
  };
}

/** What the subscriptions of all sessions of one principal, or of one address, cost together at most. Bytes. */
const SUBSCRIPTION_BYTES = 60 * 1024 * 1024;

/** A session that may have few subscriptions may have this many bytes of them: the longest URI, and some short ones. */
const LEAST_SUBSCRIPTION_BYTES = 10 * 1024;

/** Each session may have its part of what all of its holder may have: so no store need count over sessions. */
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

/** Where an address may have few sessions only, as where there are few in all, it may have this many. */
const MIN_PER_ADDRESS = 100;

/** The options that bound how many sessions there are. */
export function sessionCeilings(options: ResolvedOptions): SessionCeilings {
  const { maxSessions: total, maxSessionsPerPrincipal: perOwner, maxSessionsPerAddress } = options;
  const perAddress = maxSessionsPerAddress ?? Math.max(MIN_PER_ADDRESS, Math.ceil(total / 4));
  return { total, perOwner, perAddress };
}

/** The options that bound what requests hold. One body is always taken. */
export function inFlightLimits(options: ResolvedOptions): InFlightLimits {
  const { maxBodyBytes, maxRequestBytesPerPrincipal, maxRequestBytes } = options;
  const perHolder = Math.max(maxBodyBytes, maxRequestBytesPerPrincipal);
  return { perHolder, total: Math.max(perHolder, maxRequestBytes) };
}
