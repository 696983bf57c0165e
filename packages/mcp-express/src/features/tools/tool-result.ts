import { isMap, isNativeError, isPromise, isRegExp, isSet } from 'node:util/types';
import { kindOf } from '../../protocol/errors.js';
import { isObject } from '../../protocol/json-rpc.js';
import type { CallToolResult } from '../../protocol/mcp.js';
import { wholeText } from '../../protocol/wire-text.js';
import { contentIssue, firstIssue } from '../../registry/content.js';
import { blocksWithoutNulls, memberIssue, resultWithoutNulls } from '../../registry/optional-members.js';
import type { ResultWriter } from '../../request/result-writer.js';
import type { RunningCall } from '../../request/running-call.js';
import { failureText } from '../../request/thrown-result.js';
import { changedByJson } from '../../schema/changed-by-json.js';
import { type CompiledSchema, issuesText } from '../../schema/compiled-schema.js';
import { isStackOverflow, unserializable } from '../../schema/unserializable.js';
import { isOver, type ResultBudget, withinBudget } from './result-budget.js';

/** The call that gets the result. */
type Scope = Pick<RunningCall, 'writer' | 'toolFailed'>;

/**
 * The return value of a tool's handler as a result in JSON. A value that the protocol does not allow becomes a failure
 * of the tool, which the model sees, instead of a result that clients cannot parse.
 */
export function resultTextOf(
  name: string,
  returned: unknown,
  output: CompiledSchema | undefined,
  { scope, budget }: { readonly scope: Scope; readonly budget: ResultBudget },
): string | Promise<string> {
  const given = resultOf(returned, output);
  if (given === undefined) return failed(name, `${returnedKind(returned)}. Return ${wantedBy(output)}`, scope);
  const result = presentDraft(given);
  const unfit = memberIssue(result);
  if (unfit !== undefined) return failed(name, `a result whose ${unfit}`, scope);
  const fault = firstIssue(result.content ?? [], contentIssue);
  if (fault !== undefined) return failed(name, `content that cannot be sent: ${fault}`, scope);
  if (result.isError === true) scope.toolFailed();
  else if (output !== undefined) return checkedText(name, result, output, { scope, budget });
  return textOf(name, result, scope, budget);
}

function returnedKind(returned: unknown): string {
  if (!isObject(returned) || !('content' in returned)) return kindOf(returned);
  return `${kindOf(returned)} whose "content" is not an array, but ${kindOf(returned['content'])}`;
}

function wantedBy(output: CompiledSchema | undefined): string {
  if (output === undefined) return 'a string, a result with "content", or describe the value with an "outputSchema"';
  return 'a result with "content", or a value that "outputSchema" describes and JSON has';
}

/** Removes members that are `null`, which handlers in JavaScript often set and clients refuse. */
function presentDraft(given: Draft): Draft {
  const draft = resultWithoutNulls(given);
  const content = draft.content && blocksWithoutNulls(draft.content);
  return content === undefined || content === draft.content ? draft : { ...draft, content };
}

async function checkedText(
  name: string,
  result: Draft,
  output: CompiledSchema,
  { scope, budget }: { readonly scope: Scope; readonly budget: ResultBudget },
): Promise<string> {
  try {
    const checked = await output.check(result.structuredContent);
    if ('value' in checked) return textOf(name, { ...result, structuredContent: checked.value }, scope, budget);
    return failed(name, `a value that its own output schema does not allow: ${issuesText(checked)}`, scope);
  } catch (cause) {
    if (isStackOverflow(cause)) return failed(name, unserializable(result, cause), scope);
    throw cause;
  }
}

function failed(name: string, why: string, scope: Scope): string {
  const text = `Tool "${name}" returned ${why}`;
  return failureText(text, scope, new TypeError(text));
}

/** A result before serialisation. The content of a structured value is derived from the validated value. */
type Draft = Omit<CallToolResult, 'content' | 'structuredContent'> & {
  readonly content?: readonly unknown[];
  readonly structuredContent?: unknown;
};

function textOf(name: string, draft: Draft, scope: Scope, budget: ResultBudget): string | Promise<string> {
  try {
    const whole = presented(scope.writer, draft);
    const content = whole.content ?? [];
    if (!mayBeOver(content, budget.maxBytes) || !isOver(content, budget.maxBytes)) {
      return writtenText(name, draft, whole, scope);
    }
    return withinBudget(name, content, budget).then((shown) =>
      writtenText(name, draft, { ...whole, content: shown }, scope),
    );
  } catch (cause) {
    return failed(name, unserializable(draft, cause), scope);
  }
}

/** Most bytes in UTF-8 of a unit of a string. */
const MAX_UNIT_BYTES = 3;

/** Whether the text can be over the limit. Hot path: it is not for most results. */
function mayBeOver(content: readonly unknown[], maxBytes: number): boolean {
  if (maxBytes === 0) return false;
  let units = 0;
  for (const block of content) {
    const text = (block as { readonly text?: unknown }).text;
    if (typeof text === 'string') units += text.length;
  }
  return units * MAX_UNIT_BYTES > maxBytes;
}

/** @param whole the draft as its revision presents it, which may lack the structured value */
function writtenText(name: string, draft: Draft, whole: Draft, scope: Scope): string {
  try {
    // Some values have no JSON form, despite the types.
    const text = scope.writer.write(whole) as string | undefined;
    if (text === undefined) return failed(name, 'a value that has no JSON form', scope);
    const changed = changedByJson(draft);
    return changed === undefined ? text : failed(name, changed, scope);
  } catch (cause) {
    return failed(name, unserializable(draft, cause), scope);
  }
}

/** The result with content for clients that read no structured value, and without a value that the revision lacks. */
function presented(writer: ResultWriter, draft: Draft): Draft {
  const { content } = draft;
  const structuredContent = asWritten(draft.structuredContent);
  const fits = structuredContent === undefined || writer.structured === 'any' || isObject(structuredContent);
  const isShown = content !== undefined && (content.length > 0 || structuredContent === undefined);
  // Hot path: most results are sent unchanged, and copying costs more than serialising.
  if (isShown && fits) return draft;
  // "a tool that returns structured content SHOULD also return the serialized JSON in a TextContent block": most
  // clients pass only the content to the model.
  const shown = isShown ? content : [{ type: 'text', text: jsonText(draft.structuredContent) }];
  return { ...draft, content: shown, structuredContent: fits ? draft.structuredContent : undefined };
}

/** The JSON of a structured value. Empty for a value without JSON, which is refused later. */
function jsonText(value: unknown): string {
  const json = JSON.stringify(value) as string | undefined;
  return json === undefined ? '' : wholeText(json, '\ufffd');
}

/** The value that `JSON.stringify` serialises for an object with `toJSON`: a string for a Date. */
function asWritten(value: unknown): unknown {
  if (!isObject(value) || typeof value['toJSON'] !== 'function') return value;
  const written: unknown = value['toJSON']('structuredContent');
  return written;
}

function resultOf(returned: unknown, output: CompiledSchema | undefined): Draft | undefined {
  if (output !== undefined && output.json['type'] !== 'object' && !isResult(returned)) {
    return returned === undefined || isWrittenEmpty(returned) ? undefined : { structuredContent: returned };
  }
  if (typeof returned === 'string') return { content: [{ type: 'text', text: returned }] };
  if (!isObject(returned) || 'toJSON' in returned) return undefined;
  if (isResult(returned)) return returned;
  return output === undefined || isWrittenEmpty(returned) ? undefined : { structuredContent: returned };
}

/** Objects that JSON serialises as `{}`, regardless of their content. */
function isWrittenEmpty(value: unknown): boolean {
  return isMap(value) || isSet(value) || isRegExp(value) || isNativeError(value) || isPromise(value);
}

function isResult(returned: unknown): returned is Draft {
  return isObject(returned) && Array.isArray(returned['content']);
}
