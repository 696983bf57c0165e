import { setTimeout as delay } from 'node:timers/promises';
import { quantile } from '../statistics.js';
import { sessionHead } from '../wire/head.js';
import { RawClient } from '../wire/raw-client.js';
import { openSession } from '../wire/sessions.js';

/** The calls of a well-behaved client: small ones in its own session, one after the other. */
export interface Measured {
  readonly calls: number;
  /** Calls that were not answered with their result. */
  readonly failed: number;
  /** Milliseconds. */
  readonly p99: number;
}

/** Between two calls, so that the bystander is no load by itself. */
const PAUSE_MS = 2;

const port = Number(process.argv[2]);
let client = await RawClient.open(port);
const session = await openSession(client, port);
const head = sessionHead(port, session);

let measuring: { readonly times: number[]; failed: number } | undefined;

process.on('disconnect', () => process.exit());
process.on('message', (order: 'begin' | 'end') => {
  if (order === 'begin') {
    measuring = { times: [], failed: 0 };
    return;
  }
  const { times, failed } = measuring ?? { times: [], failed: 0 };
  measuring = undefined;
  const measured: Measured = { calls: times.length, failed, p99: quantile(times, 0.99) };
  process.send?.(measured);
});
process.send?.('ready');

for (let id = 1; ; id += 1) {
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id,
    method: 'tools/call',
    params: { name: 'echo', arguments: { text: `call ${id}` } },
  });
  const current = measuring;
  const begin = performance.now();
  const isGood = await call(body, `call ${id}`);
  if (current !== undefined) {
    current.times.push(performance.now() - begin);
    if (!isGood) current.failed += 1;
  }
  await delay(PAUSE_MS);
}

async function call(body: string, expected: string): Promise<boolean> {
  try {
    const { status, text } = await client.post(head, body);
    return status === 200 && text().includes(expected);
  } catch {
    client.close();
    client = await RawClient.open(port);
    return false;
  }
}
