import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Context, context, propagation, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { McpServer } from 'mcp-express';
import { otel } from 'mcp-express/otel';
import { ABLE, ASK_NAME, accepted, Client, WITH_TASKS } from '../modern/alone.js';
import { RedisServer } from '../support/redis.js';
import { openSession } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { testServer } from '../support/test-tools.js';
import { eventually } from '../support/wait.js';

/*
 * Two nodes on one Redis, and a collector that reads OTLP over HTTP. Requests take turns on the nodes.
 */

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly status?: { readonly code?: number; readonly message?: string };
  readonly events?: readonly { readonly name: string }[];
}

/** `SpanKind` as OTLP numbers it. */
const KIND = { internal: 1, server: 2, client: 3 };

const collected: OtlpSpan[] = [];
const collector = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as {
      resourceSpans: { scopeSpans: { spans: OtlpSpan[] }[] }[];
    };
    for (const { scopeSpans } of body.resourceSpans) for (const { spans } of scopeSpans) collected.push(...spans);
    response.setHeader('content-type', 'application/json');
    response.end('{}');
  });
});

let redis: RedisServer;
let provider: NodeTracerProvider;

beforeAll(async () => {
  redis = await RedisServer.start();
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const { port } = collector.address() as AddressInfo;
  const exporter = new OTLPTraceExporter({ url: `http://127.0.0.1:${port}/v1/traces` });
  provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
  provider.register();
});

afterAll(async () => {
  await provider.shutdown();
  trace.disable();
  context.disable();
  propagation.disable();
  await redis.remove();
  await new Promise((resolve) => collector.close(resolve));
});

beforeEach(() => {
  collected.length = 0;
});

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CLIENT_SPAN = 'b7ad6b7169203331';
const TRACED = { traceparent: `00-${TRACE}-${CLIENT_SPAN}-01`, tracestate: 'vendor=1', baggage: 'team=blue' };

/** The spans of the client's trace, once there are those with these names. */
async function spansOf(...names: readonly string[]): Promise<OtlpSpan[]> {
  await eventually(`spans ${names.join(', ')}`, async () => {
    await provider.forceFlush();
    return names.every((name) => collected.some((span) => span.name === name));
  });
  return collected.filter(({ traceId }) => traceId === TRACE);
}

function one(spans: readonly OtlpSpan[], name: string): OtlpSpan {
  const found = spans.filter((span) => span.name === name);
  if (found.length !== 1) throw new Error(`${found.length} spans ${name} of ${spans.map((span) => span.name).join()}`);
  return found[0] as OtlpSpan;
}

function attribute(span: OtlpSpan, name: string): unknown {
  const { value } = span.attributes.find(({ key }) => key === name) ?? {};
  return value && Object.values(value)[0];
}

async function start(extend: (mcp: McpServer) => void = () => {}) {
  const mcp = testServer();
  mcp.registerTool('ask', {}, async (ctx) => JSON.stringify(await ctx.elicit(ASK_NAME)));
  mcp.registerTool('later', { task: { required: true } }, async (ctx) => {
    const active: Context = context.active();
    return JSON.stringify([trace.getSpanContext(active)?.traceId, await ctx.elicit(ASK_NAME)]);
  });
  extend(mcp);
  const server = await startServer({ mcp, redis: redis.url, options: { instrument: otel(), logger: false } });
  return { ...server, client: new Client(server.url, { capabilities: ABLE, meta: TRACED }) };
}

describe('one trace crosses client, nodes and store (R58)', () => {
  test('a call with progress that is resumed on the other node', async () => {
    let finish = (_text: string): void => {};
    const finished = new Promise<string>((resolve) => {
      finish = resolve;
    });
    const { url } = await start((mcp) =>
      mcp.registerTool('count', {}, async (ctx) => {
        await ctx.progress(1);
        return finished;
      }),
    );
    const session = await openSession(url, '2025-11-25');
    const params = { name: 'count', arguments: {}, _meta: { ...TRACED, progressToken: 't' } };
    const stream = await session.stream({ jsonrpc: '2.0', id: 5, method: 'tools/call', params });
    await stream.untilMessages(1);
    // The turns of the nodes: one of these is the other node than that of the call.
    const [, there] = [await session.resume(String(stream.lastId)), await session.resume(String(stream.lastId))];
    finish('done');
    await there.untilClosed();
    const spans = await spansOf('tools/call count', 'resume');
    const server = one(spans, 'tools/call count');
    expect(server).toMatchObject({ kind: KIND.server, parentSpanId: CLIENT_SPAN });
    const resumed = spans.filter(({ name }) => name === 'resume');
    expect(resumed).toHaveLength(2);
    for (const each of resumed) {
      expect(each).toMatchObject({ parentSpanId: server.spanId, links: [{ traceId: TRACE, spanId: server.spanId }] });
    }
    const nodes = [server, ...resumed].map((span) => attribute(span, 'mcp_express.node.id'));
    expect(new Set(nodes).size).toBe(2);
    expect(attribute(server, 'mcp.method.name')).toBe('tools/call');
    expect(attribute(server, 'gen_ai.tool.name')).toBe('count');
    expect(attribute(server, 'gen_ai.operation.name')).toBe('execute_tool');
    expect(attribute(server, 'mcp.protocol.version')).toBe('2025-11-25');
    expect(attribute(server, 'jsonrpc.request.id')).toBe('5');
    expect(attribute(server, 'network.transport')).toBe('tcp');
    expect(attribute(server, 'mcp.session.id')).toMatch(/^[\w-]{16}$/);
    const steps = spans.filter(({ name, parentSpanId }) => name.startsWith('store ') && parentSpanId === server.spanId);
    expect(steps.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['store sessions.touch', 'store streams.open', 'store streams.append']),
    );
  });

  test('an elicitation that is answered on the other node, in a session', async () => {
    const { url } = await start();
    const session = await openSession(url, '2025-11-25', {}, ABLE);
    const nodes = new Set<unknown>();
    for (const id of [1, 2]) {
      collected.length = 0;
      const params = { name: 'ask', arguments: {}, _meta: TRACED };
      const stream = await session.stream({ jsonrpc: '2.0', id, method: 'tools/call', params });
      await stream.untilMessages(1);
      const [question] = stream.messages;
      const result = accepted({ name: 'Ada' });
      await session.post({ jsonrpc: '2.0', id: question?.id, result });
      await stream.untilClosed();
      const spans = await spansOf('tools/call ask', 'elicitation/create', 'client response');
      const server = one(spans, 'tools/call ask');
      const wait = one(spans, 'elicitation/create');
      const response = one(spans, 'client response');
      expect(server).toMatchObject({ kind: KIND.server, parentSpanId: CLIENT_SPAN });
      expect(wait).toMatchObject({ kind: KIND.client, parentSpanId: server.spanId });
      expect(response).toMatchObject({ kind: KIND.internal, parentSpanId: wait.spanId });
      expect(question?.params?._meta).toMatchObject({ traceparent: `00-${TRACE}-${wait.spanId}-01` });
      expect(question?.params?._meta).not.toHaveProperty('baggage');
      if (attribute(response, 'mcp_express.node.id') === attribute(server, 'mcp_express.node.id')) continue;
      for (const span of [server, wait, response]) nodes.add(attribute(span, 'mcp_express.node.id'));
      expect(spans.find(({ name }) => name === 'store bus.publish')?.parentSpanId).toBe(response.spanId);
    }
    expect(nodes.size).toBe(2);
  });

  test('rounds of a stateless call: the second round follows the first on the other node', async () => {
    const { client } = await start();
    const params = { name: 'ask', arguments: {} };
    const first = await client.ask('tools/call', params);
    const [key] = Object.keys(first.json.result.inputRequests);
    await client.again(params, first, { [String(key)]: accepted({ name: 'Ada' }) });
    const ended = (span: OtlpSpan): boolean => span.name === 'tools/call ask';
    await eventually('both rounds', async () => {
      await provider.forceFlush();
      return collected.filter(ended).length === 2;
    });
    const rounds = collected.filter(ended);
    const outcomes = rounds.map((span) => attribute(span, 'mcp_express.outcome'));
    expect(outcomes).toEqual(['input-required', 'result']);
    expect(rounds[1]?.links).toMatchObject([{ spanId: rounds[0]?.spanId }]);
    expect(new Set(rounds.map((span) => attribute(span, 'mcp_express.node.id'))).size).toBe(2);
  });

  test('a task', async () => {
    const { client } = await start();
    const tasks = client.as({ capabilities: { ...ABLE, ...WITH_TASKS } });
    const created = await tasks.call('later');
    const { taskId } = created.json.result;
    const look = async () => (await tasks.ask('tasks/get', { taskId })).json.result;
    await eventually('it asks', async () => (await look()).status === 'input_required');
    const [key] = Object.keys((await look()).inputRequests);
    await tasks.ask('tasks/update', { taskId, inputResponses: { [String(key)]: accepted({ name: 'Ada' }) } });
    await eventually('it is done', async () => (await look()).status === 'completed');
    expect(JSON.stringify(await look())).toContain(TRACE);
    const spans = await spansOf('tools/call later', 'task tools/call later', 'elicitation/create', 'tasks/update');
    const call = one(spans, 'tools/call later');
    const task = one(spans, 'task tools/call later');
    expect(call).toMatchObject({ kind: KIND.server, parentSpanId: CLIENT_SPAN });
    expect(task).toMatchObject({ kind: KIND.internal, parentSpanId: call.spanId });
    expect(one(spans, 'elicitation/create').parentSpanId).toBe(task.spanId);
    expect(one(spans, 'tasks/update')).toMatchObject({ kind: KIND.server, parentSpanId: CLIENT_SPAN });
  });
});
