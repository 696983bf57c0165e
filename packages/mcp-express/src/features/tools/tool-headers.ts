import { ConfigurationError } from '../../protocol/errors.js';
import { isObject } from '../../protocol/json-rpc.js';
import type { JsonSchema } from '../../protocol/mcp.js';
import { MAPS } from '../../schema/schema-keywords.js';

/** An argument that clients repeat as an HTTP header (MCP 2026-07-28, Transports, "Custom Headers from Tool Parameters"). */
export interface MirroredParam {
  /** Where the value is in the arguments. */
  readonly path: readonly string[];
  /** As Node spells it: `mcp-param-region`. */
  readonly header: string;
}

const KEYWORD = 'x-mcp-header';

/** RFC 9110, section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

const MIRRORABLE: readonly unknown[] = ['string', 'integer', 'boolean'];

/** Keywords whose value is data, in which the keyword means nothing. */
const DATA: ReadonlySet<string> = new Set(['const', 'default', 'dependentRequired', 'enum', 'examples']);

/**
 * The arguments marked with `x-mcp-header`.
 *
 * @throws ConfigurationError naming `what` when a mark is where, or what, it must not be: clients leave out a tool with
 *   such a schema.
 */
export function mirroredParams(schema: JsonSchema, what: string): readonly MirroredParam[] {
  const found: MirroredParam[] = [];
  const fail = (path: readonly string[], why: string): never => {
    throw new ConfigurationError(`${what}: ${KEYWORD} at "${path.join('.')}" ${why}`);
  };
  visit(schema, [], true, (path, reachable, marked) => {
    const name = marked[KEYWORD];
    if (!reachable) fail(path, 'must be on a property that is reached through "properties" alone');
    if (typeof name !== 'string' || !TOKEN.test(name)) fail(path, 'must be an HTTP header name');
    if (!MIRRORABLE.includes(marked['type'])) fail(path, 'needs the type string, integer or boolean');
    const header = `mcp-param-${String(name).toLowerCase()}`;
    if (found.some((other) => other.header === header)) fail(path, `repeats "${String(name)}"`);
    found.push({ path, header });
  });
  return found;
}

/** nginx drops request headers with an underscore, unless told otherwise, and the calls are refused as ones without them. */
export function warnOfUnderscores(params: readonly MirroredParam[], what: string): void {
  const names = params.map(({ header }) => header).filter((header) => header.includes('_'));
  if (names.length === 0) return;
  const message = `${what}: nginx drops the header ${names.join(', ')} unless it has "underscores_in_headers on": write "-" in place of "_" in ${KEYWORD}`;
  process.emitWarning(message, { type: 'McpExpressWarning', code: 'MCP_EXPRESS_HEADER_UNDERSCORE' });
}

type OnMarked = (path: readonly string[], reachable: boolean, schema: Record<string, unknown>) => void;

/** Calls `onMarked` for every schema that has the mark. `path` names properties; only a reachable one leads to a value. */
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
