export { ownerName, type Principal } from './auth/principal.js';
export {
  type Completer,
  type Completers,
  type CompletionContext,
  completable,
} from './features/completion/completion.js';
export type {
  Extension,
  ExtensionMethod,
  ExtensionNotification,
  NotificationSender,
} from './features/extensions/extension.js';
export { McpServer, type Registered } from './features/mcp-server.js';
export type {
  AnyParams,
  AnyResult,
  ListParams,
  ListResult,
  Middleware,
  MiddlewareContext,
  MiddlewareFor,
  MiddlewareMethod,
  MiddlewareMethods,
  MiddlewareOptions,
  MiddlewareStage,
  Next,
} from './features/middleware/middleware.js';
export type { PromptConfig, PromptHandler, PromptReturn } from './features/prompts/prompt.js';
export {
  type ReadResource,
  type ReadReturn,
  type ReadTemplate,
  type ResourceConfig,
  ResourceTemplate,
  type ResourceTemplateOptions,
} from './features/resources/resource.js';
export type { InitializedSession, RootsChange, SessionEnd } from './features/server-events.js';
export type { McpServerOptions } from './features/server-options.js';
export { loadSkill } from './features/skills/load-skill.js';
export type { SkillSource } from './features/skills/skill.js';
export type { Subscription, SubscriptionHooks } from './features/subscriptions/subscription-hooks.js';
export type { ToolConfig, ToolHandler, ToolReturn } from './features/tools/tool.js';
export type { ToolSearchOptions } from './features/tools/tool-search.js';
export type { TaskConfig } from './features/tools/tool-task.js';
export { type AuditOptions, type AuditRecord, auditLog } from './observe/audit.js';
export type { Logger } from './observe/log.js';
export type { CallerName, CallFacts, Observation, Observer, Observers, Outcome } from './observe/observe.js';
export { redactSecrets } from './observe/redact.js';
export { openStore } from './open-store.js';
export type { RouterOptions } from './options.js';
export type * from './protocol/client-requests.js';
export { ConfigurationError, type ErrorCode, McpError, type McpErrorOptions } from './protocol/errors.js';
export type * from './protocol/mcp.js';
export { SUPPORTED_REVISIONS } from './protocol/revisions.js';
export type { Visible } from './registry/visibility.js';
export type {
  CallOperations,
  CallPage,
  ListCallsOptions,
  OperationOptions,
  RunningCallInfo,
} from './request/call-operations.js';
export type { AskOptions, Elicit, HandlerContext, Log, ReportProgress, SendNotification } from './request/context.js';
export { acceptedContent, inputRequired } from './request/input-required.js';
export type { CacheHints } from './request/result-writer.js';
export type { CallRequest, ClientInfo, DeclaredClient, Notifier } from './request/running-call.js';
export { urlElicitationRequired } from './request/url-elicitation.js';
export { type McpRouter, mcpRouter, type RouterStats } from './router.js';
export type { Infer, RawShape, SchemaSource } from './schema/schema.js';
export { type Served, type ServeOptions, serve } from './serve/serve.js';
export type {
  ListSessionsOptions,
  SessionInfo,
  SessionOperations,
  SessionPage,
} from './session/session-operations.js';
export { type MemoryStoreOptions, memoryStore } from './store/memory/memory-store.js';
export type * from './store/store.js';
export type { Drainable, DrainOptions } from './util/drains.js';
