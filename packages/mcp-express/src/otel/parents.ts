import {
  type Context,
  context,
  isSpanContextValid,
  type Link,
  type SpanContext,
  type TextMapGetter,
  type TextMapPropagator,
  TraceFlags,
  trace,
} from '@opentelemetry/api';

/** Longer values are ignored: W3C limits `tracestate` to 512 characters and `baggage` to 8192 bytes. */
const MAX_CHARACTERS = 8_192;

/** Reads texts only: `_meta` is JSON of a client, in which any value may have the name of a header. */
const GETTER: TextMapGetter<Readonly<Record<string, unknown>>> = {
  keys: (carrier) => Object.keys(carrier),
  get: (carrier, name) => {
    const value = Object.hasOwn(carrier, name) ? carrier[name] : undefined;
    return typeof value === 'string' && value.length <= MAX_CHARACTERS ? value : undefined;
  },
};

/** The parent of a span, and the other span that caused it. */
export interface Parent {
  readonly context: Context;
  readonly links: readonly Link[];
}

/**
 * The parent of the span of a message: the context in `_meta` (SEP-414), "and SHOULD link current ambient context, if it's
 * present" (conventions, "Context propagation"); otherwise that of the transport. The transport's is the active span of an
 * instrumentation of HTTP, or else the one in the headers.
 */
export function parentOf(
  propagator: TextMapPropagator,
  headers: Readonly<Record<string, unknown>>,
  meta: unknown,
): Parent {
  const active = context.active();
  const base = spanIn(active) === undefined ? propagator.extract(active, headers, GETTER) : active;
  if (typeof meta !== 'object' || meta === null) return { context: base, links: [] };
  const own = propagator.extract(base, meta as Readonly<Record<string, unknown>>, GETTER);
  const transport = spanIn(base);
  const isOther = transport !== undefined && spanIn(own)?.spanId !== transport.spanId;
  return { context: own, links: isOther ? [{ context: transport }] : [] };
}

/** The valid span context in a context. */
export function spanIn(of: Context): SpanContext | undefined {
  const found = trace.getSpanContext(of);
  return found !== undefined && isSpanContextValid(found) ? found : undefined;
}

/** The trace context that is kept with streams, states and the ids of client requests: the form of `traceparent`. */
export function contextText({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${(traceFlags & TraceFlags.SAMPLED) === 0 ? '00' : '01'}`;
}

/** Reads such a text; `undefined` for anything else, because ids of client requests pass through clients. */
export function readContext(text: string | undefined): SpanContext | undefined {
  const [, traceId, spanId, flags] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-0([01])$/.exec(text ?? '') ?? [];
  if (traceId === undefined || spanId === undefined) return undefined;
  const traceFlags = flags === '1' ? TraceFlags.SAMPLED : TraceFlags.NONE;
  const found = { traceId, spanId, traceFlags, isRemote: true };
  return isSpanContextValid(found) ? found : undefined;
}
