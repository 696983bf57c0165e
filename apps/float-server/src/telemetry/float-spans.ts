import { context, propagation, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import type { TraceRequest } from 'float-api';

/**
 * A `CLIENT` span around each request to Float, by the conventions for HTTP (v1.45.0). Its context goes with the request,
 * but not the baggage, which is not meant for others.
 */
export function floatSpans(tracer: Tracer): TraceRequest {
  return async ({ method, path, host }, send) => {
    // The first segment names the table; the rest are ids.
    const table = /^\/[\w-]*/.exec(path)?.[0] ?? '';
    const attributes = { 'http.request.method': method, 'url.path': path, 'server.address': host };
    const span = tracer.startSpan(`${method} ${table}`, { kind: SpanKind.CLIENT, attributes });
    const active = trace.setSpan(context.active(), span);
    const headers: Record<string, string> = {};
    propagation.inject(propagation.deleteBaggage(active), headers);
    try {
      const response = await context.with(active, () => send(headers));
      span.setAttribute('http.response.status_code', response.status);
      if (response.status >= 400) {
        span.setAttribute('error.type', String(response.status)).setStatus({ code: SpanStatusCode.ERROR });
      }
      return response;
    } catch (cause) {
      const type = cause instanceof Error ? cause.name : 'Error';
      span.setAttribute('error.type', type).setStatus({ code: SpanStatusCode.ERROR });
      throw cause;
    } finally {
      span.end();
    }
  };
}
