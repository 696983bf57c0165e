import { setTimeout as delay } from 'node:timers/promises';
import type { HandlerContext, McpServer } from 'mcp-express';
import { z } from 'zod';
import type { Journal } from './journal.js';

/** The id of the call. Results and events contain it, so that misdirected messages are found. */
const call = z.string();

type Work = (ctx: HandlerContext) => Promise<string>;

/** Registers the tools of a chaos node. */
export function registerTools(mcp: McpServer, journal: Journal): void {
  const run = async (name: string, ctx: HandlerContext, work: Work): Promise<string> => {
    journal.write(name, Object.keys(ctx.inputResponses).length === 0 ? 'begun' : 'begun again');
    const onAbort = () => journal.write(name, 'aborted');
    if (ctx.signal.aborted) onAbort();
    else ctx.signal.addEventListener('abort', onAbort, { once: true });
    try {
      const said = await work(ctx);
      journal.write(name, 'ended');
      return said;
    } catch (cause) {
      journal.write(name, 'failed', cause);
      throw cause;
    }
  };

  mcp.registerTool('echo', { inputSchema: { call } }, (args, ctx) => run(args.call, ctx, async () => done(args.call)));

  mcp.registerTool('work', { inputSchema: { call, ms: z.number() } }, (args, ctx) =>
    run(args.call, ctx, async ({ signal }) => {
      await delay(args.ms, undefined, { signal });
      return done(args.call);
    }),
  );

  mcp.registerTool('count', { inputSchema: { call, steps: z.number(), everyMs: z.number() } }, (args, ctx) =>
    run(args.call, ctx, async ({ signal }) => {
      for (let step = 1; step <= args.steps; step += 1) {
        await ctx.progress(step, args.steps, args.call);
        await delay(args.everyMs, undefined, { signal });
      }
      return done(args.call);
    }),
  );

  mcp.registerTool('ask', { inputSchema: { call } }, (args, ctx) =>
    run(args.call, ctx, async () => {
      const { content } = await ctx.elicit({ message: args.call, requestedSchema: ANSWER }, { key: 'answer' });
      journal.write(args.call, 'heard');
      return done(`${args.call} ${String(content?.['answer'])}`);
    }),
  );

  mcp.registerTool('wait', { inputSchema: { call } }, (args, ctx) =>
    run(args.call, ctx, async ({ signal }) => {
      await delay(WAIT_MS, undefined, { signal });
      return done(args.call);
    }),
  );
}

/** Longer than a client tries to cancel a call. Milliseconds. */
const WAIT_MS = 180_000;

const ANSWER = { type: 'object', properties: { answer: { type: 'string' } }, required: ['answer'] } as const;

function done(what: string): string {
  return `done ${what}`;
}
