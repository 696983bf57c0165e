import type { ResolvedOptions } from './options.js';
import type { ProtocolLimits } from './protocol/protocol.js';

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
