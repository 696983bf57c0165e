import { McpError } from '../../ground/errors.js';
import { isObject, type JsonRpcRequest, type Params } from '../../ground/json-rpc.js';
import type { Catalog } from '../../server/catalog.js';
import { type Completers, type CompletionContext, completionResult } from '../../server/completion.js';
import { CallContext } from '../../server/context.js';
import type { Call } from '../calls/call.js';
import { type MethodParts, methodNotFound, objectParam } from './method.js';

/**
 * Characters of the value that is completed: the longest path of Linux. A completer compares it with every value it
 * knows, so a body of some megabytes would be work for minutes.
 */
const LONGEST_VALUE = 4096;
/** Other arguments that a client may send with it, and the characters of their names and values together. */
const MOST_KNOWN = 100;
const LONGEST_KNOWN = 65_536;

export async function complete(call: Call, parts: MethodParts): Promise<string> {
  if (!parts.server.catalog.hasCompleters) throw methodNotFound(call.message.method);
  const { name, value } = argumentOf(call.message);
  const context = contextOf(call.message);
  const completers = completersFor(objectParam(call.message, 'ref') ?? {}, parts.server.catalog.for(call.principal));
  const completer = Object.hasOwn(completers, name) ? completers[name] : undefined;
  return call.writer.write(await completionResult(completer, value, { context, ctx: new CallContext(call) }));
}

function argumentOf(message: JsonRpcRequest): { readonly name: string; readonly value: string } {
  const { name, value } = objectParam(message, 'argument') ?? {};
  if (typeof name !== 'string' || typeof value !== 'string')
    throw invalid('"argument" must have a string "name" and a string "value"');
  if (value.length <= LONGEST_VALUE) return { name, value };
  throw invalid(`"argument.value" has ${value.length} characters; at most ${LONGEST_VALUE} are completed`);
}

function contextOf(message: JsonRpcRequest): CompletionContext {
  const context = objectParam(message, 'context') ?? {};
  const { arguments: known } = context;
  if (known === undefined) return context;
  const entries = isObject(known) ? Object.entries(known) : [];
  if (!isObject(known) || !entries.every(([, value]) => typeof value === 'string')) {
    throw invalid('"context.arguments" must be an object of strings');
  }
  if (entries.length > MOST_KNOWN) throw invalid(`"context.arguments" has more than ${MOST_KNOWN} members`);
  const length = entries.reduce((sum, [name, value]) => sum + name.length + String(value).length, 0);
  if (length > LONGEST_KNOWN) throw invalid(`"context.arguments" has more than ${LONGEST_KNOWN} characters`);
  return context;
}

function invalid(message: string): McpError {
  return new McpError('invalid-params', message);
}

function completersFor({ type, name, uri }: Params, { prompts, templates }: Catalog): Completers {
  const found =
    type === 'ref/prompt'
      ? prompts.entries.get(String(name))?.completers
      : type === 'ref/resource'
        ? (templates.entries.get(String(uri))?.template.options.complete ??
          (templates.entries.has(String(uri)) ? {} : undefined))
        : undefined;
  if (found === undefined) throw invalid('"ref" names no prompt and no resource template');
  return found;
}
