import { isObject } from '../../protocol/json-rpc.js';
import { isImplementation } from '../../protocol/mcp.js';
import { contentIssue, firstIssue, messageIssue, resourceIssue, serialized } from '../../registry/content.js';
import { memberIssue } from '../../registry/optional-members.js';
import type { AnyResult } from './middleware.js';

/** Returns what is wrong with a result, if anything is. */
type ResultCheck = (result: AnyResult) => string | undefined;

/** The required members of results, by method (MCP, schema). */
const CHECKS: Readonly<Record<string, ResultCheck>> = {
  initialize: ({ protocolVersion, capabilities, serverInfo }) =>
    firstOf(
      typeof protocolVersion === 'string' || 'a string "protocolVersion"',
      isObject(capabilities) || 'an object "capabilities"',
      isImplementation(serverInfo) || 'a "serverInfo" with a name and a version',
    ),
  'server/discover': ({ supportedVersions, capabilities }) =>
    firstOf(
      isTexts(supportedVersions) || 'an array of strings "supportedVersions"',
      isObject(capabilities) || 'an object "capabilities"',
    ),
  'tools/call': ({ content }) => itemsIssue('content', content, contentIssue),
  'prompts/get': ({ messages }) => itemsIssue('messages', messages, messageIssue),
  'resources/read': ({ contents }) => itemsIssue('contents', contents, resourceIssue),
  'tools/list': (result) =>
    pageIssue(result, 'tools', (tool) => typeof tool['name'] === 'string' && isObject(tool['inputSchema'])),
  'prompts/list': (result) => pageIssue(result, 'prompts', ({ name }) => typeof name === 'string'),
  'resources/list': (result) =>
    pageIssue(result, 'resources', ({ uri, name }) => typeof uri === 'string' && typeof name === 'string'),
  'resources/templates/list': (result) =>
    pageIssue(
      result,
      'resourceTemplates',
      ({ uriTemplate, name }) => typeof uriTemplate === 'string' && typeof name === 'string',
    ),
  'completion/complete': ({ completion }) =>
    isObject(completion) && isTexts(completion['values']) && completion['values'].length <= MOST_VALUES
      ? undefined
      : `"completion" without an array of at most ${MOST_VALUES} strings as "values"`,
};

/** "Servers return a maximum of 100 items per response" (MCP, Completion). */
const MOST_VALUES = 100;

/**
 * A result of middleware as JSON text.
 * @param write writes it in the form of the revision
 * @throws TypeError when it is no result of this method, or JSON would change it
 */
export function checkedResult(method: string, result: AnyResult, write: () => string): string {
  const what = `The middleware of ${method}`;
  const issue = memberIssue(result) ?? hintIssue(result);
  if (issue !== undefined) throw new TypeError(`${what} returned a result whose ${issue}`);
  // The results of a task and of a round trip have a form of their own, which only the method can make.
  const isOwn = result.resultType === undefined || result.resultType === 'complete';
  const wrong = isOwn && Object.hasOwn(CHECKS, method) ? CHECKS[method]?.(result) : undefined;
  if (wrong !== undefined) throw new TypeError(`${what} returned a result with ${wrong}`);
  return serialized(result, what, write);
}

function itemsIssue(name: string, items: unknown, issueOf: (item: unknown) => string | undefined): string | undefined {
  return Array.isArray(items) ? firstIssue(items, issueOf) : `no array "${name}"`;
}

function pageIssue(
  result: AnyResult,
  name: string,
  isEntry: (entry: Readonly<Record<string, unknown>>) => boolean,
): string | undefined {
  const { [name]: entries, nextCursor } = result;
  if (!Array.isArray(entries)) return `no array "${name}"`;
  if (!entries.every((entry) => isObject(entry) && isEntry(entry))) return `an entry in "${name}" that is incomplete`;
  return nextCursor === undefined || typeof nextCursor === 'string' ? undefined : 'a "nextCursor" that is no string';
}

/** Cache hints (MCP 2026-07-28, Caching). */
function hintIssue({ ttlMs, cacheScope }: AnyResult): string | undefined {
  if (ttlMs !== undefined && !(Number.isSafeInteger(ttlMs) && Number(ttlMs) >= 0)) {
    return '"ttlMs" is not a whole number of at least 0';
  }
  const isScope = cacheScope === undefined || cacheScope === 'public' || cacheScope === 'private';
  return isScope ? undefined : '"cacheScope" is neither "public" nor "private"';
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** The first missing member. */
function firstOf(...checks: readonly (true | string)[]): string | undefined {
  const missing = checks.find((check) => check !== true);
  return missing === undefined ? undefined : `no ${String(missing).replace(/^an? /, '')}`;
}
