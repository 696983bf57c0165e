import { Agent, request as httpRequest } from 'node:http';
import { expect, test } from '@jest/globals';
import { onCleanup } from '../support/cleanup.js';
import { headOf, readAll } from '../support/raw-client.js';
import { startServer } from '../support/start-server.js';

test('a connection on which every request is refused before its body came keeps nothing of them (R23)', async () => {
  const { url, sockets } = await startServer();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onCleanup(() => agent.destroy());
  const refused = async (): Promise<number> => {
    const headers = { host: 'elsewhere.example', 'content-type': 'application/json', 'content-length': 2 };
    const request = httpRequest(url, { method: 'POST', agent, headers });
    request.flushHeaders();
    const answering = headOf(request);
    answering.then(
      () => request.end('{}'),
      () => {},
    );
    const { status } = await readAll(await answering);
    return status;
  };
  const listeners = (): number => [...sockets].reduce((sum, socket) => sum + socket.listenerCount('close'), 0);
  expect(await refused()).toBe(403);
  const afterOne = listeners();
  for (let count = 0; count < 30; count += 1) expect(await refused()).toBe(403);
  expect(sockets.size).toBe(1);
  // One more if the end of the last request was not processed yet.
  expect(listeners()).toBeLessThanOrEqual(afterOne + 1);
});
