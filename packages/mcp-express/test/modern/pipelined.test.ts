import { connect, type Socket } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { onCleanup } from '../support/cleanup.js';
import { addGate, testServer } from '../support/test-tools.js';
import { eventually, within } from '../support/wait.js';
import { request, start, WITH_TASKS } from './alone.js';

/** Several requests on one connection, none of which waits for the answer to the one before (RFC 9112, section 9.3.2). */
function pipeline(port: number, requests: readonly ReturnType<typeof request>[]): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {}).resume();
  onCleanup(() => socket.destroy());
  for (const { body, headers } of requests) {
    const text = JSON.stringify(body);
    const all = { host: 'localhost', 'content-type': 'application/json', ...headers, 'content-length': text.length };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`POST /mcp HTTP/1.1\r\n${lines.join('')}\r\n${text}`);
  }
  return socket;
}

async function piped() {
  const mcp = testServer();
  const gate = addGate(mcp);
  const started = await start({ mcp, options: { maxListenersPerPrincipal: 1, sseAfterMs: 5 } });
  const quiet = async (): Promise<boolean> => {
    const { calls, streams, listeners } = await started.router.stats();
    return calls + streams + listeners === 0;
  };
  return { ...started, gate, quiet };
}

const call = (id: number) => request('tools/call', { name: 'gate' }, { id, headers: { accept: 'application/json' } });
const listen = request(
  'subscriptions/listen',
  { notifications: { toolsListChanged: true } },
  { capabilities: WITH_TASKS },
);

describe('a client that sends on without waiting, and then goes (R17, R23)', () => {
  test('has all its calls cancelled, also those whose answer was not its turn yet (R17)', async () => {
    const { gate, port, quiet } = await piped();
    const socket = pipeline(port, [call(1), call(2), call(3)]);
    await eventually('all run', () => gate.calls.length === 3);
    socket.destroy();
    await within('each handler is told', Promise.all(gate.calls.map(({ aborted }) => aborted)));
    await eventually('nothing is left', quiet);
  });

  test('leaves no subscription behind, and its place is free again (R23, R45)', async () => {
    const { gate, port, quiet, client, router } = await piped();
    const socket = pipeline(port, [call(1), listen]);
    await gate.begun();
    await eventually('it listens', async () => (await router.stats()).listeners === 1);
    socket.resetAndDestroy();
    await eventually('nothing is left', quiet);
    expect((await client.listen({ toolsListChanged: true })).messages).toHaveLength(1);
  });

  test('costs no more for having sent 50 at once: nothing more watches its connection, nothing is left (R23)', async () => {
    const { gate, port, quiet, sockets } = await piped();
    const socket = pipeline(
      port,
      Array.from({ length: 50 }, (_each, id) => call(id)),
    );
    await eventually('all run', () => gate.calls.length === 50);
    const [held] = sockets;
    expect(held?.listenerCount('close')).toBeLessThan(10);
    socket.destroy();
    await eventually('nothing is left', quiet);
  });

  test('is answered in turn while it stays (R4)', async () => {
    const { gate, port } = await piped();
    const socket = pipeline(port, [call(1), call(2)]);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    await eventually('both run', () => gate.calls.length === 2);
    gate.calls[1]?.resolve('second');
    gate.calls[0]?.resolve('first');
    await eventually('both are answered', () => text.includes('second'));
    expect(text.indexOf('first')).toBeLessThan(text.indexOf('second'));
  });
});
