import { ConfigurationError } from '../ground/errors.js';
import { isObject } from '../ground/json-rpc.js';
import type { ReadResourceResult, Resource, ResourceMetadata } from '../ground/mcp.js';
import { isUri } from '../ground/uri.js';
import type { Completers } from './completion.js';
import { firstFault, jsonText, resourceFault } from './content.js';
import type { HandlerContext } from './context.js';
import type { Listed } from './listing.js';
import { UriTemplate, type Variables } from './uri-template.js';

/** A result as the protocol has it, a text, or bytes. */
export type ReadReturn = ReadResourceResult | string | Uint8Array;

export type ReadResource = (uri: URL, ctx: HandlerContext) => ReadReturn | Promise<ReadReturn>;

/** `variables` are the values of the template in the URI that is read. */
export type ReadTemplate = (
  uri: URL,
  variables: Record<string, string | string[]>,
  ctx: HandlerContext,
) => ReadReturn | Promise<ReadReturn>;

export interface ResourceTemplateOptions {
  /** The resources of this template that are known by name now; they appear in `resources/list`. @default none */
  readonly list?: (ctx: HandlerContext) => { resources: Resource[] } | Promise<{ resources: Resource[] }>;
  /** Suggests values for variables, by name. @default none */
  readonly complete?: Completers;
}

/** A family of resources whose URIs follow a template of RFC 6570, such as `orders://{year}/{number}`. */
export class ResourceTemplate {
  readonly uriTemplate: UriTemplate;

  /** @throws ConfigurationError when the template cannot be read. */
  constructor(
    template: string,
    readonly options: ResourceTemplateOptions = {},
  ) {
    this.uriTemplate = new UriTemplate(template);
    const unknown = Object.keys(options.complete ?? {}).filter(
      (name) => !this.uriTemplate.variableNames.includes(name),
    );
    if (unknown.length > 0) throw new ConfigurationError(`"${template}" has no variable "${unknown.join('", "')}"`);
  }
}

/** A resource made ready once, at registration. */
export interface CompiledResource extends Listed {
  /** The result as JSON text. */
  read(uri: string, ctx: HandlerContext): Promise<string>;
}

export interface CompiledTemplate extends Listed {
  readonly template: ResourceTemplate;
  /** The result as JSON text. */
  read(uri: string, variables: Variables, ctx: HandlerContext): Promise<string>;
}

/** @throws ConfigurationError when the URI is none. */
export function compileResource(
  uri: string,
  name: string,
  config: ResourceMetadata,
  read: ReadResource,
): CompiledResource {
  if (!isUri(uri)) throw new ConfigurationError(`Resource "${name}" has an invalid URI: ${JSON.stringify(uri)}`);
  return {
    key: uri,
    listing: { uri, name, ...config },
    read: async (asked, ctx) => contentsOf(asked, config.mimeType, await read(new URL(asked), ctx)),
  };
}

export function compileTemplate(
  template: ResourceTemplate,
  name: string,
  config: ResourceMetadata,
  read: ReadTemplate,
): CompiledTemplate {
  return {
    key: template.uriTemplate.text,
    template,
    listing: { uriTemplate: template.uriTemplate.text, name, ...config },
    read: async (asked, variables, ctx) =>
      contentsOf(asked, config.mimeType, await read(new URL(asked), { ...variables }, ctx)),
  };
}

function contentsOf(uri: string, mimeType: string | undefined, returned: unknown): string {
  const contents = contentsIn(uri, mimeType, returned);
  if (!isObject(contents) || !Array.isArray(contents['contents'])) {
    throw new Error(`Resource ${uri} must be read as an object with "contents", a string or bytes`);
  }
  const fault = firstFault(contents['contents'], resourceFault);
  if (fault !== undefined) throw new Error(`Resource ${uri} was read as ${fault}`);
  return jsonText(contents, `Resource ${uri}`);
}

function contentsIn(uri: string, mimeType: string | undefined, returned: unknown): unknown {
  const type = mimeType === undefined ? {} : { mimeType };
  if (typeof returned === 'string') return { contents: [{ uri, ...type, text: returned }] };
  if (!(returned instanceof Uint8Array)) return returned;
  return { contents: [{ uri, ...type, blob: Buffer.from(returned).toString('base64') }] };
}
