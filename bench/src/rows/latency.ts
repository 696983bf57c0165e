import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Target } from '../comparison/load.js';
import { median } from '../statistics.js';
import { RawClient } from '../wire/raw-client.js';

/** The median time of calls that are made one after another, in milliseconds. */
export async function callLatency({ port, heads, requests }: Target, count: number): Promise<number> {
  const client = await RawClient.open(port);
  const times: number[] = [];
  for (let call = 0; call < count; call += 1) {
    const { headers, body } = requests[call % requests.length]!;
    const beganAt = performance.now();
    const { status } = await client.post(heads[0]! + headers, body);
    times.push(performance.now() - beganAt);
    if (status !== 200) throw new Error(`status ${status}`);
  }
  client.close();
  return median(times);
}

/** The median time of `PING` in milliseconds, from the core of the servers by the client that they use. */
export async function pingLatency(redisUrl: string, count: number, core: number | undefined): Promise<number> {
  const file = fileURLToPath(new URL('../ping.js', import.meta.url));
  const node = [process.execPath, file, redisUrl, String(count)];
  const [command, ...args] = core === undefined ? node : ['taskset', '-c', String(core), ...node];
  const child = spawn(command!, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`ping ended with ${code}`);
  return Number(said);
}
