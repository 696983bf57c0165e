import { type BenchTool, toolsOf, USUAL_TOOLS } from '../tools.js';

/** The tools of this server, as many as the benchmark asks for. */
export const SERVED_TOOLS: readonly BenchTool[] = toolsOf(Number(process.env['BENCH_TOOLS'] ?? USUAL_TOOLS));

/** Names of the guards of mcp-express to switch off. */
export const GUARDS_OFF: readonly string[] = (process.env['BENCH_GUARDS_OFF'] ?? '').split(',').filter(Boolean);

/** The Redis of the sessions; `undefined` for sessions in memory. */
export const REDIS_URL: string | undefined = process.env['BENCH_REDIS_URL'];

/** Whether to offer the tool `emit`. */
export const EMITS: boolean = process.env['BENCH_STREAMS'] !== undefined;

/** Whether to keep all notifications of `emit` for clients that resume. */
export const KEEPS_EVERYTHING: boolean = process.env['BENCH_STREAMS'] === 'kept';
