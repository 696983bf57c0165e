/*
 * Names of the semantic conventions for MCP, https://github.com/open-telemetry/semantic-conventions-genai, version 0.1.0
 * (status: development), file docs/gen-ai/mcp.md; they left the general semantic conventions with version 1.42.0 of those.
 * Names that begin with `mcp_express.` are of this package, for what the conventions do not cover.
 */

/** Attribute names. */
export const ATTR = {
  method: 'mcp.method.name',
  session: 'mcp.session.id',
  revision: 'mcp.protocol.version',
  resource: 'mcp.resource.uri',
  requestId: 'jsonrpc.request.id',
  rpcCode: 'rpc.response.status_code',
  tool: 'gen_ai.tool.name',
  prompt: 'gen_ai.prompt.name',
  operation: 'gen_ai.operation.name',
  errorType: 'error.type',
  transport: 'network.transport',
  protocol: 'network.protocol.name',
  client: 'client.address',
  status: 'http.response.status_code',
  node: 'mcp_express.node.id',
  outcome: 'mcp_express.outcome',
  unknownMethod: 'mcp_express.method.original',
  kind: 'mcp_express.stream.kind',
  reason: 'mcp_express.session.end_reason',
  step: 'mcp_express.store.operation',
} as const;

/** The value for all names that are neither registered nor of the specification, so that clients cannot create labels. */
export const OTHER = '_OTHER';

/** `gen_ai.operation.name` of a tool call. */
export const EXECUTE_TOOL = 'execute_tool';

/** `error.type` of a tool result with `isError`. */
export const TOOL_ERROR = 'tool_error';

/** HTTP, in every span of a message and in the metrics of operations. */
export const HTTP = { [ATTR.transport]: 'tcp', [ATTR.protocol]: 'http' } as const;

/** `ExplicitBucketBoundaries` of the durations in the conventions. Seconds. */
export const DURATION_BUCKETS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];

/** The same for steps of a store, which take microseconds to seconds. */
export const STORE_BUCKETS = [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
