import type { InputRequired } from '../../protocol/client-requests.js';
import { assertKnown, kindOf, McpError } from '../../protocol/errors.js';
import { isObject } from '../../protocol/json-rpc.js';
import type { GetPromptResult, Icon } from '../../protocol/mcp.js';
import { firstIssue, messageIssue, serialized } from '../../registry/content.js';
import type { Listed } from '../../registry/listing.js';
import { blocksWithoutNulls, listedEntry, memberIssue, resultWithoutNulls } from '../../registry/optional-members.js';
import { assertRegistration, PROMPT } from '../../registry/registration.js';
import type { Visible } from '../../registry/visibility.js';
import { CallContext, type HandlerContext } from '../../request/context.js';
import { isInputRequired } from '../../request/input-required.js';
import type { ResultWriter } from '../../request/result-writer.js';
import type { RunningCall } from '../../request/running-call.js';
import { type CompiledSchema, issuesText } from '../../schema/compiled-schema.js';
import { dereference } from '../../schema/dereference.js';
import { compileOptional, type Infer, type SchemaSource } from '../../schema/schema.js';
import { type Completers, checkedCompleters, completersOf } from '../completion/completion.js';
import type { AroundHandler } from '../middleware/handler-middleware.js';
import { assertTakesStrings } from './prompt-arguments.js';

/** The definition of a prompt. */
export interface PromptConfig<A extends SchemaSource | undefined> {
  /** A name for users. */
  readonly title?: string;
  readonly description?: string;
  /**
   * The arguments. All are strings in the protocol.
   * @default no arguments
   */
  readonly argsSchema?: A;
  /**
   * Completers by argument name, in addition to schemas marked with `completable`.
   * @default none
   */
  readonly complete?: Completers;
  /**
   * Decides for which principals the prompt exists. For others it is not listed, and `prompts/get` treats the name as
   * unknown.
   * @default all
   */
  readonly visible?: Visible;
  readonly icons?: Icon[];
  readonly _meta?: Record<string, unknown>;
}

/** Renders a prompt. Without `argsSchema` it gets the context only. A returned string becomes one user message. */
export type PromptHandler<A> = A extends SchemaSource
  ? (args: Infer<A>, ctx: HandlerContext) => PromptReturn | Promise<PromptReturn>
  : (ctx: HandlerContext) => PromptReturn | Promise<PromptReturn>;

/** The return value of a prompt handler. */
export type PromptReturn = GetPromptResult | InputRequired | string;

/** A prompt compiled at registration. */
export interface CompiledPrompt extends Listed {
  readonly completers: Completers;
  /** The result as JSON text, or the input that the handler requires. */
  get(args: unknown, scope: RunningCall, around?: AroundHandler): Promise<string | InputRequired>;
}

type AnyHandler = (...args: unknown[]) => unknown;

/** @throws ConfigurationError when the config, the handler or the schema is invalid */
export function compilePrompt(
  name: string,
  config: PromptConfig<SchemaSource | undefined>,
  handler: AnyHandler,
): CompiledPrompt {
  assertRegistration({ name, config, handler }, PROMPT);
  const schema = compileOptional(config.argsSchema, `argsSchema of prompt "${name}"`, 'input');
  if (schema !== undefined) assertTakesStrings(schema, `argsSchema of prompt "${name}"`);
  const { title, description, icons, _meta } = config;
  return {
    key: name,
    visible: config.visible,
    listing: listedEntry(
      { name, title, description, icons, arguments: schema && argumentsOf(schema), _meta },
      `Prompt "${name}"`,
    ),
    completers: { ...completersOf(config.argsSchema), ...promptCompleters(name, config.complete, schema) },
    get: async (args, scope, around) => {
      const ctx = new CallContext(scope);
      let given = args;
      if (schema !== undefined) {
        const checked = await schema.check(args ?? {});
        if (!('value' in checked)) {
          throw new McpError('invalid-params', `Invalid arguments for prompt "${name}": ${issuesText(checked)}`);
        }
        given = checked.value;
      }
      const run = async (changed: unknown): Promise<string | InputRequired> =>
        resultOf(name, await (schema === undefined ? handler(ctx) : handler(changed, ctx)), scope.writer);
      if (around === undefined) return run(given);
      return around(given, { run, write: (result) => resultOf(name, result, scope.writer) });
    },
  };
}

/** @throws ConfigurationError when a completer is not a function, or no argument has its name */
function promptCompleters(prompt: string, complete: unknown, schema: CompiledSchema | undefined): Completers {
  const completers = checkedCompleters(complete, `prompt "${prompt}"`);
  const properties = schema?.json['properties'];
  const names = Object.keys(isObject(properties) ? properties : {});
  // A schema without properties takes arguments of any name.
  if (names.length > 0) assertKnown(completers, names, `"complete" of prompt "${prompt}"`);
  return completers;
}

function argumentsOf({ json }: CompiledSchema): object[] {
  const required: readonly unknown[] = Array.isArray(json['required']) ? json['required'] : [];
  return Object.entries(isObject(json['properties']) ? json['properties'] : {}).map(([name, property]) => {
    const { title, description } = dereference(property, json) as { title?: string; description?: string };
    return { name, title, description, required: required.includes(name) };
  });
}

function resultOf(name: string, returned: unknown, writer: ResultWriter): string | InputRequired {
  if (isInputRequired(returned)) return returned;
  const result =
    typeof returned === 'string'
      ? { messages: [{ role: 'user', content: { type: 'text', text: returned } }] }
      : returned;
  if (!isObject(result) || !Array.isArray(result['messages'])) {
    throw new TypeError(
      `Prompt "${name}" must return an object with "messages", or a string; it returned ${kindOf(returned)}`,
    );
  }
  const shown: Record<string, unknown> = {
    ...resultWithoutNulls(result),
    messages: blocksWithoutNulls(result['messages']),
  };
  const unfit = memberIssue(shown);
  if (unfit !== undefined) throw new Error(`Prompt "${name}" returned a result whose ${unfit}`);
  const fault = firstIssue(shown['messages'] as unknown[], messageIssue);
  if (fault !== undefined) throw new Error(`Prompt "${name}" returned ${fault}`);
  return serialized(shown, `Prompt "${name}"`, () => writer.write(shown));
}
