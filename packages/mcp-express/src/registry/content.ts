import { isObject } from '../protocol/json-rpc.js';
import { encodedUri, isUri } from '../protocol/uri.js';
import { changedByJson } from '../schema/changed-by-json.js';
import { unserializable } from '../schema/unserializable.js';
import { memberIssue } from './optional-members.js';

/** The string members that each type of content block requires (MCP 2025-11-25, schema, ContentBlock). */
const TEXT_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  text: ['text'],
  image: ['data', 'mimeType'],
  audio: ['data', 'mimeType'],
  resource_link: ['uri', 'name'],
  resource: [],
};

/** The reason why a value is not a valid content block, if any. */
export function contentIssue(block: unknown): string | undefined {
  if (!isObject(block)) return 'a block that is not an object';
  const type = block['type'];
  const members = typeof type === 'string' && Object.hasOwn(TEXT_MEMBERS, type) ? TEXT_MEMBERS[type] : undefined;
  if (members === undefined) return `a block of the unknown type ${String(type)}`;
  const missing = members.find((member) => typeof block[member] !== 'string');
  if (missing !== undefined) return `a block of type ${String(type)} whose "${missing}" is not a string`;
  const fault = memberIssue(block);
  if (fault !== undefined) return `a block of type ${String(type)} whose ${fault}`;
  if (type === 'resource') return resourceIssue(block['resource']);
  return type === 'image' || type === 'audio' ? mediaIssue(block) : undefined;
}

function mediaIssue({ data, mimeType }: Record<string, unknown>): string | undefined {
  if (!isBase64(String(data))) return 'media whose "data" is not base64';
  return MEDIA_TYPE.test(String(mimeType)) ? undefined : 'media whose "mimeType" is not a media type';
}

const MEDIA_TYPE = /^[^\s/]+\/[^\s/;]+/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && BASE64.test(text);
}

/** The reason why a value is not valid resource contents, if any. */
export function resourceIssue(resource: unknown): string | undefined {
  if (!isObject(resource)) return 'a resource that is not an object';
  const { uri, text, blob } = resource;
  if (typeof uri !== 'string' || !isUri(encodedUri(uri))) return 'a resource without a valid "uri"';
  const fault = memberIssue(resource);
  if (fault !== undefined) return `a resource whose ${fault}`;
  if (typeof text === 'string') return undefined;
  if (typeof blob !== 'string') return 'a resource with neither "text" nor "blob"';
  return isBase64(blob) ? undefined : 'a resource whose "blob" is not base64';
}

/** The reason why a value is not a valid message of a prompt, if any. */
export function messageIssue(message: unknown): string | undefined {
  if (!isObject(message)) return 'a message that is not an object';
  if (message['role'] !== 'user' && message['role'] !== 'assistant')
    return 'a message whose "role" is neither user nor assistant';
  return contentIssue(message['content']) ?? embeddedIssue(message['content']);
}

/** In prompts, embedded resources require a media type (MCP, Prompts, "Embedded Resources"). */
function embeddedIssue(content: unknown): string | undefined {
  const resource = isObject(content) && content['type'] === 'resource' ? content['resource'] : undefined;
  if (!isObject(resource) || MEDIA_TYPE.test(String(resource['mimeType']))) return undefined;
  return 'an embedded resource without a "mimeType"';
}

/** The first issue among the items, if any. */
export function firstIssue(
  list: readonly unknown[],
  faultOf: (item: unknown) => string | undefined,
): string | undefined {
  for (const item of list) {
    const fault = faultOf(item);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/**
 * Serialises the result of a handler.
 * @param what subject of the error message
 * @param write serialises the result
 * @throws TypeError, which clients get as an internal error, when the result has no JSON form
 */
export function serialized(result: object, what: string, write: () => string | undefined): string {
  let text: string | undefined;
  try {
    text = write();
  } catch (cause) {
    throw new TypeError(`${what} returned ${unserializable(result, cause)}`, { cause });
  }
  if (text === undefined) throw new TypeError(`${what} returned a value that has no JSON form`);
  const changed = changedByJson(result);
  if (changed !== undefined) throw new TypeError(`${what} returned ${changed}`);
  return text;
}
