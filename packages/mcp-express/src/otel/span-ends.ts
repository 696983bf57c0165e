import { type Span, SpanStatusCode } from '@opentelemetry/api';
import { redactSecrets } from '../observe/redact.js';
import { isObject } from '../protocol/json-rpc.js';
import { ATTR } from './conventions.js';

/** Marks a span as failed: "SHOULD be set to ERROR when `error.type` attribute is present" (conventions). */
export function fail(span: Span, errorType: string, message?: string): void {
  span.setAttribute(ATTR.errorType, errorType);
  span.setStatus({ code: SpanStatusCode.ERROR, ...(message === undefined ? {} : { message }) });
}

/** Adds the cause of a failure as the event `exception`, without secrets. */
export function addException(span: Span, cause: unknown): void {
  const copy = redactSecrets(cause);
  const { name, message, stack } = isObject(copy) ? copy : { name: typeof cause, message: copy };
  span.addEvent('exception', {
    'exception.type': String(name ?? 'Error'),
    'exception.message': String(message ?? ''),
    ...(typeof stack === 'string' ? { 'exception.stacktrace': stack } : {}),
  });
}
