import { ConfigurationError } from '../../protocol/errors.js';
import { isObject } from '../../protocol/json-rpc.js';
import type { JsonSchema } from '../../protocol/mcp.js';
import { MAPS } from '../../schema/schema-keywords.js';

/**
 * An argument that clients repeat as an HTTP header (MCP 2026-07-28, Transports, "Custom Headers from Tool
 * Parameters").
 */
export interface HeaderParam {
  /** The path of the argument. */
  readonly path: readonly string[];
  /** Lower-case header name, such as `mcp-param-region`. */
  readonly header: string;
}

const KEYWORD = 'x-mcp-header';

/** A token of RFC 9110, section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

const HEADER_TYPES: readonly unknown[] = ['string', 'integer', 'boolean'];

/** Keywords whose value is data, where `x-mcp-header` has no meaning. */
const DATA: ReadonlySet<string> = new Set(['const', 'default', 'dependentRequired', 'enum', 'examples']);

/**
 * The arguments whose schema has the keyword `x-mcp-header`.
 * @param what subject of error messages
 * @throws ConfigurationError when the keyword is invalid or misplaced, because clients omit tools with such a schema
 */
export function headerParamsOf(schema: JsonSchema, what: string): readonly HeaderParam[] {
  const found: HeaderParam[] = [];
  const fail = (path: readonly string[], why: string): never => {
    throw new ConfigurationError(`${what}: ${KEYWORD} at "${path.join('.')}" ${why}`);
  };
  visit(schema, [], true, (path, reachable, marked) => {
    const name = marked[KEYWORD];
    if (!reachable) fail(path, 'must be on a property that is reached through "properties" alone');
    if (typeof name !== 'string' || !TOKEN.test(name)) fail(path, 'must be an HTTP header name');
    if (!HEADER_TYPES.includes(marked['type'])) fail(path, 'needs the type string, integer or boolean');
    const header = `mcp-param-${String(name).toLowerCase()}`;
    if (found.some((other) => other.header === header)) fail(path, `repeats "${String(name)}"`);
    found.push({ path, header });
  });
  return found;
}

/**
 * Warns of header names with an underscore. nginx drops them by default, and the server refuses calls without the
 * header.
 */
export function warnOfUnderscores(params: readonly HeaderParam[], what: string): void {
  const names = params.map(({ header }) => header).filter((header) => header.includes('_'));
  if (names.length === 0) return;
  const message = `${what}: nginx drops the header ${names.join(', ')} unless it has "underscores_in_headers on": write "-" in place of "_" in ${KEYWORD}`;
  process.emitWarning(message, { type: 'McpExpressWarning', code: 'MCP_EXPRESS_HEADER_UNDERSCORE' });
}

type OnMarked = (path: readonly string[], reachable: boolean, schema: Record<string, unknown>) => void;

/**
 * Calls `onMarked` for every schema with the keyword. `path` lists property names. Only reachable paths lead to a
 * value.
 */
function visit(schema: unknown, path: readonly string[], reachable: boolean, onMarked: OnMarked): void {
  if (Array.isArray(schema)) for (const part of schema) visit(part, path, false, onMarked);
  if (!isObject(schema)) return;
  if (KEYWORD in schema) onMarked(path, reachable && path.length > 0, schema);
  for (const [keyword, value] of Object.entries(schema)) {
    if (DATA.has(keyword)) continue;
    if (MAPS.has(keyword)) visitMap(value, path, reachable && keyword === 'properties', onMarked);
    else visit(value, path, false, onMarked);
  }
}

function visitMap(map: unknown, path: readonly string[], reachable: boolean, onMarked: OnMarked): void {
  if (!isObject(map)) return;
  for (const [name, schema] of Object.entries(map)) visit(schema, [...path, name], reachable, onMarked);
}
