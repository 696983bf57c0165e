/**
 * Our shapes against those of the official schemas, in both directions where both sides write: checked by the compiler,
 * as part of `npm run check`. A difference is an error in this file.
 */
import type * as core from '@modelcontextprotocol/core';
import type {
  CallToolResult,
  ContentBlock,
  ElicitFormParams,
  ElicitResult,
  ElicitUrlParams,
  GetPromptResult,
  Implementation,
  LogLevel,
  ReadResourceResult,
  Resource,
  Root,
  SampleParams,
  SampleResult,
  ToolAnnotations,
} from 'mcp-express';
import type { z } from 'zod';

type DeepMutable<T> = T extends readonly (infer U)[]
  ? DeepMutable<U>[]
  : T extends object
    ? { -readonly [K in keyof T]: DeepMutable<T[K]> }
    : T;

/** What we may send must be what the official schema takes. */
type Sends<Ours, Official> = DeepMutable<Ours> extends Official ? true : ['not taken by the official schema', Ours];
/** What the official schema lets a client send must be what we say handlers get. */
type Takes<Ours, Official> = Official extends DeepMutable<Ours> ? true : ['not described by our type', Official];

/** The official types allow an optional member to be there and undefined; JSON does not. */
type Received<T> = { [K in keyof T]: T[K] | (undefined extends T[K] ? undefined : never) };

type In<S extends z.ZodType> = z.input<S>;
type Out<S extends z.ZodType> = z.output<S>;

/** Members that hold any JSON, which the official types spell out recursively. */
type Open = 'tools' | 'metadata' | 'messages';

export const sent: [
  Sends<CallToolResult, In<typeof core.CallToolResultSchema>>,
  Sends<ContentBlock, In<typeof core.ContentBlockSchema>>,
  Sends<ReadResourceResult, In<typeof core.ReadResourceResultSchema>>,
  Sends<GetPromptResult, In<typeof core.GetPromptResultSchema>>,
  Sends<Resource, In<typeof core.ResourceSchema>>,
  Sends<ToolAnnotations, In<typeof core.ToolAnnotationsSchema>>,
  Sends<Implementation, In<typeof core.ImplementationSchema>>,
  Sends<Required<ElicitUrlParams>, In<typeof core.ElicitRequestURLParamsSchema>>,
  Sends<
    Omit<ElicitFormParams, 'requestedSchema'>,
    Omit<In<typeof core.ElicitRequestFormParamsSchema>, 'requestedSchema'>
  >,
  Sends<Omit<SampleParams, Open>, Omit<In<typeof core.CreateMessageRequestParamsSchema>, Open>>,
  Sends<LogLevel, In<typeof core.LoggingLevelSchema>>,
] = [true, true, true, true, true, true, true, true, true, true, true];

export const taken: [
  Takes<LogLevel, Out<typeof core.LoggingLevelSchema>>,
  Takes<Received<Root>, Out<typeof core.RootSchema>>,
  Takes<ElicitResult['action'], Out<typeof core.ElicitResultSchema>['action']>,
  Takes<SampleResult['role'], Out<typeof core.CreateMessageResultSchema>['role']>,
] = [true, true, true, true];
