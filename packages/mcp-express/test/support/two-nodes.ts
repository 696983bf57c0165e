import type { NextFunction, Request, Response } from 'express';
import { type McpRouter, type McpServer, mcpRouter, type RouterOptions, type RouterStats } from 'mcp-express';
import { redisStore } from 'mcp-express/redis';
import { onCleanup } from './cleanup.js';

let count = 0;

/** Two routers with a store each on one Redis, which answer in turns, behind the interface of one router. */
export function twoNodes(mcp: McpServer, options: RouterOptions | undefined, url: string): McpRouter {
  count += 1;
  const prefix = `two-${process.pid}-${count}:`;
  const nodes = [0, 1].map(() => {
    const store = redisStore({ url, prefix });
    const node = mcpRouter(mcp, { ...options, store });
    onCleanup(() => store.close());
    return node;
  }) as [McpRouter, McpRouter];
  let turn = 0;
  const router = (request: Request, response: Response, next: NextFunction): void => {
    turn += 1;
    nodes[turn % 2 === 0 ? 0 : 1](request, response, next);
  };
  return Object.assign(router, {
    mcp,
    notify: nodes[0].notify,
    sessions: nodes[0].sessions,
    calls: nodes[0].calls,
    stats: async () => sumOf(await Promise.all(nodes.map((node) => node.stats()))),
    isReady: () => nodes[0].isReady(),
    close: async (drain?: { graceMs?: number }) => void (await Promise.all(nodes.map((node) => node.close(drain)))),
  });
}

/** Sessions are in the shared store; everything else belongs to each node. */
function sumOf(all: readonly RouterStats[]): RouterStats {
  const sum = (part: keyof RouterStats): number => all.reduce((total, stats) => total + stats[part], 0);
  return {
    sessions: all[0]?.sessions ?? 0,
    calls: sum('calls'),
    streams: sum('streams'),
    listeners: sum('listeners'),
    tasks: sum('tasks'),
    slowReaders: sum('slowReaders'),
    stalledReaders: sum('stalledReaders'),
    droppedNotifications: sum('droppedNotifications'),
  };
}
