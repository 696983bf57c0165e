import { type HandlerContext, McpServer } from 'mcp-express';
import { type Deferred, deferred } from './wait.js';

export const SERVER_INFO = { name: 'test-server', version: '1.2.3' };

/** A server with the tools most tests need; each test adds its own. */
export function testServer(): McpServer {
  const mcp = new McpServer(SERVER_INFO);
  addEcho(mcp);
  return mcp;
}

const TEXT_ARGUMENT = { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] } as const;

/** Answers at once with its argument. */
export function addEcho(mcp: McpServer, count: { calls: number } = { calls: 0 }): { calls: number } {
  mcp.registerTool('echo', { description: 'Says it again.', inputSchema: TEXT_ARGUMENT }, ({ text }) => {
    count.calls += 1;
    return String(text);
  });
  return count;
}

/** One run of a gated tool: it is finished by the test. */
export interface GatedCall extends Deferred<string> {
  readonly ctx: HandlerContext;
  readonly args: Readonly<Record<string, unknown>>;
  /** Fires with the abort of its signal. */
  readonly aborted: Promise<void>;
}

export interface Gate {
  /** The calls that have begun, in order. */
  readonly calls: readonly GatedCall[];
  /** The next call that begins, or one that has and was not taken yet. */
  begun(): Promise<GatedCall>;
}

/** A tool that runs until the test lets it finish. */
export function addGate(mcp: McpServer, name = 'gate'): Gate {
  const calls: GatedCall[] = [];
  const waiting: ((call: GatedCall) => void)[] = [];
  const untaken: GatedCall[] = [];
  mcp.registerTool(name, { inputSchema: { type: 'object' } }, (args, ctx) => {
    const aborted = new Promise<void>((resolve) => {
      ctx.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    const call: GatedCall = { ...deferred<string>(), ctx, args, aborted };
    calls.push(call);
    const taker = waiting.shift();
    if (taker === undefined) untaken.push(call);
    else taker(call);
    return call.promise;
  });
  return {
    calls,
    begun: () => {
      const call = untaken.shift();
      return call === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(call);
    },
  };
}

/** Reports progress 0, 1, ... without ever waiting, and returns at once. */
export function addBurst(mcp: McpServer, name = 'burst'): void {
  mcp.registerTool(name, { inputSchema: { type: 'object' } }, ({ count }, ctx) => {
    for (let step = 0; step < Number(count); step += 1) void ctx.progress(step, Number(count), `step ${step}`);
    return 'done';
  });
}
