import { McpError } from '../ground/errors.js';
import type { Catalog } from '../server/catalog.js';
import { CallContext } from '../server/context.js';
import type { Call } from './call.js';

/** The fixed resources, and on the last page those that templates know by name. */
export function listResources(call: Call, catalog: Catalog, cursor: string | undefined): string | Promise<string> {
  const listers = catalog.templates.all.flatMap(({ template }) => template.options.list ?? []);
  if (listers.length === 0) return catalog.resources.page(cursor);
  const context = new CallContext(call);
  return Promise.all(listers.map((list) => list(context))).then((lists) =>
    catalog.resources.page(
      cursor,
      lists.flatMap(({ resources }) => resources),
    ),
  );
}

/** @throws McpError `resource-not-found` when no resource has this URI and no template matches it. */
export async function readResource(call: Call, catalog: Catalog, uri: string): Promise<string> {
  const context = new CallContext(call);
  const resource = catalog.resources.entries.get(uri);
  if (resource !== undefined) return await resource.read(uri, context);
  if (URL.canParse(uri)) {
    for (const template of catalog.templates.all) {
      const variables = template.template.uriTemplate.match(uri);
      if (variables !== undefined) return await template.read(uri, variables, context);
    }
  }
  throw new McpError('resource-not-found', 'Resource not found', { data: { uri } });
}
