import { isObject, type JsonRpcRequest, type Params } from '../../protocol/json-rpc.js';
import type { Call } from '../../request/call.js';
import { CallContext } from '../../request/context.js';
import { invalidParams, methodNotFound, objectParam } from '../../request/method.js';
import type { Catalog } from '../catalog.js';
import type { Feature, FeatureDeps } from '../feature.js';
import { type Completers, type CompletionContext, completionResult } from './completion.js';

/**
 * Longest value to complete, in characters: that of the longest path on Linux. Completers compare it with all their
 * values, so that a body of some megabytes would take minutes.
 */
const LONGEST_VALUE = 4096;
/** Most members of `context.arguments`, and their total length in characters of names and values. */
const MOST_KNOWN = 100;
const LONGEST_KNOWN = 65_536;

/** Completion: `completion/complete` (MCP, Server Features, Completion). */
export const completionFeature: Feature = { methods: { 'completion/complete': { handle: complete } } };

/**
 * Answers `completion/complete`.
 * @throws McpError `method-not-found` without completers, `invalid-params` for an invalid reference, argument or
 * context
 */
async function complete(call: Call, parts: FeatureDeps): Promise<string> {
  if (!parts.server.catalog.hasCompleters) throw methodNotFound(call.message.method);
  const { name, value } = argumentOf(call.message);
  const context = contextOf(call.message);
  const completers = completersFor(objectParam(call.message, 'ref') ?? {}, parts.server.catalog.for(call.context));
  const completer = Object.hasOwn(completers, name) ? completers[name] : undefined;
  return call.writer.write(await completionResult(completer, value, { context, ctx: new CallContext(call) }));
}

function argumentOf(message: JsonRpcRequest): { readonly name: string; readonly value: string } {
  const { name, value } = objectParam(message, 'argument') ?? {};
  if (typeof name !== 'string' || typeof value !== 'string')
    throw invalidParams('"argument" must have a string "name" and a string "value"');
  if (value.length <= LONGEST_VALUE) return { name, value };
  throw invalidParams(`"argument.value" has ${value.length} characters; at most ${LONGEST_VALUE} are completed`);
}

function contextOf(message: JsonRpcRequest): CompletionContext {
  const context = objectParam(message, 'context') ?? {};
  const { arguments: known } = context;
  if (known === undefined) return context;
  const entries = isObject(known) ? Object.entries(known) : [];
  if (!isObject(known) || !entries.every(([, value]) => typeof value === 'string')) {
    throw invalidParams('"context.arguments" must be an object of strings');
  }
  if (entries.length > MOST_KNOWN) throw invalidParams(`"context.arguments" has more than ${MOST_KNOWN} members`);
  const length = entries.reduce((sum, [name, value]) => sum + name.length + String(value).length, 0);
  if (length > LONGEST_KNOWN) throw invalidParams(`"context.arguments" has more than ${LONGEST_KNOWN} characters`);
  return context;
}

function completersFor({ type, name, uri }: Params, { prompts, templates }: Catalog): Completers {
  const found =
    type === 'ref/prompt'
      ? prompts.entries.get(String(name))?.completers
      : type === 'ref/resource'
        ? (templates.entries.get(String(uri))?.template.options.complete ??
          (templates.entries.has(String(uri)) ? {} : undefined))
        : undefined;
  if (found === undefined) throw invalidParams('"ref" is not the name of a prompt or the URI of a resource template');
  return found;
}
