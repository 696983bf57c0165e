import { type HandlerContext, McpServer } from 'mcp-express';
import { type Deferred, deferred } from './wait.js';

/** The `serverInfo` of test servers. */
export const SERVER_INFO = { name: 'test-server', version: '1.2.3' };

/** A server with the tools that most tests need; each test adds its own. */
export function testServer(): McpServer {
  const mcp = new McpServer(SERVER_INFO);
  addEcho(mcp);
  return mcp;
}

const TEXT_ARGUMENT = { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] } as const;

/** A tool that returns its argument immediately. */
export function addEcho(mcp: McpServer, count: { calls: number } = { calls: 0 }): { calls: number } {
  mcp.registerTool('echo', { description: 'Says it again.', inputSchema: TEXT_ARGUMENT }, ({ text }) => {
    count.calls += 1;
    return String(text);
  });
  return count;
}

/** One run of a gated tool, which the test completes. */
export interface GatedCall extends Deferred<string> {
  readonly ctx: HandlerContext;
  readonly args: Readonly<Record<string, unknown>>;
  /** Resolves when its signal is aborted. */
  readonly aborted: Promise<void>;
}

/** Controls the runs of a gated tool. */
export interface Gate {
  /** The runs that have begun, in order. */
  readonly calls: readonly GatedCall[];
  /** The next run: one that has begun and was not returned yet, or the next to begin. */
  begun(): Promise<GatedCall>;
}

/** A tool that runs until the test completes it. */
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

/** A tool that reports progress 0, 1, … without awaiting it, and returns immediately. */
export function addBurst(mcp: McpServer, name = 'burst'): void {
  mcp.registerTool(name, { inputSchema: { type: 'object' } }, ({ count }, ctx) => {
    for (let step = 0; step < Number(count); step += 1) void ctx.progress(step, Number(count), `step ${step}`);
    return 'done';
  });
}
