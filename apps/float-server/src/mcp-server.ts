import { McpServer } from 'mcp-express';
import { tools } from './tools/index.js';
import type { ToolDeps } from './tools/tool.js';

const INSTRUCTIONS = [
  'Resource planning of a team in Float: people, projects, scheduled work, time off and logged time.',
  'Answer questions about availability with who-is-free and who-is-overbooked: they do the arithmetic of working days,',
  'part-time hours, leave and holidays. Use the find- tools for records.',
  'Names work wherever an id does. Dates are YYYY-MM-DD; ranges may be words such as "next week".',
  'Hours of an allocation are per day and per person. delete-record cannot be undone: show its preview to the user first.',
].join(' ');

/** The MCP server with every tool: made once, shared by all clients. */
export function createFloatServer(deps: ToolDeps): McpServer {
  const mcp = new McpServer(
    { name: 'float', version: '0.1.0', title: 'Float resource planning' },
    { instructions: INSTRUCTIONS },
  );
  for (const tool of tools) tool.register(mcp, deps);
  return mcp;
}
