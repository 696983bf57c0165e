import type { InputRequired } from '../../protocol/client-requests.js';
import { assertKnown, kindOf, McpError } from '../../protocol/errors.js';
import { isObject } from '../../protocol/json-rpc.js';
import type { GetPromptResult, Icon } from '../../protocol/mcp.js';
import { firstFault, messageFault, written } from '../../registry/content.js';
import type { Listed } from '../../registry/listing.js';
import { listedEntry, memberFault, presentBlocks, presentResult } from '../../registry/optional-members.js';
import { assertRegistration, PROMPT } from '../../registry/registration.js';
import type { Visible } from '../../registry/visibility.js';
import type { HandlerContext } from '../../request/context.js';
import { isInputRequired } from '../../request/input-required.js';
import type { ResultWriter } from '../../request/result-writer.js';
import { type CompiledSchema, faultsText } from '../../schema/compiled-schema.js';
import { dereferenced } from '../../schema/dereferenced.js';
import { compileOptional, type Infer, type SchemaSource } from '../../schema/schema.js';
import { type Completers, checkedCompleters, completersOf } from '../completion/completion.js';
import { assertTakesStrings } from './prompt-arguments.js';

/** What is said about a prompt. */
export interface PromptConfig<A extends SchemaSource | undefined> {
  /** For people. */
  readonly title?: string;
  readonly description?: string;
  /** Its arguments: strings, because that is what the protocol carries. @default no arguments */
  readonly argsSchema?: A;
  /** Suggests values for arguments, by name; beside schemas marked with `completable`. @default none */
  readonly complete?: Completers;
  /** Whom it exists for. For everybody else it is in no list, and getting it is answered like an unknown name. @default everybody */
  readonly visible?: Visible;
  readonly icons?: Icon[];
  readonly _meta?: Record<string, unknown>;
}

/** A prompt without arguments is called with the context alone. A string becomes one message of the user. */
export type PromptHandler<A> = A extends SchemaSource
  ? (args: Infer<A>, ctx: HandlerContext) => PromptReturn | Promise<PromptReturn>
  : (ctx: HandlerContext) => PromptReturn | Promise<PromptReturn>;

export type PromptReturn = GetPromptResult | InputRequired | string;

/** A prompt made ready once, at registration. */
export interface CompiledPrompt extends Listed {
  readonly completers: Completers;
  /** The result as JSON text, or what the client is asked first. */
  get(args: unknown, ctx: HandlerContext, writer: ResultWriter): Promise<string | InputRequired>;
}

type AnyHandler = (...args: unknown[]) => unknown;

/** @throws ConfigurationError naming the prompt when its schema cannot be used. */
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
    get: async (args, ctx, writer) => {
      if (schema === undefined) return resultOf(name, await handler(ctx), writer);
      const checked = await schema.check(args ?? {});
      if ('value' in checked) return resultOf(name, await handler(checked.value, ctx), writer);
      throw new McpError('invalid-params', `Invalid arguments for prompt "${name}": ${faultsText(checked)}`);
    },
  };
}

/** @throws ConfigurationError naming a completer that is no function, or that no argument has the name of */
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
    const { title, description } = dereferenced(property, json) as { title?: string; description?: string };
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
  const shown: Record<string, unknown> = { ...presentResult(result), messages: presentBlocks(result['messages']) };
  const unfit = memberFault(shown);
  if (unfit !== undefined) throw new Error(`Prompt "${name}" returned a result whose ${unfit}`);
  const fault = firstFault(shown['messages'] as unknown[], messageFault);
  if (fault !== undefined) throw new Error(`Prompt "${name}" returned ${fault}`);
  return written(shown, `Prompt "${name}"`, () => writer.write(shown));
}
