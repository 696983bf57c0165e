import type { IncomingHttpHeaders } from 'node:http';
import type { HeaderParam } from '../features/tools/tool-headers.js';
import { McpError } from '../protocol/errors.js';
import { isObject, type JsonRpcRequest, type Params } from '../protocol/json-rpc.js';

/** The headers of a request, with the number of copies of each. */
export interface HeaderSource {
  /** In the form of Node: lower-case names, copies joined with a comma. */
  readonly headers: Readonly<IncomingHttpHeaders>;
  copiesOf(name: string): number;
}

/** Header with the method of the request, in lower case. */
export const METHOD_HEADER = 'mcp-method';
/** Header with the name, URI or task id of the request, in lower case. */
export const NAME_HEADER = 'mcp-name';

/** The param that `Mcp-Name` repeats, by method (MCP 2026-07-28, "Standard Request Headers"; extensions/tasks). */
const NAMED_BY: ReadonlyMap<string, string> = new Map([
  ['tools/call', 'name'],
  ['prompts/get', 'name'],
  ['resources/read', 'uri'],
  ['tasks/get', 'taskId'],
  ['tasks/update', 'taskId'],
  ['tasks/cancel', 'taskId'],
]);

/**
 * Checks that `Mcp-Method` and `Mcp-Name` match the body, because proxies route by the headers.
 * @throws McpError `header-mismatch` when one is missing or differs
 */
export function assertStandardHeaders(source: HeaderSource, { method, params }: JsonRpcRequest): void {
  const named = headerOf(source, METHOD_HEADER, 'Mcp-Method');
  if (named === undefined) throw headerMismatch('the Mcp-Method header is missing');
  if (named !== method) throw headerMismatch('Mcp-Method is not the method of the body');
  const member = NAMED_BY.get(method);
  if (member !== undefined) assertName(source, params?.[member]);
}

/**
 * The same check for revisions without these headers: they may be missing, but must match if present.
 * @throws McpError `header-mismatch`
 */
export function assertStandardHeadersIfPresent(source: HeaderSource, { method, params }: JsonRpcRequest): void {
  const named = headerOf(source, METHOD_HEADER, 'Mcp-Method');
  if (named !== undefined && named !== method) throw headerMismatch('Mcp-Method is not the method of the body');
  const member = NAMED_BY.get(method);
  if (member !== undefined && source.headers[NAME_HEADER] !== undefined) assertName(source, params?.[member]);
}

/**
 * Checks that each `Mcp-Param-*` header matches its argument.
 * @throws McpError `header-mismatch`
 */
export function assertParamHeaders(source: HeaderSource, params: readonly HeaderParam[], args: unknown): void {
  for (const { path, header } of params) {
    const shown = shownIn(args, path);
    const sent = headerOf(source, header, header);
    if (shown === undefined && sent === undefined) continue;
    if (shown === undefined) throw headerMismatch(`${header} repeats an argument that is missing`);
    if (sent === undefined) throw headerMismatch(`the ${header} header is missing`);
    if (!isSame(decoded(sent, header), shown))
      throw headerMismatch(`${header} is not the argument "${path.join('.')}"`);
  }
}

function assertName(source: HeaderSource, name: unknown): void {
  const sent = headerOf(source, NAME_HEADER, 'Mcp-Name');
  // The method reports the missing name itself.
  if (sent === undefined && typeof name !== 'string') return;
  if (sent === undefined) throw headerMismatch('the Mcp-Name header is missing');
  if (decoded(sent, 'Mcp-Name') !== name) throw headerMismatch('Mcp-Name is not the name in the body');
}

/** The value at a path of own properties. `undefined` also for `null`, which clients do not repeat in headers. */
function shownIn(args: unknown, path: readonly string[]): unknown {
  let value: unknown = args;
  for (const name of path) value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return value ?? undefined;
}

/**
 * Compares numbers by value: "`42.0` and `42` are considered equal". Integers beyond 53 bits never match, because
 * different ones would compare as equal.
 */
function isSame(sent: string, shown: unknown): boolean {
  if (typeof shown === 'number') return Number.isSafeInteger(shown) && NUMBER.test(sent) && Number(sent) === shown;
  return (typeof shown === 'string' || typeof shown === 'boolean') && sent === String(shown);
}

const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/** RFC 9110, section 5.5, without the bytes beyond ASCII, whose encoding is undefined. */
const PLAIN = /^[\t\x20-\x7e]*$/;

const OPENS = '=?base64?';
const CLOSES = '?=';
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function headerOf(source: HeaderSource, name: string, shownName: string): string | undefined {
  const value = source.headers[name];
  if (value === undefined) return undefined;
  const text = Array.isArray(value) ? value.join(', ') : value;
  if (text.includes(',') && source.copiesOf(name) > 1) throw headerMismatch(`${shownName} was sent more than once`);
  if (!PLAIN.test(text)) throw headerMismatch(`${shownName} contains characters that a header must not contain`);
  return text;
}

/** Decodes a header value (MCP 2026-07-28, "Value Encoding"). */
function decoded(text: string, header: string): string {
  if (text.length < OPENS.length + CLOSES.length || !text.startsWith(OPENS) || !text.endsWith(CLOSES)) return text;
  const encoded = text.slice(OPENS.length, -CLOSES.length);
  // Node's decoder ignores invalid characters, which a gateway may read differently, so the encoding must be canonical.
  const bytes = Buffer.from(encoded, 'base64');
  if (!BASE64.test(encoded) || bytes.toString('base64') !== encoded) throw headerMismatch(`${header} is not Base64`);
  try {
    return UTF8.decode(bytes);
  } catch {
    throw headerMismatch(`${header} is not UTF-8`);
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The error `header-mismatch`.
 * @param what the rest of the message
 */
export function headerMismatch(what: string): McpError {
  return new McpError('header-mismatch', `Header mismatch: ${what}`);
}

/** The `arguments` of a `tools/call`, if any. */
export function argumentsOf(params: Params | undefined): unknown {
  return params?.['arguments'];
}
