import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { context, propagation, trace } from '@opentelemetry/api';
import { type RunningServer, startServer } from '../app.js';
import { readConfig } from '../config.js';
import { createLogger } from '../logger.js';

const float: IncomingHttpHeaders[] = [];
const floatApi = createServer((request, response) => {
  float.push(request.headers);
  response.setHeader('content-type', 'application/json');
  response.end('[]');
});
let running: RunningServer;

beforeAll(async () => {
  await new Promise<void>((resolve) => floatApi.listen(0, '127.0.0.1', resolve));
  const { port } = floatApi.address() as AddressInfo;
  const env = {
    PORT: '0',
    METRICS_PORT: '0',
    FLOAT_API_KEY: 'key-of-a-test',
    FLOAT_API_URL: `http://127.0.0.1:${port}`,
    FLOAT_CONTACT_EMAIL: 'test@example.com',
    FLOAT_TIME_ZONE: 'UTC',
  };
  running = await startServer(readConfig(env), createLogger({ level: 'silent', write: () => {} }));
});

afterAll(async () => {
  await running.close();
  floatApi.closeAllConnections();
  await new Promise((resolve) => floatApi.close(resolve));
  trace.disable();
  context.disable();
  propagation.disable();
});

const TRACE = '0af7651916cd43dd8448eb211c80319c';

async function call(name: string, args: object): Promise<unknown> {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
    traceparent: `00-${TRACE}-b7ad6b7169203331-01`,
    baggage: 'team=blue',
  };
  const response = await fetch(`${running.url}/mcp`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': name,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args, _meta } }),
  });
  return response.text();
}

/** A line of the text format: a comment, or a name with labels and a value. */
const LINE = /^(# (HELP|TYPE|UNIT) .*|[a-z_][a-z0-9_]*(\{([a-z_][a-z0-9_]*="[^"\n]*",?)*\})? [-+.\deEInfNa]+( \d+)?)$/i;

test('Float receives the trace of the call and no baggage, and Prometheus its metrics (R58)', async () => {
  await call('find-people', {});
  expect(float.length).toBeGreaterThan(0);
  for (const headers of float) {
    expect(headers['traceparent']).toMatch(new RegExp(`^00-${TRACE}-(?!b7ad6b7169203331)[0-9a-f]{16}-01$`));
    expect(headers['baggage']).toBeUndefined();
    expect(headers['authorization']).toBe('Bearer key-of-a-test');
  }
  expect(running.metricsUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
  const scraped = await fetch(String(running.metricsUrl));
  expect(scraped.headers.get('content-type')).toContain('text/plain');
  const lines = (await scraped.text()).split('\n').filter((line) => line !== '');
  expect(lines.filter((line) => !LINE.test(line))).toEqual([]);
  const count = lines.find((line) => /^mcp_server_operation_duration_count\{.*find-people/.test(line));
  expect(count).toMatch(/mcp_method_name="tools\/call".* 1( \d+)?$/);
  expect((await fetch(String(running.metricsUrl), { method: 'POST' })).status).toBe(405);
  expect((await fetch(String(running.metricsUrl).replace('/metrics', '/'))).status).toBe(404);
  expect((await fetch(`${running.url}/metrics`)).status).toBe(404);
});
