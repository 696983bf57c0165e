import { type MeterProvider, metrics, propagation, type TracerProvider, trace } from '@opentelemetry/api';
import type { Instrumentation, InstrumentedNode } from '../observe/instrumentation.js';
import { assertKnown, ConfigurationError, kindOf } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';
import { Metrics } from './metrics.js';
import { OtelInstruments } from './otel-instruments.js';

/** The options of `otel`. */
export interface OtelOptions {
  /** Creates the tracer. @default the global one of `@opentelemetry/api`, at the creation of the router */
  readonly tracerProvider?: TracerProvider;
  /** Creates the meter. @default the global one of `@opentelemetry/api`, at the creation of the router */
  readonly meterProvider?: MeterProvider;
}

const SCOPE = 'mcp-express';

/**
 * Traces and metrics of a router by the semantic conventions for MCP. Start the SDK of OpenTelemetry before.
 *
 * ```ts
 * mcpRouter(mcp, { instrument: otel() });
 * ```
 *
 * @throws ConfigurationError naming the invalid option.
 */
export function otel(options: OtelOptions = {}): Instrumentation {
  assertKnown(options, ['tracerProvider', 'meterProvider'], 'otel');
  assertProvider(options.tracerProvider, 'tracerProvider', 'getTracer');
  assertProvider(options.meterProvider, 'meterProvider', 'getMeter');
  return {
    attach: (node: InstrumentedNode) => {
      const { tracerProvider = trace, meterProvider = metrics } = options;
      const measures = new Metrics(meterProvider.getMeter(SCOPE), node);
      return new OtelInstruments({
        tracer: tracerProvider.getTracer(SCOPE),
        propagator: propagation,
        metrics: measures,
        node,
      });
    },
  };
}

function assertProvider(value: unknown, option: keyof OtelOptions, method: string): void {
  if (value === undefined || (isObject(value) && typeof value[method] === 'function')) return;
  throw new ConfigurationError(`otel option "${option}" must have the method ${method}; it is ${kindOf(value)}`);
}
