import { type Context, context, createContextKey, type Span, TraceFlags, trace } from '@opentelemetry/api';

/** Milliseconds after the end of an operation in which its last steps, such as storing its answer, still belong to it. */
const AFTERMATH_MS = 2_000;

/** The operation to which the active context belongs. */
export interface Scope {
  /** `performance.now()` at its end. */
  readonly endedAt: number | undefined;
}

const KEY = createContextKey('mcp-express operation');

/** A context in which the span is active, and which ends with the scope. */
export function within(parent: Context, span: Span | undefined, scope: Scope): Context {
  return (span === undefined ? parent : trace.setSpan(parent, span)).setValue(KEY, scope);
}

/**
 * The active context, if a span in it should be recorded. Timers and connections outlive the operation in which they were
 * created and inherit its context, so a context counts for a while only.
 */
export function recordedContext(): Context | undefined {
  const active = context.active();
  const span = trace.getSpan(active);
  if (span === undefined) return undefined;
  if (span.isRecording()) return active;
  const scope = active.getValue(KEY) as Scope | undefined;
  const isSampled = (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0;
  const isRecent = scope?.endedAt !== undefined && performance.now() - scope.endedAt < AFTERMATH_MS;
  return isSampled && isRecent ? active : undefined;
}
