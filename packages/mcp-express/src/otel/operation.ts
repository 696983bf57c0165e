import {
  type Attributes,
  type Context,
  context,
  type Span,
  SpanKind,
  type TextMapPropagator,
  type Tracer,
} from '@opentelemetry/api';
import type {
  InstrumentedNode,
  TracedArrival,
  TracedCall,
  TracedClientRequest,
  TracedEnding,
} from '../observe/instrumentation.js';
import { hashedId } from '../observe/observe.js';
import type { JsonRpcNotification, JsonRpcRequest, Params } from '../protocol/json-rpc.js';
import { ATTR, TOOL_ERROR } from './conventions.js';
import { quietly } from './guard.js';
import { Labels } from './labels.js';
import type { Metrics } from './metrics.js';
import { contextText, parentOf, readContext } from './parents.js';
import { type Scope, within } from './scope.js';
import { addException, fail } from './span-ends.js';
import { WaitForClient } from './wait-for-client.js';

/** The services of spans. */
export interface SpanParts {
  readonly tracer: Tracer;
  readonly propagator: TextMapPropagator;
  readonly metrics: Metrics;
  readonly node: InstrumentedNode;
}

/** One request or notification: its `SERVER` span, its duration, and the spans of its parts. */
export class Operation implements TracedCall, Scope {
  /** A call has taken the message over, and ends its span. */
  isCall = false;
  readonly #labels: Labels;
  readonly #began = performance.now();
  readonly #context: Context;
  readonly #span: Span | undefined;
  #task: { readonly span: Span | undefined; readonly context: Context } | undefined;
  /** `performance.now()` at the end of the call, or of the task that it has become. */
  endedAt: number | undefined;

  constructor(
    private readonly parts: SpanParts,
    arrival: TracedArrival,
    private readonly message: JsonRpcRequest | JsonRpcNotification,
    /** Where it is found by its message, until its end. */
    private readonly running: Map<object, Operation>,
  ) {
    const { tracer, propagator, node } = parts;
    this.#labels = new Labels(message, node);
    const { context: parent, links } = parentOf(propagator, arrival.headers, message.params?.['_meta']);
    const { spanName, atStart: attributes } = this.#labels;
    const options = { kind: SpanKind.SERVER, attributes, links: [...links] };
    this.#span = quietly(() => tracer.startSpan(spanName, options, parent));
    this.#context = within(parent, this.#span, this);
    // Nothing more is computed for a span that the sampler has left out.
    if (this.#span?.isRecording() === true) this.#span.setAttributes(this.#labels.details(arrival));
  }

  get context(): string | undefined {
    return this.#span && contextText(this.#span.spanContext());
  }

  /** Runs a step before the message is a call, such as finding its session. */
  activate<T>(step: () => T): T {
    return context.with(this.#context, step);
  }

  run<T>(step: () => T): T {
    this.isCall = true;
    return this.activate(step);
  }

  follows(text: string): void {
    const earlier = readContext(text);
    if (earlier !== undefined) quietly(() => this.#span?.addLink({ context: earlier }));
  }

  ask(method: string, params: Params): TracedClientRequest {
    return new WaitForClient(this.parts, this.#task?.context ?? this.#context, { method, params });
  }

  end(ending: TracedEnding): void {
    if (this.endedAt !== undefined) return;
    this.endedAt = performance.now();
    this.parts.metrics.operation(this.endedAt - this.#began, this.#labels.ofEnd(ending));
    quietly(() => endSpan(this.#span, ending));
    if (this.#task === undefined) this.running.delete(this.message);
  }

  becomeTask(): void {
    const { tracer } = this.parts;
    const attributes: Attributes = this.#labels.atStart;
    const name = `task ${this.#labels.spanName}`;
    const span = quietly(() => tracer.startSpan(name, { kind: SpanKind.INTERNAL, attributes }, this.#context));
    this.#task = { span, context: within(this.#context, span, this) };
  }

  runTask<T>(step: () => T): T {
    return context.with(this.#task?.context ?? this.#context, step);
  }

  endTask(ending: TracedEnding): void {
    this.endedAt = performance.now();
    this.running.delete(this.message);
    quietly(() => endSpan(this.#task?.span, ending));
  }
}

function endSpan(span: Span | undefined, ending: TracedEnding): void {
  if (span === undefined) return;
  if (span.isRecording()) describeEnd(span, ending);
  span.end();
}

function describeEnd(span: Span, { outcome, error, cause, era, revision, session }: TracedEnding): void {
  span.setAttribute(ATTR.outcome, outcome);
  if (revision !== '') span.setAttribute(ATTR.revision, revision);
  if (session !== undefined) span.setAttribute(ATTR.session, hashedId(session));
  if (error !== undefined) {
    const code = String(era === 'modern' ? error.modernRpcCode : error.rpcCode);
    span.setAttribute(ATTR.rpcCode, code);
    fail(span, code, error.message);
  } else if (outcome === 'tool-error') fail(span, TOOL_ERROR);
  if (cause !== undefined) addException(span, cause);
}
