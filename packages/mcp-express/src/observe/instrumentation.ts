import type { IncomingHttpHeaders } from 'node:http';
import type { McpError } from '../protocol/errors.js';
import type { JsonRpcMessage, Params } from '../protocol/json-rpc.js';
import type { Observer, Outcome } from './observe.js';

/** How errors are numbered: by sessions (`legacy`), or by stateless requests (`modern`). */
type Era = 'legacy' | 'modern';

/**
 * Traces and measures routers, such as `otel` of `mcp-express/otel`: the value of the option `instrument`. Without it, none
 * of the following is loaded or called.
 */
export interface Instrumentation {
  /** Connects a node, once, at the creation of its router. */
  attach(node: InstrumentedNode): NodeInstruments;
}

/** A node as its instruments see it. */
export interface InstrumentedNode {
  /** The id of the node, which is new with each start. */
  readonly id: string;
  /** Whether a name is registered or served, so that it may become a label. */
  isKnown(kind: 'method' | 'tool' | 'prompt', name: string): boolean;
  /** Current figures of this node, by name. */
  figures(): Readonly<Record<'calls' | 'streams' | 'listeners' | 'tasks' | 'slowReaders', number>>;
  /** Sessions in the store. Rejects if the store fails. */
  sessions(): Promise<number>;
}

/** The instruments of one node. No method throws, or waits for anything. */
export interface NodeInstruments {
  /** Counts events. */
  readonly observe: Observer;
  /** Returns the store with its steps traced and timed. */
  store<S extends object>(store: S): S;
  /** Begins the spans of the messages of one POST. */
  post(arrival: TracedArrival, messages: readonly JsonRpcMessage[]): TracedPost;
  /** The span of a message, from its arrival until its end. */
  of(message: object): TracedCall | undefined;
  /** Begins a resumption, whose span is complete when the returned function is called. */
  resumption(arrival: TracedArrival): (resumed: Resumption) => void;
  close(): void;
}

/** The HTTP request behind messages. */
export interface TracedArrival {
  readonly headers: Readonly<IncomingHttpHeaders>;
  readonly ip: string | undefined;
}

/** The messages of one POST. */
export interface TracedPost {
  /** Runs a step with the span of the first message active. */
  run<T>(step: () => T): T;
  /** Ends the spans of the messages that did not become a call. */
  settle(ending: PostEnding): void;
}

/** The end of a POST, for messages that did not become a call. */
export interface PostEnding {
  /** The error that refused the POST. */
  readonly error?: McpError;
  readonly era: Era;
  /** The session that the POST has opened. */
  readonly session?: string;
  readonly revision?: string;
}

/** A request that became a call. */
export interface TracedCall {
  /** The trace context, in the form of `traceparent`: kept with streams and states, so that other nodes can refer to it. */
  readonly context: string | undefined;
  /** Runs a step with the span active. */
  run<T>(step: () => T): T;
  /** Links the span to that of an earlier round trip. */
  follows(context: string): void;
  /** Begins to wait for the client. */
  ask(method: string, params: Params): TracedClientRequest;
  end(ending: TracedEnding): void;
  /** Begins the span of the task that the call has become. */
  becomeTask(): void;
  /** Runs a step with the span of the task active. */
  runTask<T>(step: () => T): T;
  endTask(ending: TracedEnding): void;
}

/** The end of a call or task. */
export interface TracedEnding {
  readonly outcome: Outcome;
  readonly error?: McpError | undefined;
  readonly cause?: unknown;
  readonly era: Era;
  readonly revision: string;
  readonly session?: string | undefined;
}

/** A client request that waits for its response. */
export interface TracedClientRequest {
  /** The params, with the trace context in `_meta`. */
  readonly params: Params;
  /** The trace context, for the id of the request. */
  readonly context: string | undefined;
  run<T>(step: () => T): T;
  /** @param error the reason for the lack of a response. */
  end(error?: unknown): void;
}

/** The end of a resumption. */
export interface Resumption {
  /** The context of the call whose stream was resumed, if its node traced it. */
  readonly context?: string | undefined;
  readonly session?: string | undefined;
  readonly error?: McpError;
}
