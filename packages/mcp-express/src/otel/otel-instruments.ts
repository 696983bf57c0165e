import { SpanKind, type TextMapPropagator, type Tracer, trace } from '@opentelemetry/api';
import type {
  InstrumentedNode,
  NodeInstruments,
  PostEnding,
  Resumption,
  TracedArrival,
  TracedCall,
  TracedPost,
} from '../observe/instrumentation.js';
import { hashedId } from '../observe/observe.js';
import { isNotification, isRequest, type JsonRpcMessage } from '../protocol/json-rpc.js';
import { ClientResponse } from './client-response.js';
import { ATTR } from './conventions.js';
import { quietly } from './guard.js';
import type { Metrics } from './metrics.js';
import { Operation } from './operation.js';
import { parentOf, readContext } from './parents.js';
import { fail } from './span-ends.js';
import { tracedStore } from './traced-store.js';

/** The parts of the instruments. */
export interface OtelParts {
  readonly tracer: Tracer;
  readonly propagator: TextMapPropagator;
  readonly metrics: Metrics;
  readonly node: InstrumentedNode;
}

/** The spans and metrics of one node. */
export class OtelInstruments implements NodeInstruments {
  readonly observe: NodeInstruments['observe'];
  /**
   * By message, until their end. Not a `WeakMap`: the collector visits each of its entries, which costs more than a span.
   */
  readonly #operations = new Map<object, Operation>();

  constructor(private readonly parts: OtelParts) {
    this.observe = (event) => parts.metrics.observe(event);
  }

  store<S extends object>(store: S): S {
    return tracedStore(store, this.parts.tracer, this.parts.metrics);
  }

  post(arrival: TracedArrival, messages: readonly JsonRpcMessage[]): TracedPost {
    const begun = messages.map((message) => this.#begin(arrival, message));
    const [first] = begun;
    return {
      run: (step) => (first === undefined ? step() : first.activate(step)),
      settle: (ending) => {
        for (const each of begun) settle(each, ending);
      },
    };
  }

  of(message: object): TracedCall | undefined {
    return this.#operations.get(message);
  }

  resumption(arrival: TracedArrival): (resumed: Resumption) => void {
    const { tracer, propagator, node } = this.parts;
    const startTime = Date.now();
    const { context } = parentOf(propagator, arrival.headers, undefined);
    return ({ context: text, session, error }) => {
      quietly(() => {
        const call = readContext(text);
        const parent =
          trace.getSpan(context) !== undefined || call === undefined ? context : trace.setSpanContext(context, call);
        const attributes = {
          [ATTR.node]: node.id,
          ...(session === undefined ? {} : { [ATTR.session]: hashedId(session) }),
        };
        const links = call === undefined ? [] : [{ context: call }];
        const span = tracer.startSpan('resume', { kind: SpanKind.INTERNAL, startTime, attributes, links }, parent);
        if (error !== undefined) fail(span, error.code, error.message);
        span.end();
      });
    };
  }

  close(): void {
    this.parts.metrics.close();
  }

  #begin(arrival: TracedArrival, message: JsonRpcMessage): Operation | ClientResponse {
    if (!isRequest(message) && !isNotification(message)) return new ClientResponse(this.parts, arrival, message);
    const operation = new Operation(this.parts, arrival, message, this.#operations);
    this.#operations.set(message, operation);
    return operation;
  }
}

function settle(begun: Operation | ClientResponse, { error, era, session, revision = '' }: PostEnding): void {
  if (begun instanceof ClientResponse) return begun.end(error);
  if (begun.isCall && error === undefined) return;
  begun.end({ outcome: error === undefined ? 'result' : 'error', error, era, revision, session });
}
