export { type AuditOptions, type AuditRecord, auditLog } from './audit.js';
export { ownerName, type Principal } from './auth/principal.js';
export type * from './ground/client-requests.js';
export type { Drainable, DrainOptions } from './ground/drains.js';
export { ConfigurationError, type ErrorCode, McpError, type McpErrorOptions } from './ground/errors.js';
export type * from './ground/mcp.js';
export type { CallerName, CallFacts, Observation, Observer, Observers, Outcome } from './ground/observe.js';
export { redactSecrets } from './ground/redact.js';
export type { Logger } from './log.js';
export { openStore } from './open-store.js';
export type { RouterOptions } from './options.js';
export { SUPPORTED_REVISIONS } from './protocol/revisions.js';
export { type McpRouter, mcpRouter, type RouterStats } from './router.js';
export { type Served, type ServeOptions, serve } from './serve.js';
export type { CallRequest, ClientInfo, Notifier } from './server/call-scope.js';
export { type Completer, type Completers, type CompletionContext, completable } from './server/completion.js';
export type { AskOptions, Elicit, HandlerContext, Log, ReportProgress } from './server/context.js';
export { acceptedContent, inputRequired } from './server/input-required.js';
export { McpServer, type McpServerOptions, type Registered, type RootsChange } from './server/mcp-server.js';
export type { PromptConfig, PromptHandler, PromptReturn } from './server/prompt.js';
export {
  type ReadResource,
  type ReadReturn,
  type ReadTemplate,
  type ResourceConfig,
  ResourceTemplate,
  type ResourceTemplateOptions,
} from './server/resource.js';
export type { CacheHints } from './server/result-writer.js';
export type { Infer, RawShape, SchemaSource } from './server/schema.js';
export { loadSkill } from './server/skills/load-skill.js';
export type { SkillSource } from './server/skills/skill.js';
export type { ToolConfig, ToolHandler, ToolReturn } from './server/tool.js';
export type { TaskConfig } from './server/tool-task.js';
export { urlElicitationRequired } from './server/url-elicitation.js';
export type { Visible } from './server/visibility.js';
export { type MemoryStoreOptions, memoryStore } from './store/memory/memory-store.js';
export type * from './store/store.js';
