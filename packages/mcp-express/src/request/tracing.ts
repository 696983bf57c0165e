import type { NodeInstruments, TracedCall } from '../observe/instrumentation.js';
import type { Params } from '../protocol/json-rpc.js';
import type { Call } from './call.js';
import type { Ending } from './call-deps.js';
import type { Method, MethodTable } from './method.js';
import type { ClientRequest } from './running-call.js';
import type { ClientRequests } from './session-client-requests.js';

/** The methods, each with the span of its request active; the methods themselves without instruments. */
export function tracedMethods(
  methods: MethodTable<Method>,
  instruments: NodeInstruments | undefined,
): MethodTable<Method> {
  if (instruments === undefined) return methods;
  return {
    core: new Map([...methods.core].map(([name, method]) => [name, traced(method, instruments)])),
    extension: (name) => {
      const method = methods.extension(name);
      return method === undefined ? undefined : traced(method, instruments);
    },
  };
}

/** A method that runs with the span of its request active. */
export function traced(method: Method, instruments: NodeInstruments): Method {
  return (call) => {
    const span = instruments.of(call.sent);
    return span === undefined ? method(call) : span.run(() => method(call));
  };
}

/** Ends the span of a call. */
export function endTrace({ sent, context }: Call, ending: Ending, instruments: NodeInstruments): void {
  const { era, id: revision } = context.revision;
  instruments.of(sent)?.end({ ...ending, era, revision, session: context.sessionId });
}

/** Waits for the client within a span. Requests of 2026-07-28 end the call instead, so that nothing waits. */
export async function askTraced(
  call: TracedCall,
  ask: ClientRequest,
  send: (ask: ClientRequest) => Promise<Params>,
): Promise<Params> {
  const waiting = call.ask(ask.method, ask.params);
  try {
    const answer = await waiting.run(() => send({ ...ask, params: waiting.params, trace: waiting.context }));
    waiting.end();
    return answer;
  } catch (cause) {
    waiting.end(cause);
    throw cause;
  }
}

/** Client requests in a session, each traced. */
export class TracedClientRequests implements ClientRequests {
  constructor(
    private readonly requests: ClientRequests,
    private readonly call: TracedCall,
  ) {}

  request(ask: ClientRequest): Promise<Params> {
    return askTraced(this.call, ask, (traced) => this.requests.request(traced));
  }

  get isOpen(): boolean {
    return this.requests.isOpen;
  }

  end(reason: Parameters<ClientRequests['end']>[0]): void {
    this.requests.end(reason);
  }
}
