import type { Attributes } from '@opentelemetry/api';
import type { InstrumentedNode, TracedArrival, TracedEnding } from '../observe/instrumentation.js';
import { withoutSecretsIn } from '../observe/secret-text.js';
import type { JsonRpcNotification, JsonRpcRequest } from '../protocol/json-rpc.js';
import { brief } from '../util/brief.js';
import { ATTR, EXECUTE_TOOL, HTTP, OTHER, TOOL_ERROR } from './conventions.js';

/** The kinds of names that are labels, by the method whose param `name` has them. */
const NAMED = {
  'tools/call': { kind: 'tool', attribute: ATTR.tool },
  'prompts/get': { kind: 'prompt', attribute: ATTR.prompt },
} as const;

/** The attributes of one message, those of bounded sets apart from the others. */
export class Labels {
  /** "The format `{mcp.method.name} {target}`" (conventions). */
  readonly spanName: string;
  /** Bounded attributes, which samplers see and metrics have. */
  readonly atStart: Attributes;

  constructor(
    private readonly message: JsonRpcRequest | JsonRpcNotification,
    private readonly node: InstrumentedNode,
  ) {
    const method = node.isKnown('method', message.method) ? message.method : OTHER;
    const target = method in NAMED ? targetOf(message, NAMED[method as keyof typeof NAMED], node) : undefined;
    const isTarget = target !== undefined && target.value !== OTHER;
    this.spanName = isTarget ? `${method} ${target.value}` : method;
    const attributes: Attributes = { ...HTTP, [ATTR.method]: method };
    if (target !== undefined) attributes[target.attribute] = target.value;
    if (target?.attribute === ATTR.tool) attributes[ATTR.operation] = EXECUTE_TOOL;
    this.atStart = attributes;
  }

  /** Attributes of the span alone. Texts of clients are cut, and secrets in them replaced. */
  details({ ip }: TracedArrival): Attributes {
    const { message, node } = this;
    const details: Attributes = { [ATTR.node]: node.id };
    if ('id' in message) details[ATTR.requestId] = brief(String(message.id));
    if (ip !== undefined) details[ATTR.client] = ip;
    if (this.atStart[ATTR.method] === OTHER) details[ATTR.unknownMethod] = brief(message.method);
    const { uri, name } = message.params ?? {};
    if (typeof uri === 'string') details[ATTR.resource] = withoutSecretsIn(brief(uri));
    for (const attribute of [ATTR.tool, ATTR.prompt]) {
      if (this.atStart[attribute] === OTHER && typeof name === 'string') details[attribute] = brief(name);
    }
    return details;
  }

  /** The labels of the duration. */
  ofEnd({ outcome, error, era, revision }: TracedEnding): Attributes {
    const labels = { ...this.atStart };
    if (revision !== '') labels[ATTR.revision] = revision;
    if (error !== undefined) {
      const code = String(era === 'modern' ? error.modernRpcCode : error.rpcCode);
      labels[ATTR.errorType] = code;
      labels[ATTR.rpcCode] = code;
    } else if (outcome === 'tool-error') labels[ATTR.errorType] = TOOL_ERROR;
    return labels;
  }
}

type Named = (typeof NAMED)[keyof typeof NAMED];

function targetOf(
  { params }: JsonRpcRequest | JsonRpcNotification,
  { kind, attribute }: Named,
  node: InstrumentedNode,
): { readonly attribute: Named['attribute']; readonly value: string } {
  const name = params?.['name'];
  return { attribute, value: typeof name === 'string' && node.isKnown(kind, name) ? name : OTHER };
}
