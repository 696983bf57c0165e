import type { McpServer } from 'mcp-express';

/** Registers a tool that counts how often it ran: what nobody may bring about. */
export function addCounter(mcp: McpServer): { calls: number } {
  const count = { calls: 0 };
  mcp.registerTool('count', {}, () => {
    count.calls += 1;
    return String(count.calls);
  });
  return count;
}
