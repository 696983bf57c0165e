import type { TraceRequest } from 'float-api';
import type { Instrumentation } from 'mcp-express/otel';
import type { Config } from '../config.js';

/** The traces and metrics of the process. */
export interface Telemetry {
  /** The option `instrument` of `mcpRouter`. */
  readonly instrument: Instrumentation;
  /** Spans around requests to Float, which carry `traceparent`. */
  readonly traceRequest: TraceRequest;
  /** URL of the metrics for Prometheus, if they are served. */
  readonly metricsUrl: string | undefined;
  /** Exports the remaining spans and metrics. */
  close(): Promise<void>;
}

/** Starts OpenTelemetry where the configuration wants it; otherwise nothing of it is loaded. */
export async function startTelemetry({ metrics, otlp }: Config): Promise<Telemetry | undefined> {
  if (metrics === undefined && !otlp) return undefined;
  const { startSdk } = await import('./sdk.js');
  return startSdk({ metrics, otlp });
}
