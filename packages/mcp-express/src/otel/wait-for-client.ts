import { type Context, context, type Span, SpanKind, type TextMapSetter, trace } from '@opentelemetry/api';
import type { TracedClientRequest } from '../observe/instrumentation.js';
import { McpError } from '../protocol/errors.js';
import { isObject, type Params } from '../protocol/json-rpc.js';
import { ATTR, HTTP } from './conventions.js';
import { quietly } from './guard.js';
import type { SpanParts } from './operation.js';
import { contextText } from './parents.js';
import { fail } from './span-ends.js';

const SETTER: TextMapSetter<Record<string, string>> = {
  set: (carrier, key, value) => {
    carrier[key] = value;
  },
};

/** Elicitation, sampling or roots: a `CLIENT` span from the sending of the request until its response. */
export class WaitForClient implements TracedClientRequest {
  readonly params: Params;
  readonly #method: string;
  readonly #span: Span | undefined;
  readonly #context: Context;
  readonly #began = performance.now();

  constructor(
    private readonly parts: SpanParts,
    parent: Context,
    { method, params }: { readonly method: string; readonly params: Params },
  ) {
    const { tracer, propagator, node } = parts;
    this.#method = method;
    const attributes = { ...HTTP, [ATTR.method]: method, [ATTR.node]: node.id };
    this.#span = quietly(() => tracer.startSpan(method, { kind: SpanKind.CLIENT, attributes }, parent));
    this.#context = this.#span === undefined ? parent : trace.setSpan(parent, this.#span);
    const carrier: Record<string, string> = {};
    quietly(() => propagator.inject(this.#context, carrier, SETTER));
    // Baggage is of this service and those behind it; a client may be of anyone.
    delete carrier['baggage'];
    const own = isObject(params['_meta']) ? params['_meta'] : {};
    this.params = Object.keys(carrier).length === 0 ? params : { ...params, _meta: { ...carrier, ...own } };
  }

  get context(): string | undefined {
    return this.#span && contextText(this.#span.spanContext());
  }

  run<T>(step: () => T): T {
    return context.with(this.#context, step);
  }

  end(error?: unknown): void {
    const type = error === undefined ? undefined : McpError.is(error) ? error.code : 'Error';
    const labels = { ...HTTP, [ATTR.method]: this.#method, ...(type === undefined ? {} : { [ATTR.errorType]: type }) };
    this.parts.metrics.clientRequest(performance.now() - this.#began, labels);
    quietly(() => {
      if (this.#span === undefined) return;
      if (type !== undefined) fail(this.#span, type, error instanceof Error ? error.message : undefined);
      this.#span.end();
    });
  }
}
