import { isObject, type Params } from '../../protocol/json-rpc.js';
import { LISTS, type ListName } from '../../protocol/mcp.js';
import { META } from '../../protocol/meta.js';
import { STATELESS_REVISIONS } from '../../protocol/revisions.js';
import type { Call } from '../../request/call.js';
import { methodNotFound } from '../../request/method.js';
import type { CacheHints, ResultWriter } from '../../request/result-writer.js';
import type { Catalog } from '../catalog.js';
import type { Feature, FeatureMethod } from '../feature.js';
import type { McpServer } from '../mcp-server.js';

/** The lists for which clients get `list_changed` notifications: those announced as capabilities. */
export function announcedLists({ catalog, options }: McpServer): readonly ListName[] {
  const announced = options.announce ?? [];
  const resources = catalog.resources.entries.size + catalog.templates.entries.size;
  const has = { tools: true, resources: resources > 0, prompts: catalog.prompts.entries.size > 0 };
  return LISTS.filter((list) => has[list] || announced.some((name) => name === list));
}

/** The capabilities that the server announces. Only what can be used is announced. */
export function serverCapabilities(server: McpServer, streaming: boolean): Record<string, unknown> {
  const lists = announcedLists(server);
  const changes = streaming ? { listChanged: true } : {};
  const updates = streaming ? { subscribe: true, ...changes } : {};
  return {
    tools: changes,
    ...(lists.includes('resources') ? { resources: updates } : {}),
    ...(lists.includes('prompts') ? { prompts: changes } : {}),
    ...(server.catalog.hasCompleters ? { completions: {} } : {}),
    ...(streaming ? { logging: {} } : {}),
  };
}

/** The capabilities of a hosted server that need no streams. */
export function withoutStreams(capabilities: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { logging: _logging, ...kept } = capabilities;
  const rest: Record<string, unknown> = kept;
  for (const list of LISTS) {
    const given = rest[list];
    if (!isObject(given)) continue;
    const { listChanged: _changed, subscribe: _subscribe, ...others } = given;
    rest[list] = others;
  }
  return rest;
}

/** Writes the result of `server/discover` (MCP 2026-07-28, Discovery), once per state of the catalog. */
export class Discovery {
  readonly #written = new WeakMap<Catalog, string>();

  /**
   * @param streaming false when the server opens no streams; capabilities that need notifications are then not
   * announced
   */
  constructor(
    private readonly server: McpServer,
    readonly streaming: boolean,
  ) {}

  write({ writer, context }: Pick<Call, 'writer' | 'context'>): string {
    const { catalog, extensions } = this.server;
    const announced = (): Params => extensions.announced(this.server, context, 'stateless');
    if (extensions.areRestricted) return this.#render(writer, announced(), 'private');
    const known = this.#written.get(catalog);
    if (known !== undefined) return known;
    const text = this.#render(writer, announced(), 'public');
    this.#written.set(catalog, text);
    return text;
  }

  #render(writer: ResultWriter, extensions: Params, cacheScope: CacheHints['cacheScope']): string {
    const { info, options } = this.server;
    const { instructions, listTtlMs = 0 } = options;
    const result = {
      supportedVersions: STATELESS_REVISIONS,
      capabilities: withExtensions(serverCapabilities(this.server, this.streaming), extensions),
      ...(instructions === undefined ? {} : { instructions }),
      _meta: { [META.serverInfo]: info },
    };
    return writer.write(result, { ttlMs: listTtlMs, cacheScope });
  }
}

/** The capabilities with the announced extensions, if there are any. */
export function withExtensions(capabilities: Params, extensions: Params): Params {
  return Object.keys(extensions).length === 0 ? capabilities : { ...capabilities, extensions };
}

/** `server/discover`, with which a stateless client may begin (MCP 2026-07-28, Discovery). */
export const discoveryFeature: Feature = {
  methods: {
    'server/discover': { handle: (call, { discovery }) => discovery.write(call), only: 'stateless' },
  },
};

/** Refuses the methods of a list that `server/discover` does not announce, as unknown methods. */
export function onlyIfAnnounced(list: 'resources' | 'prompts'): NonNullable<FeatureMethod['admit']> {
  return ({ request }, { server }) => {
    if (!announcedLists(server).includes(list)) throw methodNotFound(request.method);
  };
}
