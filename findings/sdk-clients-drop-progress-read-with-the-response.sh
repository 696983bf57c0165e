#!/usr/bin/env bash
# @modelcontextprotocol/sdk 1.32.2 (npm), client on stdio: progress that arrives in the same read as the response of its call
# never reaches `onprogress`.
#
# The server sends `notifications/progress` and then the response, in this order, as MCP requires. The client handles a response at
# once and removes the progress handler with it, but a notification one microtask later. So when both lines come in one read of
# the pipe, which is usual if a handler reports and then returns, the last progress is dropped, and `onerror` says that its token
# is unknown. With a pause between the two lines it arrives.
#
# Needs node and npm. Seen:
#
#   in one read: []; Received a progress notification for an unknown token
#   with a pause between: [50]; no error
#
# Exits with 1 when the behaviour is another one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --ignore-scripts --no-audit --no-fund @modelcontextprotocol/sdk@1.32.2

cat >server.mjs <<'JS'
import { createInterface } from 'node:readline';

const line = (message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`;

createInterface({ input: process.stdin }).on('line', (text) => {
  const { id, method, params } = JSON.parse(text);
  if (method === 'initialize') {
    const result = { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 's', version: '1' } };
    process.stdout.write(line({ id, result }));
  }
  if (method !== 'tools/call') return;
  const progressToken = params._meta.progressToken;
  const progress = line({ method: 'notifications/progress', params: { progressToken, progress: 50 } });
  const response = line({ id, result: { content: [] } });
  if (params.name === 'at-once') return process.stdout.write(progress + response);
  process.stdout.write(progress);
  setTimeout(() => process.stdout.write(response), 300);
});
JS

cat >seen.mjs <<'JS'
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';

const client = new Client({ name: 'c', version: '1' });
let error = 'no error';
client.onerror = ({ message }) => {
  error = message.split(':')[0];
};
await client.connect(new StdioClientTransport({ command: process.execPath, args: ['server.mjs'] }));
for (const [name, title] of [['at-once', 'in one read'], ['with-a-pause', 'with a pause between']]) {
  const progress = [];
  error = 'no error';
  await client.callTool({ name }, undefined, { onprogress: (report) => progress.push(report.progress) });
  await new Promise((resolve) => setTimeout(resolve, 100));
  console.log(`${title}: ${JSON.stringify(progress)}; ${error}`);
}
await client.close();
JS

node seen.mjs | tee seen.txt
diff seen.txt - <<'SEEN'
in one read: []; Received a progress notification for an unknown token
with a pause between: [50]; no error
SEEN
