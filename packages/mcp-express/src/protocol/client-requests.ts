/**
 * The client requests of MCP: elicitation, sampling and roots
 * (https://modelcontextprotocol.io/specification/2025-11-25/client/elicitation and its neighbours).
 */
import type { AudioContent, ContentBlock, ImageContent, JsonSchema, Role, TextContent } from './mcp.js';

/** Asks the user to fill in a form. */
export interface ElicitFormParams {
  readonly mode?: 'form';
  /** Explains to the user which data is requested, and why. */
  readonly message: string;
  /** An object schema without nesting: strings, numbers, booleans and enums. */
  readonly requestedSchema: JsonSchema;
}

/** Sends the user to a web page, for data that must not pass through the client, such as credentials. */
export interface ElicitUrlParams {
  readonly mode: 'url';
  readonly message: string;
  readonly url: string;
  /**
   * Id of the elicitation in sessions of 2025-11-25, which require one. Later revisions have none.
   * @default a random UUID
   */
  readonly elicitationId?: string;
}

/** The params of `elicitation/create`. */
export type ElicitParams = ElicitFormParams | ElicitUrlParams;

/** The result of `elicitation/create`. */
export interface ElicitResult {
  readonly action: 'accept' | 'decline' | 'cancel';
  /** The user's input, validated against the requested schema. Only with `accept`. */
  readonly content?: Record<string, string | number | boolean | string[]>;
  readonly _meta?: Record<string, unknown>;
}

/** A tool call by the model, in a sampling message. */
export interface ToolUseContent {
  readonly type: 'tool_use';
  readonly id: string;
  readonly name: string;
  readonly input: Record<string, unknown>;
  readonly _meta?: Record<string, unknown>;
}

/** The result of a tool call, in a sampling message. */
export interface ToolResultContent {
  readonly type: 'tool_result';
  readonly toolUseId: string;
  readonly content: ContentBlock[];
  readonly structuredContent?: Record<string, unknown>;
  readonly isError?: boolean;
  readonly _meta?: Record<string, unknown>;
}

/** The content types of sampling messages. */
export type SamplingContent = TextContent | ImageContent | AudioContent | ToolUseContent | ToolResultContent;

/** A message of a sampling conversation. */
export interface SamplingMessage {
  readonly role: Role;
  readonly content: SamplingContent | SamplingContent[];
  readonly _meta?: Record<string, unknown>;
}

/** The server's preferences for the choice of a model. */
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
  /** Tools that the model may use. Requires the client capability `sampling.tools`. */
  readonly tools?: { readonly name: string; readonly description?: string; readonly inputSchema: JsonSchema }[];
  readonly toolChoice?: { readonly mode?: 'auto' | 'required' | 'none' };
}

/** The result of `sampling/createMessage`. */
export interface SampleResult {
  readonly role: Role;
  readonly content: SamplingContent | SamplingContent[];
  readonly model: string;
  readonly stopReason?: string;
  readonly _meta?: Record<string, unknown>;
}

/** A directory or file that the client lets the server access. */
export interface Root {
  /** Begins with `file://`. */
  readonly uri: string;
  readonly name?: string;
  readonly _meta?: Record<string, unknown>;
}

/** One client request in an `InputRequired`. */
export interface InputRequest {
  readonly method: 'elicitation/create' | 'sampling/createMessage' | 'roots/list';
  readonly params?: Readonly<Record<string, unknown>>;
}

/**
 * The return value of a handler that needs input first (MCP 2026-07-28, Multi Round-Trip Requests). After the client
 * has responded, the handler runs again from the start, with the responses in `ctx.inputResponses`. At least one of
 * `inputRequests` and `requestState` is required.
 */
export interface InputRequired {
  readonly resultType: 'input_required';
  /** The client requests by keys of the handler's choice. All are sent at once. */
  readonly inputRequests?: Readonly<Record<string, InputRequest>>;
  /**
   * Any JSON value, which the next run gets as `ctx.requestState`. It is encrypted and authenticated, so the client can
   * neither read nor change it.
   */
  readonly requestState?: unknown;
}

/** The client's responses so far, by the keys of the requests. They are untrusted and not validated. */
export type InputResponses = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
