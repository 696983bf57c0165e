import { createClient } from 'redis';
import { median } from './statistics.js';

/** Prints how long Redis takes to answer, in milliseconds. Arguments: its URL, and how often it is asked. */
const [url = '', count = '1'] = process.argv.slice(2);
const client = await createClient({ url }).connect();
const times: number[] = [];
for (let ping = 0; ping < Number(count); ping += 1) {
  const beganAt = performance.now();
  await client.ping();
  times.push(performance.now() - beganAt);
}
client.destroy();
process.stdout.write(String(median(times)));
