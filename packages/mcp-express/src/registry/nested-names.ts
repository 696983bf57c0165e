import { isObject } from '../protocol/json-rpc.js';
import { closestName } from '../util/closest-name.js';

/** Members of the annotations of resources and templates (MCP 2025-11-25, schema, Annotations). */
const ANNOTATIONS = ['audience', 'priority', 'lastModified'];

/** Members of an icon (MCP 2025-11-25, schema, Icon). */
const ICON = ['src', 'mimeType', 'sizes', 'theme'];

/** Names that other revisions, libraries and HTML use, with the members that replace them. */
const MEANT: ReadonlyMap<string, string> = new Map([
  ['readonly', 'readOnlyHint'],
  ['destructive', 'destructiveHint'],
  ['idempotent', 'idempotentHint'],
  ['openworld', 'openWorldHint'],
  ['url', 'src'],
  ['uri', 'src'],
  ['href', 'src'],
  ['source', 'src'],
  ['type', 'mimeType'],
  ['contenttype', 'mimeType'],
  ['modified', 'lastModified'],
]);

/**
 * A member that is a near miss of a known one, and would have no effect. Members of other specifications are allowed.
 *
 * @returns such as `there is no "readOnly". Did you mean "readOnlyHint"?`
 */
export function slipIn(value: Readonly<Record<string, unknown>>, known: readonly string[]): string | undefined {
  for (const name of Object.keys(value)) {
    if (known.includes(name)) continue;
    const plain = name.replaceAll(/[_-]/g, '');
    const alias = MEANT.get(plain.toLowerCase());
    const meant = alias !== undefined && known.includes(alias) ? alias : closestName(plain, known);
    // Both may be present, for different clients.
    if (meant !== undefined && value[meant] === undefined) return `there is no "${name}". Did you mean "${meant}"?`;
  }
  return undefined;
}

/** The same for the annotations and icons of a list entry. */
export function nestedSlip({ annotations, icons }: Readonly<Record<string, unknown>>): string | undefined {
  const slip = isObject(annotations) ? slipIn(annotations, ANNOTATIONS) : undefined;
  if (slip !== undefined) return `"annotations": ${slip}`;
  for (const icon of Array.isArray(icons) ? icons : []) {
    const wrong = isObject(icon) ? slipIn(icon, ICON) : undefined;
    if (wrong !== undefined) return `"icons": ${wrong}`;
  }
  return undefined;
}
