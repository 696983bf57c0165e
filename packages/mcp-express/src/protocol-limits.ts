import type { InFlightLimits } from './ground/in-flight.js';
import type { ResolvedOptions } from './options.js';
import type { ProtocolLimits } from './protocol/protocol.js';
import type { SessionCeilings } from './session/parts.js';

/** The options that bound what the protocol room does. */
export function protocolLimits(options: ResolvedOptions): ProtocolLimits {
  return {
    sseAfterMs: options.sseAfterMs,
    callsPerSession: options.maxCallsPerSession,
    subscriptionsPerSession: options.maxSubscriptionsPerSession,
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
