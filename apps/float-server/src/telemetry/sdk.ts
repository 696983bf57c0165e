import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { type IMetricReader, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { otel } from 'mcp-express/otel';
import type { Config } from '../config.js';
import { serveAside } from '../stats-server.js';
import { floatSpans } from './float-spans.js';
import type { Telemetry } from './index.js';

/** Longest wait for the exporters when the server stops: a collector may be away. Milliseconds. */
const FLUSH_MS = 5_000;

/**
 * Starts the SDK of OpenTelemetry. The exporters of OTLP read the environment variables of the SDK, such as
 * `OTEL_EXPORTER_OTLP_ENDPOINT` and `OTEL_TRACES_SAMPLER`.
 */
export async function startSdk({ metrics, otlp }: Pick<Config, 'metrics' | 'otlp'>): Promise<Telemetry> {
  const { OTEL_SERVICE_NAME: name = 'float-server' } = process.env;
  const resource = resourceFromAttributes({ 'service.name': name, 'service.instance.id': randomUUID() });
  const readers: IMetricReader[] = [];
  if (otlp) readers.push(new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter() }));
  const prometheus = metrics && new PrometheusExporter({ preventServerStart: true });
  if (prometheus !== undefined) readers.push(prometheus);
  const meterProvider = new MeterProvider({ resource, readers });
  const spanProcessors = otlp ? [new BatchSpanProcessor(new OTLPTraceExporter())] : [];
  const tracerProvider = new NodeTracerProvider({ resource, spanProcessors });
  // Also keeps spans active across `await`, and makes W3C Trace Context and Baggage the propagator.
  tracerProvider.register();
  const served =
    metrics &&
    (await serveAside(metrics, '/metrics', (request, response) =>
      prometheus?.getMetricsRequestHandler(request, response),
    ));
  return {
    instrument: otel({ meterProvider, tracerProvider }),
    traceRequest: floatSpans(tracerProvider.getTracer('float-server')),
    metricsUrl: served && `${served.url}/metrics`,
    close: async () => {
      await served?.close();
      const flushed = Promise.allSettled([tracerProvider.shutdown(), meterProvider.shutdown()]);
      await Promise.race([flushed, delay(FLUSH_MS, undefined, { ref: false })]);
    },
  };
}
