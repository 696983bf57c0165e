import { expect, test } from '@jest/globals';
import { CLIENTS, CLIENTS_WITHOUT_SESSION, type OfficialClient } from '../e2e/clients.js';
import { Cluster } from './cluster/cluster.js';
import { FLOAT_SERVER } from './paths.js';

const ALL = [...Object.values(CLIENTS), ...Object.values(CLIENTS_WITHOUT_SESSION)];
const EACH = 3;

interface Tally {
  calls: number;
  /** Requests that nginx itself failed. */
  again: number;
  readonly failures: string[];
}

/** Calls who-is-free until it is stopped: each progress notification once and in order, then the response. */
async function askOn(client: OfficialClient, tally: Tally, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const heard: number[] = [];
    let steps = -1;
    const onprogress = ({ progress, total }: { progress: number; total?: number | undefined }) => {
      heard.push(progress);
      steps = total ?? -1;
    };
    try {
      const { text, isError } = await client.call('who-is-free', { range: 'this week' }, { onprogress });
      const isWhole = heard.length === steps && heard.every((step, index) => step === index + 1);
      const came = `${heard.join(' ')} of ${steps}: ${text.slice(0, 200)}`;
      if (isError || !/people have free hours/.test(text) || !isWhole) tally.failures.push(came);
    } catch (cause) {
      // A load balancer must not repeat a request sent on a kept connection just as it closed. The client of a read may repeat it.
      if (/502 Bad Gateway/.test(String(cause))) tally.again += 1;
      else tally.failures.push(String(cause));
    }
    tally.calls += 1;
  }
}

test('three float-servers behind nginx, restarted one after the other under load: no call fails (R2, R12, R13, R38)', async () => {
  const env = { LOG_LEVEL: 'silent', FLOAT_TIME_ZONE: 'UTC' };
  const cluster = await Cluster.start({ main: FLOAT_SERVER, store: 'redis', nodes: 3, nginx: true, env });
  try {
    const connecting = ALL.flatMap((connect) => Array.from({ length: EACH }, () => connect(cluster.url)));
    const clients = await Promise.all(connecting);
    const stop = new AbortController();
    const tally: Tally = { calls: 0, again: 0, failures: [] };
    const asking = clients.map((client) => askOn(client, tally, stop.signal));
    for (const node of cluster.nodes) {
      const before = tally.calls;
      await node.drain();
      await node.start();
      // All of them were called meanwhile.
      expect(tally.calls).toBeGreaterThan(before);
    }
    stop.abort();
    await Promise.all(asking);
    process.stdout.write(
      `rolling restart: ${tally.calls} calls, ${tally.again} asked again, ${tally.failures.length} failed\n`,
    );
    expect(tally.again).toBeLessThanOrEqual(clients.length);
    expect([tally.failures, cluster.crashed]).toEqual([[], []]);
    await Promise.all(clients.map((client) => client.close()));
    const figures = await Promise.all(cluster.nodes.map((node) => node.stats()));
    expect(figures.map((stats) => [stats?.['sessions'], stats?.['calls']])).toEqual(figures.map(() => [0, 0]));
  } finally {
    await cluster.stop();
  }
}, 120_000);
