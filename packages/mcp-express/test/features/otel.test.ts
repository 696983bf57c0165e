import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Attributes, context, metrics, propagation, trace } from '@opentelemetry/api';
import { type HistogramMetricData, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  type Sampler,
  SimpleSpanProcessor,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { ConfigurationError, McpError, mcpRouter, memoryStore } from 'mcp-express';
import { otel } from 'mcp-express/otel';
import { Client } from '../modern/alone.js';
import { openSession } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { testServer } from '../support/test-tools.js';

const ROOT = resolve(import.meta.dirname, '../../../..');

class Reader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}

  /** The data points of a metric. */
  async points(name: string): Promise<{ readonly attributes: Attributes; readonly value: unknown }[]> {
    const { resourceMetrics } = await this.collect();
    const all = resourceMetrics.scopeMetrics.flatMap(({ metrics: found }) => found);
    return all.filter(({ descriptor }) => descriptor.name === name).flatMap(({ dataPoints }) => [...dataPoints]);
  }

  /** The counts of a histogram, by the values of these attributes. */
  async counts(name: string, ...by: readonly string[]): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { attributes, value } of await this.points(name)) {
      const key = by.map((attribute) => attributes[attribute] ?? '').join(' ');
      const { count } = value as HistogramMetricData['dataPoints'][number]['value'];
      counts[key] = (counts[key] ?? 0) + count;
    }
    return counts;
  }
}

const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });

beforeAll(() => provider.register());

afterAll(async () => {
  await provider.shutdown();
  trace.disable();
  context.disable();
  propagation.disable();
});

beforeEach(() => exporter.reset());

function server() {
  const mcp = testServer();
  mcp.registerTool('fails', {}, () => ({ content: [], isError: true }));
  mcp.registerTool('refuses', {}, () => {
    throw new McpError('resource-not-found', 'It is gone');
  });
  mcp.registerTool('crashes', {}, () => {
    throw new TypeError('with password=s3cret');
  });
  mcp.registerTool('baggage', {}, () => propagation.getActiveBaggage()?.getEntry('team')?.value ?? 'none');
  return mcp;
}

async function start(given: Parameters<typeof otel>[0] = {}, more: object = {}) {
  const reader = new Reader();
  const meterProvider = new MeterProvider({ readers: [reader] });
  const instrument = otel({ meterProvider, ...given });
  const started = await startServer({ mcp: server(), options: { instrument, logger: false, ...more } });
  return { ...started, reader, client: new Client(started.url) };
}

const spansNamed = (name: string): ReadableSpan[] => exporter.getFinishedSpans().filter((span) => span.name === name);

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const parent = (spanId: string): string => `00-${TRACE}-${spanId}-01`;

describe('metrics (R58)', () => {
  test('of 10,000 calls are exact, and what clients invent is no label', async () => {
    const { url, reader } = await start({ tracerProvider: new BasicTracerProvider() });
    const session = await openSession(url, '2025-03-26');
    const call = (id: number, name: string) => ({
      jsonrpc: '2.0',
      id,
      method: 'tools/call',
      params: { name, arguments: { text: 'a' } },
    });
    for (let round = 0; round < 100; round += 1) {
      const batch = Array.from({ length: 100 }, (_each, i) => {
        const id = round * 100 + i;
        if (i < 70) return call(id, 'echo');
        if (i < 80) return call(id, 'fails');
        if (i < 90) return call(id, `invented-${id}`);
        return { jsonrpc: '2.0', id, method: `invented/${id}` };
      });
      const { json } = await session.post(batch);
      expect(json).toHaveLength(100);
    }
    const duration = 'mcp.server.operation.duration';
    const by = ['mcp.method.name', 'gen_ai.tool.name', 'error.type', 'mcp.protocol.version'];
    expect(await reader.counts(duration, ...by)).toEqual({
      'initialize   2025-03-26': 1,
      'notifications/initialized   ': 1,
      'tools/call echo  2025-03-26': 7_000,
      'tools/call fails tool_error 2025-03-26': 1_000,
      'tools/call _OTHER -32602 2025-03-26': 1_000,
      '_OTHER  -32601 2025-03-26': 1_000,
    });
    const [point] = await reader.points(duration);
    const boundaries = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];
    expect(point?.value).toMatchObject({ buckets: { boundaries } });
    expect(point?.attributes).toMatchObject({ 'network.transport': 'tcp', 'network.protocol.name': 'http' });
  });

  test('sessions, streams, refusals and steps of a store are counted', async () => {
    const { url, reader } = await start({}, { store: memoryStore(), maxSessionsPerAddress: 1 });
    const evicted = await openSession(url, '2025-06-18');
    const session = await openSession(url, '2025-11-25');
    expect((await evicted.call('echo', { text: 'a' })).status).toBe(404);
    await session.listen();
    const value = async (name: string) => (await reader.points(name)).map(({ value: found }) => found);
    expect(await value('mcp_express.sessions')).toEqual([1]);
    expect(await value('mcp_express.streams')).toEqual([1]);
    expect(await value('mcp_express.readers.lagging')).toEqual([0]);
    await session.delete();
    expect((await reader.points('mcp_express.sessions.ended')).map(({ attributes }) => attributes)).toEqual([
      { 'mcp_express.session.end_reason': 'evicted' },
      { 'mcp_express.session.end_reason': 'deleted' },
    ]);
    expect(await reader.counts('mcp.server.session.duration', 'mcp.protocol.version')).toEqual({
      '2025-06-18': 1,
      '2025-11-25': 1,
    });
    expect((await reader.points('mcp_express.refusals')).map(({ attributes }) => attributes)).toEqual([
      { 'error.type': 'session-not-found', 'http.response.status_code': 404 },
    ]);
    const steps = await reader.counts('mcp_express.store.operation.duration', 'mcp_express.store.operation');
    expect(steps).toMatchObject({ 'sessions.create': 2, 'sessions.delete': 1, 'streams.open': 1 });
  });
});

describe('spans (R58)', () => {
  test('have the status, code and cause of a failure, without secrets', async () => {
    const { client } = await start();
    await client.call('fails');
    await client.ask('resources/read', { uri: 'none://user:pa55word@host/x' });
    await client.call('crashes');
    await client.call('invented');
    const [failed] = spansNamed('tools/call fails');
    expect(failed).toMatchObject({ status: { code: 2 }, attributes: { 'error.type': 'tool_error' } });
    const [gone] = spansNamed('resources/read');
    expect(gone?.attributes).toMatchObject({ 'error.type': '-32602', 'rpc.response.status_code': '-32602' });
    expect(gone?.status).toMatchObject({ code: 2, message: expect.stringContaining('not found') });
    expect(JSON.stringify(gone?.attributes)).not.toContain('pa55word');
    const [crashed] = spansNamed('tools/call crashes');
    expect(crashed?.events).toMatchObject([{ name: 'exception', attributes: { 'exception.type': 'TypeError' } }]);
    expect(JSON.stringify(crashed?.events)).not.toContain('s3cret');
    expect(spansNamed('tools/call')[0]?.attributes).toMatchObject({ 'gen_ai.tool.name': 'invented' });
  });

  test('of refused requests and notifications exist too', async () => {
    const { url, client } = await start();
    await client.ask('invented/method');
    const session = await openSession(url, '2025-11-25');
    expect((await session.call('echo', { text: 'a' }, 1, {})).status).toBe(200);
    await session.post({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 99 } });
    const [unknown] = spansNamed('_OTHER');
    expect(unknown?.attributes).toMatchObject({
      'error.type': '-32601',
      'mcp_express.method.original': 'invented/method',
    });
    expect(spansNamed('initialize')[0]?.attributes).toMatchObject({ 'mcp.protocol.version': '2025-11-25' });
    expect(spansNamed('notifications/cancelled')).toHaveLength(1);
  });

  test('have the parent of _meta, and a link to that of the HTTP headers', async () => {
    const { client } = await start();
    const headers = { traceparent: parent('1111111111111111') };
    await client.call('echo', { text: 'a' }, { headers });
    await client.call('echo', { text: 'a' }, { headers, meta: { traceparent: parent('2222222222222222') } });
    const [byHeader, byMeta] = spansNamed('tools/call echo');
    expect(byHeader).toMatchObject({ parentSpanContext: { spanId: '1111111111111111' }, links: [] });
    expect(byMeta).toMatchObject({
      parentSpanContext: { spanId: '2222222222222222', traceId: TRACE },
      links: [{ context: { spanId: '1111111111111111' } }],
    });
  });

  test('of a batch are one for each request', async () => {
    const { url } = await start();
    const session = await openSession(url, '2025-03-26');
    const spans = ['3333333333333333', '4444444444444444'];
    const batch = spans.map((span, id) => {
      const params = { name: 'baggage', _meta: { traceparent: parent(span), baggage: `team=${span}` } };
      return { jsonrpc: '2.0', id, method: 'tools/call', params };
    });
    const { json } = await session.post(batch);
    expect(json.map(({ result }: { result: { content: { text: string }[] } }) => result.content[0]?.text)).toEqual(
      spans,
    );
    expect(spansNamed('tools/call baggage').map((span) => span.parentSpanContext?.spanId)).toEqual(spans);
  });

  test.each([
    ['a text that is none', 'hello'],
    ['a number', 7],
    ['an object', { a: 1 }],
    ['a list', [parent('1111111111111111')]],
    ['zeros', `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01`],
    ['megabytes', `${parent('1111111111111111')}-${'x'.repeat(100_000)}`],
    ['null', null],
  ])('ignore a traceparent that is %s', async (_what, traceparent) => {
    const { client } = await start();
    const { json } = await client.call('echo', { text: 'a' }, { meta: { traceparent, baggage: 7, tracestate: {} } });
    expect(json.result.content[0].text).toBe('a');
    const [span] = spansNamed('tools/call echo');
    expect(span?.parentSpanContext).toBeUndefined();
  });
});

const thrower = (): never => {
  throw new Error('of the SDK');
};

const THROWING: SpanProcessor = {
  onStart: thrower,
  onEnd: thrower,
  forceFlush: async () => {},
  shutdown: async () => {},
};

/** Settles never, as an exporter whose collector accepts connections and does not respond. */
const HANGING: SpanProcessor = {
  onStart: () => {},
  onEnd: () => void new Promise(() => {}),
  forceFlush: () => new Promise(() => {}),
  shutdown: async () => {},
};

describe('an SDK that fails does not affect calls (R58)', () => {
  test.each<[string, BasicTracerProvider]>([
    ['a processor that throws', new BasicTracerProvider({ spanProcessors: [THROWING] })],
    ['an exporter that hangs', new BasicTracerProvider({ spanProcessors: [HANGING] })],
    ['a sampler that throws', new BasicTracerProvider({ sampler: { shouldSample: thrower } as unknown as Sampler })],
  ])('%s', async (_what, tracerProvider) => {
    const { client, url } = await start({ tracerProvider });
    expect((await client.call('echo', { text: 'a' })).json.result.content[0].text).toBe('a');
    const session = await openSession(url, '2025-11-25');
    expect((await session.call('echo', { text: 'b' })).json.result.content[0].text).toBe('b');
    expect((await session.delete()).status).toBe(204);
  });

  test('a meter that throws', async () => {
    const broken = { record: thrower, add: thrower };
    const meter = new Proxy({}, { get: () => () => broken });
    const { client } = await start({ meterProvider: { getMeter: () => meter as never } });
    expect((await client.call('echo', { text: 'a' })).json.result.content[0].text).toBe('a');
  });
});

test('without an SDK nothing is recorded, and calls work', async () => {
  const { client } = await start({ meterProvider: metrics.getMeterProvider() });
  expect((await client.call('echo', { text: 'a' })).status).toBe(200);
});

test('the dashboard and the alerts use metrics and labels that exist', () => {
  const page = readFileSync(resolve(ROOT, 'docs/observability.md'), 'utf8');
  const documented = new Set(
    [...page.matchAll(/`((?:mcp|gen_ai|error|http|rpc|network)[\w.]+)`/g)].map(([, name]) => name),
  );
  for (const file of ['dashboard.json', 'alerts.yaml']) {
    const text = readFileSync(resolve(ROOT, 'deploy/prometheus', file), 'utf8');
    const used = [...text.matchAll(/\b(?:mcp_(?:server|client|express|method)|gen_ai|error_type)\w*/g)].map(
      ([name]) => name,
    );
    const names = used.map((name) => name.replace(/_(?:bucket|count|sum|total)$/, ''));
    expect(names.length).toBeGreaterThan(10);
    const known = new Set([...documented].map((name) => String(name).replaceAll('.', '_')));
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  }
});

test('wrong options are named', () => {
  expect(() => otel({ tracer: 1 } as never)).toThrow(ConfigurationError);
  expect(() => otel({ tracerProvider: {} as never })).toThrow(/"tracerProvider" must have the method getTracer/);
  expect(() => mcpRouter(undefined, { instrument: {} as never })).toThrow(/"instrument" must be an instrumentation/);
});
