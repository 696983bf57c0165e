import { TOOLS } from './tools.js';

/** One `tools/call` and the answer it must get. */
export interface Call {
  readonly id: number;
  readonly body: string;
  readonly expected: string;
}

/** Ids of one length, so that every request of a tool is as long as any other. */
const FIRST_ID = 1_000_000;

let made = 0;

/** The next call, to each tool in turn. No two calls of a run have the same id, arguments or answer. */
export function nextCall(): Call {
  const tool = TOOLS[made % TOOLS.length]!;
  const id = FIRST_ID + made;
  made += 1;
  const args = tool.argumentsOf(id);
  return { id, body: callBody(id, tool.name, args), expected: tool.run(args) };
}

export function callBody(id: number, name: string, args: Record<string, unknown>): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: args } });
}
