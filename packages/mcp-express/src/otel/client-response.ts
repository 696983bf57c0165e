import {
  type Context,
  context,
  type Span,
  SpanKind,
  type TextMapPropagator,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { InstrumentedNode, TracedArrival } from '../observe/instrumentation.js';
import type { McpError } from '../protocol/errors.js';
import type { JsonRpcResponse } from '../protocol/json-rpc.js';
import { ATTR } from './conventions.js';
import { quietly } from './guard.js';
import { parentOf, readContext, spanIn } from './parents.js';
import { fail } from './span-ends.js';

/** The services of spans. */
interface Parts {
  readonly tracer: Tracer;
  readonly propagator: TextMapPropagator;
  readonly node: InstrumentedNode;
}

/** The id of a client request, with the trace context of its wait. */
const TRACED_ID = /:\d{1,15}:(00-[0-9a-f]{32}-[0-9a-f]{16}-0[01])$/;

/** A response of the client to a client request, which may be that of another node. */
export class ClientResponse {
  readonly #context: Context;
  readonly #span: Span | undefined;

  constructor({ tracer, propagator, node }: Parts, { headers }: TracedArrival, { id }: JsonRpcResponse) {
    const { context: transport } = parentOf(propagator, headers, undefined);
    const waiting = readContext(TRACED_ID.exec(String(id))?.[1]);
    const isParent = spanIn(transport) === undefined && waiting !== undefined;
    const parent = isParent ? trace.setSpanContext(transport, waiting) : transport;
    const links = waiting === undefined || isParent ? [] : [{ context: waiting }];
    const options = { kind: SpanKind.INTERNAL, attributes: { [ATTR.node]: node.id }, links };
    this.#span = quietly(() => tracer.startSpan('client response', options, parent));
    this.#context = this.#span === undefined ? parent : trace.setSpan(parent, this.#span);
  }

  activate<T>(step: () => T): T {
    return context.with(this.#context, step);
  }

  end(error?: McpError): void {
    quietly(() => {
      if (this.#span === undefined) return;
      if (error !== undefined) fail(this.#span, error.code, error.message);
      this.#span.end();
    });
  }
}
