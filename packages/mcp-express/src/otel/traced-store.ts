import { type Context, context, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import { McpError } from '../protocol/errors.js';
import { ATTR } from './conventions.js';
import { quietly } from './guard.js';
import type { Metrics } from './metrics.js';
import { recordedContext } from './scope.js';

/** The parts of a store that requests use. Leases and counters are background work. */
const PARTS = new Set(['sessions', 'streams', 'subscriptions', 'versions', 'tasks', 'claims', 'values', 'bus']);

/** Methods that register a listener, which is no step. */
const PLAIN: ReadonlySet<PropertyKey> = new Set(['watch', 'subscribe']);

type Step = (...args: unknown[]) => unknown;

/** A store whose steps are timed and, within a recorded span, spans of their own. */
export function tracedStore<S extends object>(store: S, tracer: Tracer, metrics: Metrics): S {
  const parts = Object.entries(store).map(([name, part]) =>
    PARTS.has(name) ? [name, tracedPart(name, part as object, tracer, metrics)] : [name, part],
  );
  return Object.fromEntries(parts) as S;
}

function tracedPart(name: string, part: object, tracer: Tracer, metrics: Metrics): object {
  const steps = new Map<PropertyKey, unknown>();
  return new Proxy(Object.create(part) as object, {
    get(_face, member) {
      const known = steps.get(member);
      if (known !== undefined) return known;
      const value: unknown = Reflect.get(part, member);
      if (typeof value !== 'function') return value;
      if (PLAIN.has(member)) return value.bind(part);
      const labels = { [ATTR.step]: `${name}.${String(member)}` };
      const step = (...args: unknown[]): unknown =>
        timed(() => Reflect.apply(value as Step, part, args), labels, tracer, metrics);
      steps.set(member, step);
      return step;
    },
  });
}

type Labels = Readonly<Record<string, string>>;

function timed(step: () => unknown, labels: Labels, tracer: Tracer, metrics: Metrics): unknown {
  // Outside a trace, or long after the end of its call, a span would explain nothing.
  const active = recordedContext();
  const span = active && spanOf(active, labels, tracer);
  const began = performance.now();
  const outcome = active && span ? context.with(trace.setSpan(active, span), step) : step();
  if (!(outcome instanceof Promise)) return outcome;
  return outcome.then(
    (value) => {
      metrics.storeStep(performance.now() - began, labels);
      quietly(() => span?.end());
      return value;
    },
    (cause: unknown) => {
      const type = McpError.is(cause) ? cause.code : 'Error';
      metrics.storeStep(performance.now() - began, { ...labels, [ATTR.errorType]: type });
      quietly(() => {
        span?.setAttribute(ATTR.errorType, type).setStatus({ code: SpanStatusCode.ERROR }).end();
      });
      throw cause;
    },
  );
}

function spanOf(parent: Context, labels: Labels, tracer: Tracer): Span | undefined {
  const options = { kind: SpanKind.INTERNAL, attributes: labels };
  return quietly(() => tracer.startSpan(`store ${labels[ATTR.step]}`, options, parent));
}
