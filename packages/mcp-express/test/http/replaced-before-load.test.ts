import { ServerResponse } from 'node:http';
import { afterAll, expect, test } from '@jest/globals';

/** Replaced before the package is loaded, as by an agent started with `--import`. */
let hooked = 0;
const { writeHead } = ServerResponse.prototype;
ServerResponse.prototype.writeHead = function (this: ServerResponse, ...args: unknown[]) {
  hooked += 1;
  this.setHeader('Set-Cookie', `n=${hooked}`);
  return (writeHead as (...args: unknown[]) => ServerResponse).apply(this, args);
} as typeof writeHead;

afterAll(() => {
  ServerResponse.prototype.writeHead = writeHead;
});

const { openSession, ping } = await import('../support/session.js');
const { startServer } = await import('../support/start-server.js');

test('the headers of an agent that was loaded first are set anew for each response (R23)', async () => {
  const session = await openSession((await startServer()).url);
  const before = hooked;
  for (let call = 1; call <= 5; call += 1) {
    const { headers, status } = await session.post(ping());
    expect([status, headers['set-cookie'], headers['content-type']]).toEqual([
      200,
      [`n=${before + call}`],
      'application/json',
    ]);
  }
  expect(hooked).toBe(before + 5);
});
