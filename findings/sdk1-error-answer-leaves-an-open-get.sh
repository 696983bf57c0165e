#!/usr/bin/env bash
# @modelcontextprotocol/sdk 1.32.2: each call that a stream answers with a JSON-RPC error leaves one more open GET.
#
# A POST is answered by an event stream: a priming event with an id, the answer, the end. If the answer is a result, the client
# is done. If it is an error, callTool() rejects with it at once, but for the transport the stream was cut: it resumes it by a
# GET with Last-Event-ID. When that stream ends, because nothing is left, the transport resumes "it" again, now without an id,
# which asks for the standalone stream of the session. A server keeps that one open. So five calls of an unknown tool leave
# six standalone streams of one client, and a server that allows one sees them take it from each other. `onerror` stays silent.
# A server that answers the GET with Last-Event-ID with 405 ends it there.
#
# Needs node and npm. Seen:
#
#   5 results: 0 resumed, 1 standalone stream open
#   5 errors: 5 resumed, 6 standalone streams open
#   onerror was called 0 times
#
# Exits with 1 when the behaviour is another one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @modelcontextprotocol/sdk@1.32.2 >/dev/null

cat >seen.mjs <<'JS'
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const ANSWERS = {
  result: { result: { content: [{ type: 'text', text: 'done' }] } },
  error: { error: { code: -32602, message: 'Unknown tool' } },
};
const EVENTS = { 'Content-Type': 'text/event-stream' };
const open = new Set();
let resumed = 0;

const server = createServer(async (request, response) => {
  if (request.method === 'GET') {
    response.writeHead(200, EVENTS).flushHeaders();
    if (request.headers['last-event-id'] === undefined) {
      open.add(response);
      response.on('close', () => open.delete(response));
      return;
    }
    resumed += 1;
    return response.end();
  }
  let body = '';
  for await (const part of request) body += part;
  const message = JSON.parse(body || '{}');
  if (message.id === undefined) return response.writeHead(202).end();
  if (message.method === 'initialize') {
    const result = {
      protocolVersion: message.params.protocolVersion,
      capabilities: { tools: {} },
      serverInfo: { name: 'seen', version: '1' },
    };
    response.writeHead(200, { 'Content-Type': 'application/json', 'Mcp-Session-Id': 'one' });
    return response.end(JSON.stringify({ jsonrpc: '2.0', id: message.id, result }));
  }
  response.writeHead(200, EVENTS);
  response.write('id: a.0\nretry: 300\ndata: \n\n');
  const answer = { jsonrpc: '2.0', id: message.id, ...ANSWERS[message.params.name] };
  response.end(`id: a.1\ndata: ${JSON.stringify(answer)}\n\n`);
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const url = new URL(`http://127.0.0.1:${server.address().port}/mcp`);

let errors = 0;
const lines = [];
for (const name of ['result', 'error']) {
  resumed = 0;
  const client = new Client({ name: 'seen', version: '1' });
  client.onerror = () => {
    errors += 1;
  };
  await client.connect(new StreamableHTTPClientTransport(url));
  for (let call = 0; call < 5; call += 1) await client.callTool({ name }).catch(() => {});
  await pause(3_000);
  const streams = `${open.size} standalone ${open.size === 1 ? 'stream' : 'streams'} open`;
  lines.push(`5 ${name}s: ${resumed} resumed, ${streams}`);
  // Closing aborts its streams, which it reports.
  client.onerror = undefined;
  await client.close();
  await pause(300);
}
lines.push(`onerror was called ${errors} times`);
console.log(lines.join('\n'));
server.close();
server.closeAllConnections();
JS

expected='5 results: 0 resumed, 1 standalone stream open
5 errors: 5 resumed, 6 standalone streams open
onerror was called 0 times'
seen=$(node seen.mjs)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'The behaviour is another one.'; exit 1; }
