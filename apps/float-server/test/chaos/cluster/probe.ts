import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Disturbances } from './disturbances.js';

const EVERY_MS = 200;

/** Half of the time limit of store commands. Longer replies mean that commands of nodes have failed or may fail. Milliseconds. */
const SLOW_MS = 1_000;

/**
 * Sends PING to Redis repeatedly through a proxy that is never cut. On an overloaded machine Redis may be unavailable without an
 * injected fault.
 */
export async function probe(port: number, disturbances: Disturbances, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const from = performance.now();
    const isThere = await pinged(port);
    const to = performance.now();
    if (!isThere || to - from > SLOW_MS) disturbances.note({ what: 'store away', from, to });
    await delay(EVERY_MS);
  }
}

function pinged(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('data', () => socket.destroy());
    socket.once('error', () => {});
    socket.once('close', (hadError) => resolve(!hadError && socket.bytesRead > 0));
  });
}
