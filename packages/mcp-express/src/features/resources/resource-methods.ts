import { McpError } from '../../protocol/errors.js';
import { normalizedUri } from '../../protocol/uri.js';
import type { Call } from '../../request/call.js';
import { CallContext } from '../../request/context.js';
import { NO_CACHE } from '../../request/result-writer.js';
import { runHandler } from '../../request/run-handler.js';
import type { Catalog } from '../catalog.js';
import { type CompiledResource, type CompiledTemplate, listedResources } from './resource.js';

/** Lists the static resources, and on the last page those that templates enumerate. */
export function listResources(call: Call, catalog: Catalog, cursor: string | undefined): string | Promise<string> {
  const listers = catalog.templates.all.filter(({ template }) => template.options.list !== undefined);
  if (listers.length === 0) return catalog.resources.page(cursor, call.writer);
  const context = new CallContext(call);
  const lists = listers.map(async ({ template }) => listedResources(template, await template.options.list?.(context)));
  return Promise.all(lists).then((resources) => catalog.resources.page(cursor, call.writer, resources.flat()));
}

/**
 * Reads a resource: a static one, a file of a skill, or one that matches a template.
 * @throws McpError `resource-not-found` when there is none with this URI
 */
export async function readResource(call: Call, catalog: Catalog, uri: string): Promise<string | undefined> {
  const context = new CallContext(call);
  const resource = catalog.resourceAt(uri);
  if (resource !== undefined) return runHandler(call, () => resource.read(uri, context, call.writer));
  const file = catalog.skills.fileAt(uri);
  if (file !== undefined) return call.writer.write({ contents: [file.contents] }, NO_CACHE);
  if (URL.canParse(uri) && !climbs(uri)) {
    const spelled = normalizedUri(uri);
    for (const template of catalog.templates.all) {
      const variables = template.template.uriTemplate.match(spelled);
      if (variables !== undefined) {
        return runHandler(call, () => template.read(uri, variables, context, call.writer));
      }
    }
  }
  throw new McpError('resource-not-found', 'Resource not found', { data: { uri } });
}

/**
 * Whether a URI contains `..` segments, in any encoding. A template that maps to a folder would let it escape ("Servers
 * MUST sanitize file paths", MCP 2026-07-28, Resources).
 */
function climbs(uri: string): boolean {
  const plain = uri.replaceAll(/%2e/gi, '.').replaceAll(/%2f/gi, '/').replaceAll(/%5c/gi, '\\');
  return /(^|[/\\:])\.\.([/\\?#]|$)/.test(plain);
}

/** The resource with this URI, else the first template that matches it. */
export function resourceFor(catalog: Catalog, uri: string): CompiledResource | CompiledTemplate | undefined {
  const resource = catalog.resourceAt(uri);
  if (resource !== undefined || !URL.canParse(uri) || climbs(uri)) return resource;
  const spelled = normalizedUri(uri);
  return catalog.templates.all.find(({ template }) => template.uriTemplate.match(spelled) !== undefined);
}

/** Whether `resources/read` accepts this URI: a resource, a file of a skill, or a match of a template. */
export function isReadable(catalog: Catalog, uri: string): boolean {
  if (catalog.readsAny) return true;
  return catalog.skills.fileAt(uri) !== undefined || resourceFor(catalog, uri) !== undefined;
}
