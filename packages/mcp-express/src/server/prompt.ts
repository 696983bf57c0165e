import { ConfigurationError, McpError } from '../ground/errors.js';
import { isObject } from '../ground/json-rpc.js';
import type { GetPromptResult, Icon } from '../ground/mcp.js';
import { type CompiledSchema, faultsText } from './compiled-schema.js';
import { type Completers, completersOf } from './completion.js';
import { firstFault, jsonText, messageFault } from './content.js';
import type { HandlerContext } from './context.js';
import type { Listed } from './listing.js';
import { compileSchema, type Infer, type SchemaSource } from './schema.js';

/** What is said about a prompt. */
export interface PromptConfig<A extends SchemaSource | undefined> {
  /** For people. */
  readonly title?: string;
  readonly description?: string;
  /** Its arguments: strings, because that is what the protocol carries. @default no arguments */
  readonly argsSchema?: A;
  /** Suggests values for arguments, by name; beside schemas marked with `completable`. @default none */
  readonly complete?: Completers;
  readonly icons?: Icon[];
  readonly _meta?: Record<string, unknown>;
}

/** A prompt without arguments is called with the context alone. A string becomes one message of the user. */
export type PromptHandler<A> = A extends SchemaSource
  ? (args: Infer<A>, ctx: HandlerContext) => PromptReturn | Promise<PromptReturn>
  : (ctx: HandlerContext) => PromptReturn | Promise<PromptReturn>;

export type PromptReturn = GetPromptResult | string;

/** A prompt made ready once, at registration. */
export interface CompiledPrompt extends Listed {
  readonly completers: Completers;
  /** The result as JSON text. */
  get(args: unknown, ctx: HandlerContext): Promise<string>;
}

type AnyHandler = (...args: unknown[]) => unknown;

/** @throws ConfigurationError naming the prompt when its schema cannot be used. */
export function compilePrompt(
  name: string,
  config: PromptConfig<SchemaSource | undefined>,
  handler: AnyHandler,
): CompiledPrompt {
  if (name === '') throw new ConfigurationError('A prompt needs a name');
  const schema = config.argsSchema && compileSchema(config.argsSchema, `argsSchema of prompt "${name}"`, 'input');
  const { title, description, icons, _meta } = config;
  return {
    key: name,
    listing: { name, title, description, icons, arguments: schema && argumentsOf(schema), _meta },
    completers: { ...completersOf(config.argsSchema), ...config.complete },
    get: async (args, ctx) => {
      if (schema === undefined) return resultOf(name, await handler(ctx));
      const checked = await schema.check(args ?? {});
      if ('value' in checked) return resultOf(name, await handler(checked.value, ctx));
      throw new McpError('invalid-params', `Invalid arguments for prompt "${name}": ${faultsText(checked.faults)}`);
    },
  };
}

function argumentsOf({ json }: CompiledSchema): object[] {
  const required: readonly unknown[] = Array.isArray(json['required']) ? json['required'] : [];
  return Object.entries(isObject(json['properties']) ? json['properties'] : {}).map(([name, property]) => {
    const { title, description } = property as { title?: string; description?: string };
    return { name, title, description, required: required.includes(name) };
  });
}

function resultOf(name: string, returned: unknown): string {
  const result =
    typeof returned === 'string'
      ? { messages: [{ role: 'user', content: { type: 'text', text: returned } }] }
      : returned;
  if (!isObject(result) || !Array.isArray(result['messages'])) {
    throw new Error(`Prompt "${name}" must return an object with "messages", or a string`);
  }
  const fault = firstFault(result['messages'], messageFault);
  if (fault !== undefined) throw new Error(`Prompt "${name}" returned ${fault}`);
  return jsonText(result, `Prompt "${name}"`);
}
