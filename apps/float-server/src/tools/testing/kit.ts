/** Test kit of the tools: the real tools and client on a real sandbox, without MCP in between. */
import {
  type CreateOf,
  createFloatClient,
  type FloatClient,
  type IdOf,
  idField,
  type ResourceKey,
  resourceOf,
} from 'float-api';
import { createSandbox, type Form, type Sandbox } from 'float-sandbox';
import { type CallToolResult, type HandlerContext, McpError, type McpServer } from 'mcp-express';
import type * as z from 'zod';
import { tools } from '../index.js';
import { ALL_SPECS } from '../records/more-specs.js';
import type { FloatTool, ToolDeps } from '../tool.js';
import { recordTools } from './record-tools.js';

type ElicitResult = Awaited<ReturnType<HandlerContext['elicit']>>;

interface Registered {
  readonly config: { readonly inputSchema: z.ZodObject; readonly outputSchema: z.ZodObject };
  handler(args: unknown, ctx: HandlerContext): Promise<CallToolResult>;
}

/** The tools on a sandbox, with everything a test inspects. */
export interface Kit {
  readonly api: FloatClient;
  readonly sandbox: Sandbox;
  /** Requests to the sandbox, such as `GET /people`. */
  readonly requests: string[];
  /** The date on which tools are called. Starts as `TODAY`; the sandbox stays at `TODAY`. */
  readonly clock: { today: string };
  readonly progress: (readonly [done: number, total: number | undefined, message: string | undefined])[];
  call(tool: string, args?: Record<string, unknown>, signal?: AbortSignal): Promise<CallToolResult>;
  /** The user behind the client. Without `answer`, the client does not support elicitation. */
  readonly user: { answer?: ElicitResult['action'] | undefined; readonly asked: string[] };
  /** Creates a record directly in the sandbox and returns its id. */
  add<K extends ResourceKey>(key: K, body: CreateOf<K>): Promise<number>;
  close(): Promise<void>;
}

const EVERY_TOOL = [...tools, ...recordTools(ALL_SPECS)];

/** A Monday. */
export const TODAY = '2026-11-23';

/** Settings of a kit. */
export interface KitOptions {
  readonly seed: boolean;
  /** Path of the sandbox's database file. @default in memory */
  readonly database?: string;
  /** @default the tools clients see, and find and save tools of every resource */
  readonly tools?: readonly FloatTool[];
  /** E-mail address or Float id of the caller. @default unknown */
  readonly caller?: string;
  /** Variants of Float's responses that the sandbox imitates. */
  readonly forms?: readonly Form[];
}

/** Opens a sandbox and registers the tools on it. */
export async function openKit({
  seed,
  database,
  tools: wanted = EVERY_TOOL,
  caller,
  forms = [],
}: KitOptions): Promise<Kit> {
  const requests: string[] = [];
  const progress: Kit['progress'] = [];
  const clock = { today: TODAY };
  const onRequest = (method: string, path: string) => requests.push(`${method} ${path}`);
  const sandbox = createSandbox({ today: TODAY, seed, database, limits: false, onRequest, settings: { forms } });
  const { url } = await sandbox.listen();
  const once = { attempts: 1 };
  const api = createFloatClient({ baseUrl: url, apiKey: 'test', userAgent: 'test', limits: false, retry: once });
  const registered = register(wanted, { api, today: () => clock.today, callerOf: () => caller });
  const user: Kit['user'] = { asked: [] };
  return {
    api,
    sandbox,
    requests,
    clock,
    progress,
    user,
    async call(name, args = {}, signal = new AbortController().signal) {
      const tool = registered.get(name);
      if (tool === undefined) throw new TypeError(`no tool "${name}"`);
      const report: HandlerContext['progress'] = async (...args) => void progress.push([args[0], args[1], args[2]]);
      const elicit = async ({ message }: { message: string }) => answerOf(user, message);
      return checkedCall(tool, args, { signal, progress: report, elicit } as unknown as HandlerContext);
    },
    async add(key, body) {
      const record: Record<string, unknown> = await api.create(key, body);
      return record[idField(resourceOf(key))] as IdOf<'people'>;
    },
    async close() {
      await api.close();
      await sandbox.close();
    },
  };
}

async function answerOf({ answer, asked }: Kit['user'], message: string): Promise<ElicitResult> {
  if (answer === undefined) throw new McpError('capability-missing', 'The client cannot be asked');
  asked.push(message);
  return answer === 'accept' ? { action: answer, content: { go_ahead: true } } : { action: answer };
}

function register(all: readonly FloatTool[], deps: ToolDeps): ReadonlyMap<string, Registered> {
  const registered = new Map<string, Registered>();
  const registry = {
    registerTool: (name: string, config: Registered['config'], handler: Registered['handler']) =>
      registered.set(name, { config, handler }),
  };
  for (const tool of all) tool.register(registry as unknown as McpServer, deps);
  return registered;
}

/** Validates arguments and result against the tool's schemas, as the registry of mcp-express does. */
async function checkedCall(
  { config, handler }: Registered,
  args: unknown,
  ctx: HandlerContext,
): Promise<CallToolResult> {
  // Tests look at whole answers, where a tool has levels of detail and the test names none.
  const whole = config.inputSchema.safeParse({ detail: 'full', ...(args as object) });
  const checked = whole.success ? whole : config.inputSchema.safeParse(args);
  if (!checked.success) {
    const issues = checked.error.issues.map(({ path, message }) => [...path, message].join(': '));
    return { content: [{ type: 'text', text: issues.join('; ') }], isError: true };
  }
  const result = await handler(checked.data, ctx);
  if (result.isError === true) return result;
  // Clients reject a property that the schema lacks, so it must not be dropped silently here.
  const structured = JSON.stringify(config.outputSchema.parse(result.structuredContent));
  if (structured !== JSON.stringify(result.structuredContent)) throw new TypeError(`not in the schema: ${structured}`);
  return result;
}

/** The first text of a result. */
export function textOf({ content: [first] }: CallToolResult): string {
  return first?.type === 'text' ? first.text : '';
}
