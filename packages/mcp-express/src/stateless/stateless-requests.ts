import type { Principal } from '../auth/principal.js';
import type { Extensions } from '../features/extensions/extensions.js';
import type { StatelessMethod } from '../features/features.js';
import type { NodeInstruments } from '../observe/instrumentation.js';
import { McpError } from '../protocol/errors.js';
import type { JsonRpcNotification, JsonRpcRequest } from '../protocol/json-rpc.js';
import { type Revision, STATELESS_REVISIONS, statelessRevisionOf } from '../protocol/revisions.js';
import type { Viewer } from '../registry/visibility.js';
import type { Charge } from '../request/in-flight.js';
import { type MethodTable, methodNotFound } from '../request/method.js';
import { readInputs } from '../request/mrtr.js';
import type { RequestContext } from '../request/request-context.js';
import type { AcceptedFormats, Response } from '../request/response.js';
import type { CallRunner } from '../request/runner.js';
import type { CallRequest } from '../request/running-call.js';
import { assertStandardHeaders, type HeaderSource, headerMismatch } from '../request/standard-headers.js';
import { traced } from '../request/tracing.js';
import type { ClaimStore } from '../store/store.js';
import { holderOf } from '../util/address.js';
import { hasRequestMeta, type RequestMeta, readRequestMeta } from './request-meta.js';
import type { MrtrState, StateSealer } from './request-state.js';
import type { StatelessResults } from './results.js';

/** The connection of a stateless request. */
export interface StatelessConnection extends CallRequest {
  /** The client has disconnected before the end of the response. */
  readonly isGone: boolean;
  /** Calls `listener` once the client has disconnected or the response has ended. */
  onGone(listener: () => void): void;
  /** Calls `listener` with the new principal, each time the token is verified again during the response. */
  onRenewed(listener: (principal: Principal) => void): void;
}

/** The HTTP request that carries a stateless request. */
export interface StatelessHttpRequest extends HeaderSource, StatelessConnection {}

/** A stateless request as its transport passes it on, without its message. */
export interface StatelessRequestOptions {
  readonly principal: Principal | undefined;
  /** The key of the principal, which is empty for anonymous callers. */
  readonly owner: string;
  readonly request: StatelessConnection;
  /** The headers that must repeat the body. Absent: the transport has no headers, as stdio. */
  readonly headers?: HeaderSource | undefined;
  /** Memory that the body occupies. Absent for a small body. */
  readonly charge: Charge | undefined;
  /** The `MCP-Protocol-Version` header, if there is one. */
  readonly namedRevision?: string | undefined;
  readonly formats: AcceptedFormats;
}

/** A notification as the HTTP room passes it on, without its message. */
export type NotificationOptions = Pick<StatelessRequestOptions, 'principal' | 'namedRevision' | 'headers'> &
  Pick<Viewer, 'request'>;

/** The parts of a node that stateless requests need. */
export interface StatelessRequestsDeps {
  readonly runner: CallRunner;
  readonly methods: MethodTable<StatelessMethod>;
  /** Receives notifications of extensions. */
  readonly extensions: Pick<Extensions, 'receive' | 'has'>;
  readonly sealer: StateSealer;
  readonly claims: ClaimStore;
  readonly instruments: NodeInstruments | undefined;
  /** Most concurrent calls on this node. */
  readonly calls: number;
  /** A request state can be used only once. */
  readonly statesOnce: boolean;
  readonly results: StatelessResults;
  /** Writes results that depend on the client's responses, which must not be cached. */
  readonly uncached: StatelessResults;
}

const NOTHING: Promise<Response> = Promise.resolve({ kind: 'nothing' });

/** Serves stateless requests. A request brings everything that is known of its client, and nothing is kept after it. */
export class StatelessRequests {
  #count = 0;

  constructor(private readonly deps: StatelessRequestsDeps) {}

  /**
   * Answers one request.
   * @throws McpError `invalid-meta`, `header-mismatch`, `unsupported-revision`, `method-not-found`,
   * `capability-missing`, `state-refused` and others, before the handler runs
   */
  async post(request: JsonRpcRequest, arrival: StatelessRequestOptions): Promise<Response> {
    const envelope = readRequestMeta(request.params);
    const { formats, headers } = arrival;
    if (headers !== undefined) assertNamedRevision(envelope, arrival.namedRevision);
    const revision = servedRevision(envelope.revision);
    if (headers !== undefined) assertStandardHeaders(headers, request);
    const { core, extension } = this.deps.methods;
    const method = core.get(request.method) ?? extension(request.method);
    if (method === undefined) throw methodNotFound(request.method);
    const caller = this.#contextOf(envelope, revision, arrival, method);
    const notYet = method.mrtr ? this.deps.sealer.ready() : undefined;
    if (notYet !== undefined) await notYet;
    method.admit?.({ request, context: caller, headers, streaming: formats.sse });
    if (!method.mrtr || !hasInputs(request)) return this.#take(request, method, caller, arrival, this.deps.results);
    const state = this.#openState(request, caller);
    if (state?.trace !== undefined) this.deps.instruments?.of(request)?.follows(state.trace);
    const answered = { ...caller, inputs: readInputs(request.params, state) };
    // The limits come first, so that a refused request does not use up its state.
    this.#assertRoom(caller);
    if (state !== undefined) await this.#claim(state);
    return this.#take(request, method, answered, arrival, this.deps.uncached);
  }

  /**
   * Gives a notification to the extension that receives it.
   * @throws McpError `invalid-meta`, `header-mismatch`, `unsupported-revision`
   */
  notify(message: JsonRpcNotification, { headers, namedRevision, principal, request }: NotificationOptions): void {
    if (!this.deps.extensions.has(message.method) || !hasRequestMeta(message.params)) return;
    const envelope = readRequestMeta(message.params);
    if (headers !== undefined) assertNamedRevision(envelope, namedRevision);
    const revision = servedRevision(envelope.revision);
    const client = { info: envelope.client, capabilities: envelope.capabilities };
    this.deps.extensions
      .receive(message, { principal, client, revision, sessionId: undefined, request })
      .catch((cause: unknown) => this.deps.runner.failed(message.method, cause));
  }

  #take(
    request: JsonRpcRequest,
    { run, isSubscription }: StatelessMethod,
    caller: RequestContext,
    { formats, request: http }: StatelessRequestOptions,
    writer: StatelessResults,
  ): Promise<Response> {
    // The client has disconnected and cannot resume.
    if (http.isGone) return NOTHING;
    const { runner } = this.deps;
    this.#assertRoom(caller);
    const delivery = { formats, resumable: false };
    const reply = runner.statelessResponse({
      delivery,
      session: caller.key,
      holder: caller.holder,
      requests: [request],
      batch: false,
    });
    const method = this.deps.instruments === undefined ? run : traced(run, this.deps.instruments);
    const call = runner.start(request, caller, { method, response: reply, writer });
    // "The server MUST treat a client disconnect as cancellation of that request" (MCP 2026-07-28, Cancellation).
    if (!call.isEnded) http.onGone(() => call.clientGone());
    if (!isSubscription) return reply.outcome;
    http.onRenewed((principal) => {
      caller.principal = principal;
      caller.onRenewed?.();
    });
    return reply.outcome.then(asLasting);
  }

  #assertRoom({ holder, isSubscription }: RequestContext): void {
    if (isSubscription === true) return;
    const { calls, runner } = this.deps;
    runner.assertRoomFor(holder, 1);
    if (runner.calls.counted >= calls) throw new McpError('overloaded', 'The server runs as many calls as it may');
  }

  #contextOf(
    envelope: RequestMeta,
    revision: Revision,
    { owner, principal, request, charge }: StatelessRequestOptions,
    { isSubscription }: StatelessMethod,
  ): RequestContext {
    this.#count += 1;
    return {
      key: `exchange-${this.#count}`,
      sessionId: undefined,
      owner,
      principal,
      revision,
      client: { info: envelope.client, capabilities: envelope.capabilities },
      logLevel: envelope.logLevel,
      request,
      charge,
      holder: holderOf(owner, owner === '' ? request.ip : undefined),
      isSubscription: isSubscription,
    };
  }

  #openState(request: JsonRpcRequest, { owner }: RequestContext): MrtrState | undefined {
    const text = request.params?.['requestState'];
    return text === undefined ? undefined : this.deps.sealer.open({ owner, request }, text);
  }

  async #claim({ id, expiresAt }: MrtrState): Promise<void> {
    const { claims, statesOnce } = this.deps;
    if (!statesOnce || (await claims.claim(`state:${id}`, expiresAt))) return;
    throw new McpError('state-refused', 'The requestState was used already: start again without it');
  }
}

function asLasting(answered: Response): Response {
  return answered.kind === 'stream' ? { ...answered, lasting: true } : answered;
}

function hasInputs({ params }: JsonRpcRequest): boolean {
  return params?.['inputResponses'] !== undefined || params?.['requestState'] !== undefined;
}

/** The header and the body name one revision (MCP 2026-07-28, Transports, "Protocol Version Header"). */
function assertNamedRevision({ revision: asked }: RequestMeta, named: string | undefined): void {
  if (named === undefined) throw headerMismatch('the MCP-Protocol-Version header is missing');
  if (named !== asked) throw headerMismatch('MCP-Protocol-Version is not the revision in "_meta"');
}

/** @throws McpError `unsupported-revision` */
function servedRevision(asked: string): Revision {
  const revision = statelessRevisionOf(asked);
  if (revision !== undefined) return revision;
  const requested = asked.slice(0, MAX_ECHO);
  throw new McpError('unsupported-revision', `The revision is not served: ${requested}`, {
    data: { supported: STATELESS_REVISIONS, requested },
  });
}

const MAX_ECHO = 64;
