import { McpServer } from 'mcp-express';
import type { Toolset } from './config.js';
import type { ToolDeps } from './tools/tool.js';
import { toolsOf } from './tools/toolset.js';

const ABOUT = 'Resource planning of a team in Float: people, projects, scheduled work, time off and logged time.';
const RULES = [
  'Names work wherever an id does. Dates are YYYY-MM-DD; ranges may be words such as "next week".',
  'Hours of an allocation are per day and per person. What is deleted cannot be brought back: archive instead, and show',
  'the preview of a tool that asks to the user before saying confirm: true.',
].join(' ');

/** How to find the right tool, which depends on those there are. */
const ADVICE: Readonly<Record<Toolset, string>> = {
  consolidated:
    'Questions have tools of their own (who-is-free, who-is-overbooked and so on): they do the arithmetic of working ' +
    'days, part-time hours, leave and holidays. Use find-record and save-record for records without a tool of their own.',
  granular: 'Each resource has list-, get-, create-, update- and delete- tools, as far as Float offers them.',
  aliases: 'Tools under older names take the arguments of the tools they stand for.',
};

/** The MCP server with its tools: made once, shared by all clients. */
export function createFloatServer(deps: ToolDeps, toolsets: readonly Toolset[] = ['consolidated']): McpServer {
  const mcp = new McpServer(
    { name: 'float', version: '0.1.0', title: 'Float resource planning' },
    { instructions: [ABOUT, ...toolsets.map((set) => ADVICE[set]), RULES].join(' ') },
  );
  for (const tool of toolsOf(toolsets)) tool.register(mcp, deps);
  return mcp;
}
