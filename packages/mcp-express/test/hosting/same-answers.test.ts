/** The same messages to the SDK's own transport and to the router get the same answers (R51). */
import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import express from 'express';
import { serve } from 'mcp-express';
import { hostSdk } from 'mcp-express/sdk';
import { messagesIn } from '../features/wire-session.js';
import { onCleanup } from '../support/cleanup.js';
import { type JsonBody, send } from '../support/raw-client.js';
import { initializeRequest } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { serverV1 } from './servers-v1.js';

/** The server as the documentation of the SDK mounts it: a transport for each session. */
async function onOwnTransport(): Promise<string> {
  const transports = new Map<string, StreamableHTTPServerTransport>();
  const app = express();
  app.use(express.json());
  app.post('/mcp', async (request, response) => {
    const known = transports.get(request.get('mcp-session-id') ?? '');
    const transport =
      known ??
      new StreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        onsessioninitialized: (id) => void transports.set(id, transport),
      });
    if (known === undefined) await serverV1().connect(transport as never);
    await transport.handleRequest(request, response, request.body);
  });
  const { url, close } = await serve(app, { port: 0 });
  onCleanup(() => close({ graceMs: 0 }));
  return `${url}/mcp`;
}

const call = (name: unknown, args?: unknown) => ({ method: 'tools/call', params: { name, arguments: args } });

/** Valid and invalid requests of every kind, about 200. */
const REQUESTS: readonly JsonBody[] = [
  ...['tools/list', 'prompts/list', 'resources/list', 'resources/templates/list'].flatMap((method) => [
    { method },
    { method, params: {} },
    { method, params: { _meta: { x: 1 } } },
  ]),
  ...['ping', 'no/such', 'tasks/list', 'sampling/createMessage'].map((method) => ({ method })),
  ...Array.from({ length: 40 }, (_, n) => call('echo', { value: `text ${n} äß\u2028\u{1F600}"\\`.repeat(n) })),
  ...Array.from({ length: 40 }, (_, n) => call('sum', { a: n, b: n / 3 })),
  ...[{}, undefined, { value: 1 }, { value: null }, { value: ['x'] }, { value: 'x', more: 1 }].map((args) =>
    call('echo', args),
  ),
  ...[{ a: '1', b: 2 }, { a: 1 }, { a: 1e308, b: 1e308 }].map((args) => call('sum', args)),
  ...['fail', 'nope', '', 'ECHO', 'echo ', '__proto__', 'constructor', 'for-capable-clients'].map((name) => call(name)),
  ...Array.from({ length: 20 }, () => call('report')),
  ...['memo://note', 'memo://al/page', 'memo://nope', 'nonsense', 'memo://a%20b/page'].map((uri) => ({
    method: 'resources/read',
    params: { uri },
  })),
  ...[{ who: 'Al' }, {}, undefined, { who: 'Bo', more: 'x' }].map((args) => ({
    method: 'prompts/get',
    params: { name: 'greet', arguments: args },
  })),
  { method: 'prompts/get', params: { name: 'nope' } },
  ...['', 'a', 'b', 'zzz'].map((value) => ({
    method: 'completion/complete',
    params: { ref: { type: 'ref/resource', uri: 'memo://{name}/page' }, argument: { name: 'name', value } },
  })),
  {
    method: 'completion/complete',
    params: { ref: { type: 'ref/prompt', name: 'nope' }, argument: { name: 'x', value: '' } },
  },
  ...['info', 'error', 'debug'].map((level) => ({ method: 'logging/setLevel', params: { level } })),
  ...Array.from({ length: 40 }, (_, n) => call('echo', { value: 'x'.repeat(n * 500) })),
];

async function answersOf(url: string): Promise<JsonBody[]> {
  const opened = await send(url, { body: initializeRequest('2025-11-25') });
  const headers = { 'mcp-session-id': String(opened.headers['mcp-session-id']), 'mcp-protocol-version': '2025-11-25' };
  const [result] = messagesIn(opened);
  await send(url, { body: { jsonrpc: '2.0', method: 'notifications/initialized' }, headers });
  const answers = [result];
  for (const [id, request] of REQUESTS.entries()) {
    const answer = await send(url, { body: { jsonrpc: '2.0', id, ...request }, headers });
    answers.push(...messagesIn(answer).filter((message) => message.id === id && message.method === undefined));
  }
  return answers;
}

test(`${REQUESTS.length} requests get the same answers on both transports (R51)`, async () => {
  const hosted = await startServer({ mcp: hostSdk(serverV1) });
  const [theirs, ours] = await Promise.all([answersOf(await onOwnTransport()), answersOf(hosted.url)]);
  expect(REQUESTS.length).toBeGreaterThanOrEqual(190);
  expect(ours).toHaveLength(theirs.length);
  for (const [index, answer] of ours.entries()) expect({ index, answer }).toEqual({ index, answer: theirs[index] });
});
