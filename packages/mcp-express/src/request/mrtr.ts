import type { InputRequest, InputRequired, InputResponses } from '../protocol/client-requests.js';
import { ConfigurationError, McpError } from '../protocol/errors.js';
import { isObject, type Params } from '../protocol/json-rpc.js';
import { withoutNulls } from '../protocol/null-members.js';
import type { MrtrState } from '../stateless/request-state.js';
import { assertClientRequest } from './client-request-params.js';
import type { ClientRequest, MrtrInputs } from './running-call.js';
import type { ClientRequests } from './session-client-requests.js';

/** Methods of client requests, and the prefix of their default keys. */
const KINDS: ReadonlyMap<string, string> = new Map([
  ['elicitation/create', 'elicitation'],
  ['sampling/createMessage', 'sampling'],
  ['roots/list', 'roots'],
]);

/** "Servers MUST NOT send `InputRequiredResult` responses on any other client requests" (MCP 2026-07-28, MRTR). */
export const MRTR_METHODS: ReadonlySet<string> = new Set(['tools/call', 'prompts/get', 'resources/read']);

/** The part of a call that client requests over multiple round trips need. */
export interface MrtrCall {
  readonly message: { readonly method: string };
  /** Ends this round trip with the input it requires. */
  requireInput(required: InputRequired): void;
}

/** The inputs of the first round trip. */
export const NO_INPUTS: MrtrInputs = { responses: {}, state: undefined };

/**
 * The inputs of a request: responses of earlier round trips from the state, overridden by those of this request.
 * @throws McpError `invalid-params` when `inputResponses` is not an object of objects
 */
export function readInputs(params: Params | undefined, state: MrtrState | undefined): MrtrInputs {
  const given = params?.['inputResponses'];
  if (given === undefined) return state === undefined ? NO_INPUTS : { responses: state.answers, state: state.own };
  if (!isObject(given) || !Object.values(given).every(isObject)) {
    throw new McpError('invalid-params', '"inputResponses" must be an object of objects');
  }
  return { responses: { ...state?.answers, ...responsesIn(given as InputResponses) }, state: state?.own };
}

/** The client's responses without members that are `null`, like responses that clients post in a session. */
export function responsesIn(given: InputResponses): InputResponses {
  return Object.fromEntries(Object.entries(given).map(([key, answer]) => [key, withoutNulls(answer)]));
}

/**
 * Client requests of 2026-07-28: the call ends with them, and the client calls again with the responses. A request with
 * a response in the inputs resolves at once. All others of the same turn of the event loop are sent together; their
 * promises never settle, because the handler runs again from the start.
 */
export class MrtrClientRequests implements ClientRequests {
  readonly #pending = new Map<string, InputRequest>();
  readonly #waiting = new Set<(reason: McpError) => void>();
  readonly #taken = new Set<string>();
  readonly #counts = new Map<string, number>();
  #sending: NodeJS.Immediate | undefined;

  constructor(
    private readonly call: MrtrCall,
    private readonly inputs: MrtrInputs,
  ) {}

  request({ method, params, key }: ClientRequest): Promise<Params> {
    const asking = this.call.message.method;
    if (!MRTR_METHODS.has(asking)) {
      return Promise.reject(new McpError('no-channel', `The client cannot be asked anything by ${asking}: ${method}`));
    }
    const name = this.#nameFor(method, key);
    const { responses } = this.inputs;
    const answer = Object.hasOwn(responses, name) ? responses[name] : undefined;
    if (answer !== undefined) return Promise.resolve(answer);
    this.#pending.set(name, { method, params });
    this.#sending ??= setImmediate(() => {
      this.call.requireInput({
        resultType: 'input_required',
        inputRequests: Object.fromEntries(this.#pending),
        requestState: this.inputs.state,
      });
    });
    // Collected by the garbage collector with the handler, once the call has ended with the request.
    return new Promise((_resolve, reject) => {
      this.#waiting.add(reject);
    });
  }

  get isOpen(): boolean {
    return this.#pending.size > 0;
  }

  /** The call ended otherwise before the client requests were sent. */
  end(reason: McpError): void {
    clearImmediate(this.#sending);
    for (const reject of this.#waiting) reject(reason);
  }

  #nameFor(method: string, key: string | undefined): string {
    const name = key ?? this.#nextName(method);
    if (this.#taken.has(name)) throw new ConfigurationError(`Two questions of one call have the key "${name}"`);
    this.#taken.add(name);
    return name;
  }

  #nextName(method: string): string {
    const kind = KINDS.get(method) ?? method;
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    return `${kind}-${count}`;
  }
}

/**
 * The client requests in the form of 2026-07-28, where URL elicitations have no id.
 * @throws ConfigurationError for unknown methods and invalid params
 */
export function asMrtrRequests(requests: Readonly<Record<string, InputRequest>>): Record<string, InputRequest> {
  const entries = Object.entries(requests).map(([key, { method, params = {} }]) => {
    if (!KINDS.has(method)) throw new ConfigurationError(`A client cannot be asked "${method}"`);
    assertClientRequest(method, params);
    const { elicitationId: _none, ...rest } = params;
    return [key, { method, params: rest }] as const;
  });
  return Object.fromEntries(entries);
}
