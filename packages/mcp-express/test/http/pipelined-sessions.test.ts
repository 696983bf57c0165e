import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { onCleanup } from '../support/cleanup.js';
import { openSession, toolCall } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { addGate, testServer } from '../support/test-tools.js';
import { eventually } from '../support/wait.js';

test('a session whose client sends on without waiting, and then goes, is shown no stream any more (R23)', async () => {
  const mcp = testServer();
  const gate = addGate(mcp);
  const { url, port, router } = await startServer({ mcp, options: { sseAfterMs: 5 } });
  const session = await openSession(url);
  const own = `host: localhost\r\nmcp-session-id: ${session.id}\r\nmcp-protocol-version: ${session.revision}\r\n`;
  const body = JSON.stringify(toolCall('gate', {}));
  const type = `content-type: application/json\r\ncontent-length: ${body.length}\r\n`;
  const post = `POST /mcp HTTP/1.1\r\n${own}${type}accept: application/json\r\n\r\n${body}`;
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {}).resume();
  onCleanup(() => socket.destroy());
  socket.write(`${post}GET /mcp HTTP/1.1\r\n${own}accept: text/event-stream\r\n\r\n`);
  const call = await gate.begun();
  await eventually('the stream is shown', async () => (await router.stats()).streams === 1);
  socket.resetAndDestroy();
  await eventually('no stream is shown', async () => (await router.stats()).streams === 0);
  // A disconnect cancels nothing, because the client may resume.
  expect(call.ctx.signal.aborted).toBe(false);
  call.resolve('done');
});
