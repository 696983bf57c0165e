/** A substitute for Float's service: several teams behind one URL, selected by token. */

import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFloatClient, type FloatClient } from 'float-api';
import { createSandbox, type Sandbox } from 'float-sandbox';
import { onCleanup } from '../../../../packages/mcp-express/test/support/cleanup.js';
import { todayIn } from '../../src/app.js';

/** The substitute service. */
export interface Team {
  /** Base URL including the version. */
  readonly url: string;
  /** All requests, such as `GET /people`. */
  readonly seen: string[];
  sandbox(token: string): Sandbox;
  /** A client of Float that bypasses float-server. */
  planner(token: string): FloatClient;
}

/** Opens a sandbox per token behind one URL. */
export async function openTeam({ tokens }: { tokens: readonly [string, ...string[]] }): Promise<Team> {
  const seen: string[] = [];
  const onRequest = (method: string, path: string) => void seen.push(`${method} ${path}`);
  const teams = new Map<string, { sandbox: Sandbox; url: URL }>();
  for (const token of tokens) {
    const sandbox = createSandbox({ today: todayIn('UTC'), token, limits: false, onRequest });
    teams.set(token, { sandbox, url: new URL((await sandbox.listen()).url) });
  }
  const first = teams.get(tokens[0]) as { url: URL };
  // The first sandbox rejects wrong tokens.
  const front = createServer((asked, answer) => {
    const token = /^Bearer (.*)$/.exec(asked.headers.authorization ?? '')?.[1] ?? '';
    const { port } = (teams.get(token) ?? first).url;
    const { method, url: path, headers } = asked;
    const passed = request({ host: '127.0.0.1', port, method, path, headers }, (got) => {
      answer.writeHead(got.statusCode ?? 502, got.headers);
      got.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    asked.pipe(passed);
  }).listen(0, '127.0.0.1');
  await once(front, 'listening');
  const url = `http://127.0.0.1:${(front.address() as AddressInfo).port}${first.url.pathname}`;
  const planners: FloatClient[] = [];
  onCleanup(async () => {
    await Promise.all(planners.map((planner) => planner.close()));
    front.closeAllConnections();
    front.close();
    for (const { sandbox } of teams.values()) await sandbox.close();
  });
  return {
    url,
    seen,
    sandbox: (token) => (teams.get(token) as { sandbox: Sandbox }).sandbox,
    planner(token) {
      const planner = createFloatClient({ baseUrl: url, apiKey: token, userAgent: 'planner', limits: false });
      planners.push(planner);
      return planner;
    },
  };
}
