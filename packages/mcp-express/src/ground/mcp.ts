/**
 * The shapes of MCP that handlers and options speak, from the schema of the specification
 * (https://modelcontextprotocol.io/specification/2025-11-25/schema). Written out rather than inferred from schemas so
 * that a user's compiler has nothing to compute; a test compares them with the types of `@modelcontextprotocol/core`.
 */
import type { Params } from './json-rpc.js';

export interface Icon {
  /** An `https:` or `data:` URI. */
  readonly src: string;
  readonly mimeType?: string;
  /** Sizes such as `48x48`, or `any`. */
  readonly sizes?: string[];
  readonly theme?: 'light' | 'dark';
}

/** Who is speaking: a client or a server. */
export interface Implementation {
  readonly name: string;
  readonly version: string;
  readonly title?: string;
  readonly description?: string;
  readonly websiteUrl?: string;
  readonly icons?: Icon[];
}

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

export interface TextContent extends ContentBase {
  readonly type: 'text';
  readonly text: string;
}

export interface ImageContent extends ContentBase {
  readonly type: 'image';
  /** Base64. */
  readonly data: string;
  readonly mimeType: string;
}

export interface AudioContent extends ContentBase {
  readonly type: 'audio';
  /** Base64. */
  readonly data: string;
  readonly mimeType: string;
}

export interface TextResourceContents {
  readonly uri: string;
  readonly mimeType?: string;
  readonly text: string;
  readonly _meta?: Record<string, unknown>;
}

export interface BlobResourceContents {
  readonly uri: string;
  readonly mimeType?: string;
  /** Base64. */
  readonly blob: string;
  readonly _meta?: Record<string, unknown>;
}

export interface EmbeddedResource extends ContentBase {
  readonly type: 'resource';
  readonly resource: TextResourceContents | BlobResourceContents;
}

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

export type ContentBlock = TextContent | ImageContent | AudioContent | EmbeddedResource | ResourceLink;

/** The result of `tools/call`. */
export interface CallToolResult {
  readonly content: ContentBlock[];
  readonly structuredContent?: Record<string, unknown>;
  /** The tool failed, in a way the model should see. */
  readonly isError?: boolean;
  readonly _meta?: Record<string, unknown>;
}

/** Hints about a tool. A client must not trust them from a server it does not trust. */
export interface ToolAnnotations {
  readonly title?: string;
  /** Does not change its environment. Default of the protocol: false. */
  readonly readOnlyHint?: boolean;
  /** May destroy or overwrite. Default of the protocol: true. */
  readonly destructiveHint?: boolean;
  /** Calling again with the same arguments changes nothing more. Default of the protocol: false. */
  readonly idempotentHint?: boolean;
  /** Reaches beyond a closed world. Default of the protocol: true. */
  readonly openWorldHint?: boolean;
}

/** What is said about a resource beside its URI and name. */
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

export type Role = 'user' | 'assistant';

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

/** The lists whose changes clients are told of. */
export const LISTS = ['tools', 'resources', 'prompts'] as const;
export type ListName = (typeof LISTS)[number];

/** The severities of RFC 5424, least first. */
export const LOG_LEVELS = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What a client said at `initialize` that it can do. */
export type ClientCapabilities = Params;

export type JsonSchema = Readonly<Record<string, unknown>>;
