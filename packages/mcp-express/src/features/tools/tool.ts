import type { InputRequired } from '../../protocol/client-requests.js';
import { ConfigurationError, kindOf } from '../../protocol/errors.js';
import type { CallToolResult, Icon, JsonSchema, ToolAnnotations } from '../../protocol/mcp.js';
import { isScope } from '../../protocol/scope.js';
import type { Listed } from '../../registry/listing.js';
import { listedEntry, toolHints } from '../../registry/optional-members.js';
import { assertRegistration, TOOL } from '../../registry/registration.js';
import type { Visible } from '../../registry/visibility.js';
import { CallContext, type HandlerContext } from '../../request/context.js';
import { isInputRequired } from '../../request/input-required.js';
import type { RunningCall } from '../../request/running-call.js';
import { failureText } from '../../request/thrown-result.js';
import { type CompiledSchema, issuesText } from '../../schema/compiled-schema.js';
import { compileOptional, type Infer, type SchemaSource } from '../../schema/schema.js';
import type { AroundHandler } from '../middleware/handler-middleware.js';
import type { ResultBudget, ResultPlace } from './result-budget.js';
import { type HeaderParam, headerParamsOf, warnOfUnderscores } from './tool-headers.js';
import { resultTextOf } from './tool-result.js';
import { compileTask, type TaskConfig, type TaskRules } from './tool-task.js';

/** The definition of a tool. */
export interface ToolConfig<I extends SchemaSource | undefined, O extends SchemaSource | undefined> {
  /** A name for users. */
  readonly title?: string;
  /** Tells the model what the tool does and when to use it. */
  readonly description?: string;
  /**
   * The arguments. They are validated before the handler runs.
   * @default no arguments
   */
  readonly inputSchema?: I;
  /**
   * The structured result, any JSON value. The handler's return value is validated. In sessions only objects are
   * possible: schemas of other types are not listed, and the value is sent as text.
   * @default none
   */
  readonly outputSchema?: O;
  readonly annotations?: ToolAnnotations;
  /**
   * Longest duration of a call, in milliseconds. After that the signal fires and the client gets an error.
   * @default the router's `callTimeoutMs`
   */
  readonly timeoutMs?: number;
  /**
   * Decides for which principals the tool exists. For others it is not listed, and calls get the error for unknown
   * tools.
   * @default all
   */
  readonly visible?: Visible;
  /**
   * OAuth scopes that a caller needs. Calls without them get 403 and a challenge that names the missing scopes, before
   * the handler runs. The tool is listed anyway.
   * @default none
   */
  readonly scopes?: readonly string[];
  /**
   * Runs calls as tasks for clients that support them.
   * @default never
   */
  readonly task?: TaskConfig;
  /**
   * Most bytes of text in a result. A longer text is kept as resources that the result links. 0 disables the limit.
   * @default the router's `maxResultBytes`
   */
  readonly maxResultBytes?: number;
  readonly icons?: Icon[];
  readonly _meta?: Record<string, unknown>;
}

/**
 * The return value of a tool handler: a result of the protocol, a string or, with an output schema, the structured
 * value.
 */
export type ToolReturn<O> = CallToolResult | InputRequired | (O extends SchemaSource ? Infer<O> : string);

/** Handles calls of a tool. Without `inputSchema` it gets the context only. */
export type ToolHandler<I, O> = I extends SchemaSource
  ? (args: Infer<I>, ctx: HandlerContext) => ToolReturn<O> | Promise<ToolReturn<O>>
  : (ctx: HandlerContext) => ToolReturn<O> | Promise<ToolReturn<O>>;

/** The surroundings of one call of a tool. */
export interface ToolRun extends ResultPlace {
  /** The middleware around the handler. */
  readonly around?: AroundHandler | undefined;
}

/** A tool compiled at registration. */
export interface CompiledTool extends Listed {
  readonly timeoutMs: number | undefined;
  readonly scopes: readonly string[];
  readonly task: TaskRules | undefined;
  /** Arguments that clients repeat as HTTP headers (`x-mcp-header`). */
  readonly headerParams: readonly HeaderParam[];
  /** The result as JSON text, or the input that the handler requires. Rejects with the error of the handler. */
  call(args: unknown, scope: RunningCall, run: ToolRun): Promise<string | InputRequired>;
}

/** The characters that all clients accept in tool names (SEP-986). */
const TOOL_NAME = /^[A-Za-z0-9_.-]{1,128}$/;

const NO_ARGUMENTS: JsonSchema = { type: 'object', properties: {} };

type AnyHandler = (...args: unknown[]) => unknown;
type AnyConfig = ToolConfig<SchemaSource | undefined, SchemaSource | undefined>;

/** @throws ConfigurationError when the name, the config or a schema is invalid */
export function compileTool(name: string, config: AnyConfig, handler: AnyHandler): CompiledTool {
  assertRegistration({ name, config, handler }, TOOL);
  if (!TOOL_NAME.test(name)) {
    throw new ConfigurationError(
      `Tool name ${JSON.stringify(name)} must be 1 to 128 characters of letters, digits, "_", "-" and "."`,
    );
  }
  assertTimeout(config.timeoutMs, name);
  assertMaxBytes(config.maxResultBytes, name);
  const input = compileOptional(config.inputSchema, `inputSchema of tool "${name}"`, 'input');
  const output = compileOptional(config.outputSchema, `outputSchema of tool "${name}"`, 'output');
  const mirrored = input === undefined ? [] : headerParamsOf(input.json, `inputSchema of tool "${name}"`);
  warnOfUnderscores(mirrored, `inputSchema of tool "${name}"`);
  const budgetOf = ({ kept, whose }: ToolRun): ResultBudget => ({
    kept,
    whose,
    maxBytes: config.maxResultBytes ?? kept.maxBytes,
  });
  const answer = (returned: unknown, scope: RunningCall, run: ToolRun): Promise<string> | string | InputRequired =>
    isInputRequired(returned) ? returned : resultTextOf(name, returned, output, { scope, budget: budgetOf(run) });
  return {
    key: name,
    timeoutMs: config.timeoutMs,
    visible: config.visible,
    scopes: scopesOf(config.scopes, name),
    task: config.task && compileTask(config.task, name),
    headerParams: mirrored,
    listing: listingOf(name, config, input, output),
    sessionListing: givesObject(output) ? undefined : listingOf(name, config, input, undefined),
    call: async (args, scope, run) => {
      const ctx = new CallContext(scope);
      let given = args;
      if (input !== undefined) {
        const pending = input.check(args ?? {});
        const checked = pending instanceof Promise ? await pending : pending;
        if (!('value' in checked)) {
          return failureText(`Invalid arguments for tool "${name}": ${issuesText(checked)}`, scope);
        }
        given = checked.value;
      }
      if (run.around === undefined) {
        return answer(await (input === undefined ? handler(ctx) : handler(given, ctx)), scope, run);
      }
      return run.around(given, {
        run: async (changed) => answer(await (input === undefined ? handler(ctx) : handler(changed, ctx)), scope, run),
        // Structured content that is unchanged was checked before, and a schema that transforms it may refuse it now.
        write: (result, isChanged) =>
          resultTextOf(name, result, isChanged('structuredContent') ? output : undefined, {
            scope,
            budget: budgetOf(run),
          }),
      });
    },
  };
}

function assertTimeout(timeoutMs: unknown, name: string): void {
  if (timeoutMs === undefined || (typeof timeoutMs === 'number' && timeoutMs >= 0)) return;
  const given = typeof timeoutMs === 'string' ? JSON.stringify(timeoutMs) : kindOf(timeoutMs);
  throw new ConfigurationError(`timeoutMs of tool "${name}" must be a number of 0 or more; it is ${given}`);
}

function assertMaxBytes(maxBytes: unknown, name: string): void {
  if (maxBytes === undefined || (Number.isSafeInteger(maxBytes) && (maxBytes as number) >= 0)) return;
  throw new ConfigurationError(
    `maxResultBytes of tool "${name}" must be a whole number of at least 0; it is ${kindOf(maxBytes)}`,
  );
}

function scopesOf(scopes: readonly string[] = [], tool: string): readonly string[] {
  if (Array.isArray(scopes) && scopes.every(isScope)) return scopes;
  throw new ConfigurationError(`"scopes" of tool "${tool}" must be an array of OAuth scopes`);
}

/** "outputSchema: type: "object"" in all revisions with sessions: clients would refuse the whole list otherwise. */
function givesObject(output: CompiledSchema | undefined): boolean {
  return output === undefined || output.json['type'] === 'object';
}

function listingOf(
  name: string,
  config: AnyConfig,
  input: CompiledSchema | undefined,
  output: CompiledSchema | undefined,
): Record<string, unknown> {
  const { title, description, icons } = config;
  const annotations = toolHints(config.annotations, `tool "${name}"`);
  const inputSchema = input?.json ?? NO_ARGUMENTS;
  const { _meta, ...listed } = listedEntry({ name, title, description, icons, _meta: config._meta }, `Tool "${name}"`);
  return { ...listed, inputSchema, outputSchema: output?.json, annotations, _meta };
}
