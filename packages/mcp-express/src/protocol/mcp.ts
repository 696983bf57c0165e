/**
 * The MCP types of handlers and options, from the schema of the specification
 * (https://modelcontextprotocol.io/specification/2025-11-25/schema). They are written out instead of inferred from
 * schemas, to spare the user's compiler. A test compares them with the types of `@modelcontextprotocol/core`.
 */
import { isObject, type Params } from './json-rpc.js';

/** An icon of a server, tool, resource or prompt. */
export interface Icon {
  /** An `https:` or `data:` URI. */
  readonly src: string;
  readonly mimeType?: string;
  /** Sizes such as `48x48`, or `any`. */
  readonly sizes?: string[];
  readonly theme?: 'light' | 'dark';
}

/** The name and version of a client or a server. */
export interface Implementation {
  readonly name: string;
  readonly version: string;
  readonly title?: string;
  readonly description?: string;
  readonly websiteUrl?: string;
  readonly icons?: Icon[];
}

/** Hints for clients about content or a resource. */
export interface Annotations {
  readonly audience?: ('user' | 'assistant')[];
  /** From 0 (optional) to 1 (required). */
  readonly priority?: number;
  /** ISO 8601. */
  readonly lastModified?: string;
}

interface ContentBase {
  readonly annotations?: Annotations;
  readonly _meta?: Record<string, unknown>;
}

/** Text content. */
export interface TextContent extends ContentBase {
  readonly type: 'text';
  readonly text: string;
}

/** Image content. */
export interface ImageContent extends ContentBase {
  readonly type: 'image';
  /** Base64. */
  readonly data: string;
  readonly mimeType: string;
}

/** Audio content. */
export interface AudioContent extends ContentBase {
  readonly type: 'audio';
  /** Base64. */
  readonly data: string;
  readonly mimeType: string;
}

/** The contents of a resource as text. */
export interface TextResourceContents {
  readonly uri: string;
  readonly mimeType?: string;
  readonly text: string;
  readonly _meta?: Record<string, unknown>;
}

/** The contents of a resource as bytes. */
export interface BlobResourceContents {
  readonly uri: string;
  readonly mimeType?: string;
  /** Base64. */
  readonly blob: string;
  readonly _meta?: Record<string, unknown>;
}

/** A resource embedded in a message. */
export interface EmbeddedResource extends ContentBase {
  readonly type: 'resource';
  readonly resource: TextResourceContents | BlobResourceContents;
}

/** A link to a resource. */
export interface ResourceLink extends ContentBase {
  readonly type: 'resource_link';
  readonly uri: string;
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly mimeType?: string;
  /** Bytes. */
  readonly size?: number;
  readonly icons?: Icon[];
}

/** The content types of tool results and prompts. */
export type ContentBlock = TextContent | ImageContent | AudioContent | EmbeddedResource | ResourceLink;

/** The result of `tools/call`. */
export interface CallToolResult {
  readonly content: ContentBlock[];
  readonly structuredContent?: Record<string, unknown>;
  /** The tool failed, in a way that the model should see. */
  readonly isError?: boolean;
  readonly _meta?: Record<string, unknown>;
}

/** Hints about a tool. Clients must not rely on them unless they trust the server. */
export interface ToolAnnotations {
  readonly title?: string;
  /** The tool does not modify its environment. Default of the protocol: false. */
  readonly readOnlyHint?: boolean;
  /** The tool may delete or overwrite. Default of the protocol: true. */
  readonly destructiveHint?: boolean;
  /** Repeated calls with the same arguments have no further effect. Default of the protocol: false. */
  readonly idempotentHint?: boolean;
  /** The tool interacts with external entities. Default of the protocol: true. */
  readonly openWorldHint?: boolean;
}

/** Metadata of a resource, beside its URI and name. */
export interface ResourceMetadata {
  readonly title?: string;
  readonly description?: string;
  readonly mimeType?: string;
  /** Bytes, before any encoding. */
  readonly size?: number;
  readonly icons?: Icon[];
  readonly annotations?: Annotations;
  readonly _meta?: Record<string, unknown>;
}

/** One entry of `resources/list`. */
export interface Resource extends ResourceMetadata {
  readonly uri: string;
  readonly name: string;
}

/** The result of `resources/read`. */
export interface ReadResourceResult {
  readonly contents: (TextResourceContents | BlobResourceContents)[];
  readonly _meta?: Record<string, unknown>;
}

/** The author of a message. */
export type Role = 'user' | 'assistant';

/** A message of a prompt. */
export interface PromptMessage {
  readonly role: Role;
  readonly content: ContentBlock;
}

/** The result of `prompts/get`. */
export interface GetPromptResult {
  readonly description?: string;
  readonly messages: PromptMessage[];
  readonly _meta?: Record<string, unknown>;
}

/** The lists that have `list_changed` notifications. */
export const LISTS = ['tools', 'resources', 'prompts'] as const;
/** The name of a list. */
export type ListName = (typeof LISTS)[number];

/** Log levels (RFC 5424), least severe first. */
export const LOG_LEVELS = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'] as const;
/** A log level. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The capabilities that a client declared. */
export type ClientCapabilities = Params;

/** A JSON Schema document. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Whether a value is an `Implementation` as the schema has it: an object with a name and a version. */
export function isImplementation(value: unknown): value is Implementation {
  return isObject(value) && typeof value['name'] === 'string' && typeof value['version'] === 'string';
}

/** Whether a value is one of the log levels of MCP. */
export function isLogLevel(value: unknown): value is LogLevel {
  return LOG_LEVELS.includes(value as LogLevel);
}
