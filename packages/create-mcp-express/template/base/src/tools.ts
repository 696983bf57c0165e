import { McpServer } from 'mcp-express';
import { z } from 'zod';

/** The MCP server. Tools are registered once and serve all clients. */
export const mcp = new McpServer({ name: '{{NAME}}', version: '1.0.0' });

mcp.registerTool(
  'add-days',
  {
    title: 'Add days to a date',
    description: 'Returns the date that is a number of days after another one, or before it if the number is negative.',
    inputSchema: z.object({
      date: z.iso.date().describe('The date to start from, such as 2026-07-28'),
      days: z.int().min(-100_000).max(100_000).describe('The number of days'),
    }),
    annotations: { readOnlyHint: true, openWorldHint: false },
  },
  ({ date, days }) => {
    const result = new Date(date);
    result.setUTCDate(result.getUTCDate() + days);
    return result.toISOString().slice(0, 10);
  },
);
