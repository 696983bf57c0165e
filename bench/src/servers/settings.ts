import { type BenchTool, toolsOf, USUAL_TOOLS } from '../tools.js';

/** The tools that this server is to offer: the benchmark says how many. */
export const SERVED_TOOLS: readonly BenchTool[] = toolsOf(Number(process.env['BENCH_TOOLS'] ?? USUAL_TOOLS));

/** The guards of mcp-express that are to be off, by name. */
export const GUARDS_OFF: readonly string[] = (process.env['BENCH_GUARDS_OFF'] ?? '').split(',').filter(Boolean);

/** Where sessions are to live, if not in memory. */
export const REDIS_URL: string | undefined = process.env['BENCH_REDIS_URL'];

/** Whether it is to offer the tool `emit`. */
export const EMITS: boolean = process.env['BENCH_STREAMS'] !== undefined;

/** Whether it is to keep all that `emit` says for clients that come back. */
export const KEEPS_EVERYTHING: boolean = process.env['BENCH_STREAMS'] === 'kept';
