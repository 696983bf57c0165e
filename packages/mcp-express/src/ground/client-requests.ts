/**
 * What a server may ask of a client while it handles a call: elicitation, sampling and roots
 * (https://modelcontextprotocol.io/specification/2025-11-25/client/elicitation and its neighbours).
 */
import type { AudioContent, ContentBlock, ImageContent, JsonSchema, Role, TextContent } from './mcp.js';

/** Asks the user to fill in a form. */
export interface ElicitFormParams {
  readonly mode?: 'form';
  /** For the user: what is asked, and why. */
  readonly message: string;
  /** A flat object of strings, numbers, booleans and choices. */
  readonly requestedSchema: JsonSchema;
}

/** Sends the user to a web page, for what must not pass through the client, such as credentials. */
export interface ElicitUrlParams {
  readonly mode: 'url';
  readonly message: string;
  readonly url: string;
  /**
   * Names this elicitation in sessions of 2025-11-25, which require it; later revisions do not have it.
   * @default a random one
   */
  readonly elicitationId?: string;
}

export type ElicitParams = ElicitFormParams | ElicitUrlParams;

export interface ElicitResult {
  readonly action: 'accept' | 'decline' | 'cancel';
  /** What the user filled in, checked against the requested schema. Only after `accept`. */
  readonly content?: Record<string, string | number | boolean | string[]>;
  readonly _meta?: Record<string, unknown>;
}

export interface ToolUseContent {
  readonly type: 'tool_use';
  readonly id: string;
  readonly name: string;
  readonly input: Record<string, unknown>;
  readonly _meta?: Record<string, unknown>;
}

export interface ToolResultContent {
  readonly type: 'tool_result';
  readonly toolUseId: string;
  readonly content: ContentBlock[];
  readonly structuredContent?: Record<string, unknown>;
  readonly isError?: boolean;
  readonly _meta?: Record<string, unknown>;
}

export type SamplingContent = TextContent | ImageContent | AudioContent | ToolUseContent | ToolResultContent;

export interface SamplingMessage {
  readonly role: Role;
  readonly content: SamplingContent | SamplingContent[];
  readonly _meta?: Record<string, unknown>;
}

export interface ModelPreferences {
  readonly hints?: { readonly name?: string }[];
  /** Each from 0 to 1. */
  readonly costPriority?: number;
  readonly speedPriority?: number;
  readonly intelligencePriority?: number;
}

/** Asks the client's model for a completion. */
export interface SampleParams {
  readonly messages: SamplingMessage[];
  readonly maxTokens: number;
  readonly systemPrompt?: string;
  readonly includeContext?: 'none' | 'thisServer' | 'allServers';
  readonly temperature?: number;
  readonly stopSequences?: string[];
  readonly modelPreferences?: ModelPreferences;
  readonly metadata?: Record<string, unknown>;
  /** Tools the model may use; needs the client's capability `sampling.tools`. */
  readonly tools?: { readonly name: string; readonly description?: string; readonly inputSchema: JsonSchema }[];
  readonly toolChoice?: { readonly mode?: 'auto' | 'required' | 'none' };
}

export interface SampleResult {
  readonly role: Role;
  readonly content: SamplingContent | SamplingContent[];
  readonly model: string;
  readonly stopReason?: string;
  readonly _meta?: Record<string, unknown>;
}

/** A directory or file the client lets the server work in. */
export interface Root {
  /** Begins with `file://`. */
  readonly uri: string;
  readonly name?: string;
  readonly _meta?: Record<string, unknown>;
}

/** One question to the client, as it stands in an `InputRequired`. */
export interface InputRequest {
  readonly method: 'elicitation/create' | 'sampling/createMessage' | 'roots/list';
  readonly params?: Readonly<Record<string, unknown>>;
}

/**
 * What a handler returns instead of a result when it must know more first (MCP 2026-07-28, Multi Round-Trip Requests). The
 * client answers, and the handler is run again from the top, with the answers in `ctx.inputResponses`. It has at least
 * one of the two members.
 */
export interface InputRequired {
  readonly resultType: 'input_required';
  /** The questions, by keys that name them. All are asked at once. */
  readonly inputRequests?: Readonly<Record<string, InputRequest>>;
  /**
   * What the next run finds in `ctx.requestState`: any JSON. It is sealed before it leaves, so that the client can neither
   * read nor change it.
   */
  readonly requestState?: unknown;
}

/** What the client has answered so far, by the key of each question. Unchecked: it comes from the client. */
export type InputResponses = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
