import { bestOf, leastOf, ratios } from '../statistics.js';
import { FASTMCP, HONO_MCP, LISTEN, MCP_LITE, OFFICIAL, SDK_V2_HANDLER, SERVE, TMCP } from '../subjects.js';
import { comparisonRow } from './row.js';

const PEERS = [TMCP, FASTMCP, MCP_LITE, HONO_MCP, ...OFFICIAL, SDK_V2_HANDLER].map((subject) => ({ subject }));

/** A mixed load against all other MCP servers. */
export const ROW_8 = comparisonRow({
  name: '8',
  what: 'mixed load of 1 list per 9 calls, 50 connections',
  against: 'tmcp, FastMCP, mcp-lite, MCP on Hono, the official SDKs, each as its docs mount it',
  comparison: {
    name: 'mixed',
    asks: '9 `tools/call` for each `tools/list`, 20 tools',
    workload: { kind: 'mixed', era: 'sessions' },
    entrants: [{ subject: SERVE }, { subject: LISTEN }, ...PEERS],
  },
  judge: (results) => [
    {
      what: 'throughput of the best peer',
      found: ratios(results.of({ subject: SERVE }), bestOf(results.ofAll(PEERS))),
      unit: 'times',
      target: { least: 1 },
    },
    {
      what: 'lowest p95 of a peer',
      found: ratios(
        results.of({ subject: SERVE }, ({ p95Ms }) => p95Ms),
        leastOf(results.ofAll(PEERS, ({ p95Ms }) => p95Ms)),
      ),
      unit: 'times',
      target: { most: 1 },
    },
  ],
});
