import { expect, test } from '@jest/globals';
import { McpServer } from 'mcp-express';
import { bearerAuth } from 'mcp-express/auth';
import { Modern } from '../spec/modern/client.js';
import { NEWEST, openSession } from '../support/session.js';
import { startServer } from '../support/start-server.js';

/*
 * A request that was let in just before its server closes, and is still being authenticated when nothing runs any more: its
 * call would begin on a node that has given up its lease, and outlive it.
 */
test.each(['sessions', '2026-07-28'])(
  'a request that is not a call yet when the server has closed is 503, and its tool does not run, in %s (R38, invariant 8)',
  async (era) => {
    const runs: string[] = [];
    const mcp = new McpServer({ name: 'closing', version: '1' });
    mcp.registerTool('run', {}, () => {
      runs.push(era);
      return 'ran';
    });
    let gate: Promise<void> | undefined;
    let onVerifying = (): void => {};
    const verifying = new Promise<void>((resolve) => {
      onVerifying = resolve;
    });
    const verify = async () => {
      if (gate !== undefined) onVerifying();
      await gate;
      return { subject: 'ada' };
    };
    const { url, router } = await startServer({ mcp, options: { auth: bearerAuth({ verify }) } });
    const headers = { authorization: 'Bearer t' };
    const session = await openSession(url, NEWEST, headers);
    let open = (): void => {};
    gate = new Promise((resolve) => {
      open = resolve;
    });
    const answering =
      era === 'sessions' ? session.call('run', {}, 1, { headers }) : new Modern(url).call('run', {}, { headers });
    await verifying;
    await router.close({ graceMs: 1_000 });
    open();
    const answer = await answering;
    expect([answer.status, answer.json.error?.data.reason]).toEqual([503, 'shutting-down']);
    expect(answer.headers['retry-after']).toMatch(/^[1-9]\d*$/);
    expect(runs).toEqual([]);
  },
);
