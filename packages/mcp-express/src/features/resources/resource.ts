import type { InputRequired } from '../../protocol/client-requests.js';
import { assertKnown, ConfigurationError, kindOf } from '../../protocol/errors.js';
import { isObject } from '../../protocol/json-rpc.js';
import type { ReadResourceResult, Resource, ResourceMetadata } from '../../protocol/mcp.js';
import { encodedUri, isUri, uriKey } from '../../protocol/uri.js';
import { firstIssue, resourceIssue, serialized } from '../../registry/content.js';
import type { Listed } from '../../registry/listing.js';
import { blocksWithoutNulls, listedEntry, memberIssue, resultWithoutNulls } from '../../registry/optional-members.js';
import { assertRegistration, RESOURCE } from '../../registry/registration.js';
import type { Visible } from '../../registry/visibility.js';
import type { HandlerContext } from '../../request/context.js';
import { isInputRequired } from '../../request/input-required.js';
import { type CacheHints, NO_CACHE, type ResultWriter } from '../../request/result-writer.js';
import { type Completers, checkedCompleters } from '../completion/completion.js';
import { hooksOf, type SubscriptionHooks } from '../subscriptions/subscription-hooks.js';
import { UriTemplate, type Variables } from './uri-template.js';

/** The return value of a read handler: a result of the protocol, text or bytes. */
export type ReadReturn = ReadResourceResult | InputRequired | string | Uint8Array;

/** The definition of a resource, or of all resources of a template. */
export interface ResourceConfig extends ResourceMetadata, SubscriptionHooks {
  /**
   * Decides for which principals the resource exists. For others it is not listed, and reading it gives the error for
   * unknown URIs.
   * @default all
   */
  readonly visible?: Visible;
  /**
   * Cache hints for clients of 2026-07-28.
   * @default `{ ttlMs: 0, cacheScope: 'private' }`, because the contents may depend on the caller and may change
   */
  readonly cache?: CacheHints;
}

/** Reads a resource. */
export type ReadResource = (uri: URL, ctx: HandlerContext) => ReadReturn | Promise<ReadReturn>;

/** Reads a resource of a template. `variables` are the values from its URI. */
export type ReadTemplate = (
  uri: URL,
  variables: Record<string, string | string[]>,
  ctx: HandlerContext,
) => ReadReturn | Promise<ReadReturn>;

/** Options of `ResourceTemplate`. */
export interface ResourceTemplateOptions {
  /**
   * Enumerates the resources of this template for `resources/list`.
   * @default none
   */
  readonly list?: (ctx: HandlerContext) => { resources: Resource[] } | Promise<{ resources: Resource[] }>;
  /**
   * Completers by variable name.
   * @default none
   */
  readonly complete?: Completers;
}

/** A set of resources whose URIs match an RFC 6570 template, such as `orders://{year}/{number}`. */
export class ResourceTemplate {
  readonly uriTemplate: UriTemplate;

  /** @throws ConfigurationError when the template or an option is invalid */
  constructor(
    template: string,
    readonly options: ResourceTemplateOptions = {},
  ) {
    if (typeof template !== 'string') {
      throw new ConfigurationError(
        `ResourceTemplate takes a template such as "orders://{id}", not ${kindOf(template)}`,
      );
    }
    const what = `ResourceTemplate "${template}"`;
    assertKnown(options, ['list', 'complete'], what);
    if (options.list !== undefined && typeof options.list !== 'function') {
      throw new ConfigurationError(`"list" of ${what} must be a function; it is ${kindOf(options.list)}`);
    }
    checkedCompleters(options.complete, what);
    this.uriTemplate = new UriTemplate(template);
    assertKnown(options.complete ?? {}, this.uriTemplate.variableNames, `"complete" of ${what}`);
  }
}

/** A resource compiled at registration. */
export interface CompiledResource extends Listed {
  /** The canonical key of its URI, to find it under any equivalent URI. */
  readonly canonicalKey: string;
  readonly hooks: SubscriptionHooks | undefined;
  /** The result as JSON text, or the input that the handler requires. */
  read(uri: string, ctx: HandlerContext, writer: ResultWriter): Promise<string | InputRequired>;
}

/** A resource template compiled at registration. */
export interface CompiledTemplate extends Listed {
  readonly template: ResourceTemplate;
  readonly hooks: SubscriptionHooks | undefined;
  /** The result as JSON text, or the input that the handler requires. */
  read(uri: string, variables: Variables, ctx: HandlerContext, writer: ResultWriter): Promise<string | InputRequired>;
}

/**
 * @param given a URI. Characters that a URI cannot hold, such as spaces and `é`, are encoded.
 * @throws ConfigurationError when the URI or the cache hints are invalid
 */
export function compileResource(
  given: string,
  name: string,
  config: ResourceConfig,
  read: ReadResource,
): CompiledResource {
  assertRegistration({ name, config, handler: read }, RESOURCE);
  const uri = encodedUri(given);
  if (!isUri(uri) || NO_URI.test(given)) {
    const hint = given.includes('{') ? '. A template is registered as new ResourceTemplate("…")' : pathHint(given);
    throw new ConfigurationError(`Resource "${name}" has an invalid URI: ${JSON.stringify(given)}${hint}`);
  }
  const { visible, cache, onSubscribe, onUnsubscribe, ...metadata } = config;
  const manner = {
    mimeType: config.mimeType ?? undefined,
    hints: hintsOf(cache, name, visible),
    restricted: visible !== undefined,
  };
  return {
    key: uri,
    canonicalKey: uriKey(uri),
    visible,
    hooks: hooksOf({ onSubscribe, onUnsubscribe }, `resource "${name}"`),
    listing: listedEntry({ uri, name, ...metadata }, `Resource "${name}"`),
    read: async (asked, ctx, writer) => contentsOf(asked, manner, await read(new URL(asked), ctx), writer),
  };
}

/** Braces of templates, and backslashes of paths. */
const NO_URI = /[{\\]/;

function pathHint(given: string): string {
  return /^(?:[A-Za-z]:|\.{0,2})[\\/]/.test(given) ? '. The URI of a file is pathToFileURL(path).href of node:url' : '';
}

/** @throws ConfigurationError when the template or the cache hints are invalid */
export function compileTemplate(
  template: ResourceTemplate,
  name: string,
  config: ResourceConfig,
  read: ReadTemplate,
): CompiledTemplate {
  if (!(template instanceof ResourceTemplate)) {
    throw new ConfigurationError(
      `registerResource(${JSON.stringify(name)}, …) takes a URI as a string, or a ResourceTemplate of mcp-express; it was given ` +
        kindOf(template),
    );
  }
  assertRegistration({ name, config, handler: read }, RESOURCE);
  const { visible, cache, onSubscribe, onUnsubscribe, ...metadata } = config;
  const manner = {
    mimeType: config.mimeType ?? undefined,
    hints: hintsOf(cache, name, visible),
    restricted: visible !== undefined,
  };
  return {
    key: template.uriTemplate.text,
    template,
    visible,
    hooks: hooksOf({ onSubscribe, onUnsubscribe }, `resource template "${name}"`),
    listing: listedEntry({ uriTemplate: template.uriTemplate.text, name, ...metadata }, `Resource template "${name}"`),
    read: async (asked, variables, ctx, writer) =>
      contentsOf(asked, manner, await read(new URL(asked), { ...variables }, ctx), writer),
  };
}

/** Resources that do not exist for every principal must not be in shared caches. */
function hintsOf(cache: CacheHints | undefined, name: string, visible: Visible | undefined): CacheHints {
  if (cache === undefined) return NO_CACHE;
  if (areHints(cache)) return visible === undefined ? cache : { ...cache, cacheScope: 'private' };
  throw new ConfigurationError(
    `"cache" of resource "${name}" must be { ttlMs, cacheScope }: a whole number of milliseconds, and "public" or "private"`,
  );
}

function areHints(hints: object): hints is CacheHints {
  const { ttlMs, cacheScope } = hints as Partial<CacheHints>;
  return Number.isSafeInteger(ttlMs) && Number(ttlMs) >= 0 && (cacheScope === 'public' || cacheScope === 'private');
}

interface ReadOptions {
  readonly mimeType: string | undefined;
  readonly hints: CacheHints;
  /** The resource does not exist for every principal. */
  readonly restricted: boolean;
}

function contentsOf(
  uri: string,
  { mimeType, hints, restricted }: ReadOptions,
  returned: unknown,
  writer: ResultWriter,
): string | InputRequired {
  if (isInputRequired(returned)) return returned;
  const contents = contentsIn(encodedUri(uri), mimeType, returned);
  if (!isObject(contents) || !Array.isArray(contents['contents'])) {
    throw new TypeError(
      `Resource ${uri} must be read as an object with "contents", a string or bytes; it was read as ${kindOf(returned)}`,
    );
  }
  const { ttlMs, cacheScope, ...rest } = contents;
  const result = { ...resultWithoutNulls(rest), contents: blocksWithoutNulls(contents['contents']) };
  const unfit = memberIssue(result);
  if (unfit !== undefined) throw new Error(`Resource ${uri} was read as a result whose ${unfit}`);
  const fault = firstIssue(result.contents, resourceIssue);
  if (fault !== undefined) throw new Error(`Resource ${uri} was read as ${fault}`);
  const own = { ttlMs, cacheScope };
  const kept: CacheHints = areHints(own) ? own : hints;
  const shown: CacheHints = restricted ? { ...kept, cacheScope: 'private' } : kept;
  return serialized(result, `Resource ${uri}`, () => writer.write(result, shown));
}

function contentsIn(uri: string, mimeType: string | undefined, returned: unknown): unknown {
  const type = mimeType === undefined ? {} : { mimeType };
  if (typeof returned === 'string') return { contents: [{ uri, ...type, text: returned }] };
  if (!(returned instanceof Uint8Array)) return returned;
  return { contents: [{ uri, ...type, blob: Buffer.from(returned).toString('base64') }] };
}

/**
 * The resources that a template enumerates, as list entries.
 * @throws Error when an entry is invalid
 */
export function listedResources(template: ResourceTemplate, given: unknown): readonly unknown[] {
  const where = `The list of resource template "${template.uriTemplate.text}"`;
  const resources = isObject(given) ? given['resources'] : undefined;
  if (!Array.isArray(resources)) throw new Error(`${where} must return an object with "resources"`);
  return resources.map((entry: unknown) => {
    if (isObject(entry) && typeof entry['uri'] === 'string' && typeof entry['name'] === 'string') {
      return listedEntry({ ...entry, uri: encodedUri(entry['uri']) }, `${where}, resource ${entry['uri']}`);
    }
    throw new Error(`${where} has an entry without a "uri" and a "name"`);
  });
}
