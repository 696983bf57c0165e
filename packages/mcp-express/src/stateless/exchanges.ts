import type { Principal } from '../auth/principal.js';
import type { StatelessMethod } from '../features/features.js';
import { McpError } from '../protocol/errors.js';
import type { JsonRpcRequest } from '../protocol/json-rpc.js';
import { MODERN_REVISIONS, modernRevisionOf, type Revision } from '../protocol/revisions.js';
import type { Answered, ReplyForm } from '../request/answered.js';
import type { CallRequest } from '../request/call-scope.js';
import type { Caller } from '../request/caller.js';
import type { Charge } from '../request/in-flight.js';
import { methodNotFound } from '../request/method.js';
import { readInputs } from '../request/rounds.js';
import type { CallRunner } from '../request/runner.js';
import { assertMirrored, type HeaderSource, mismatch } from '../request/standard-headers.js';
import type { ClaimStore } from '../store/store.js';
import { holderAt } from '../util/address.js';
import { type Envelope, readEnvelope } from './envelope.js';
import type { RoundState, StateSealer } from './request-state.js';
import type { ModernResults } from './results.js';

/** The HTTP request that carries a stateless request. */
export interface ExchangeRequest extends HeaderSource, CallRequest {
  /** The client has disconnected before the end of the response. */
  readonly isGone: boolean;
  /** Calls `listener` once the client has disconnected or the response has ended. */
  onGone(listener: () => void): void;
  /** Calls `listener` with the new principal, each time the token is verified again during the response. */
  onRenewed(listener: (principal: Principal) => void): void;
}

/** A stateless request as the HTTP room passes it on, without its message. */
export interface ExchangeArrival {
  readonly principal: Principal | undefined;
  /** The key of the principal, which is empty for anonymous callers. */
  readonly owner: string;
  readonly request: ExchangeRequest;
  /** Memory that the body occupies. Absent for a small body. */
  readonly charge: Charge | undefined;
  /** The `MCP-Protocol-Version` header, if there is one. */
  readonly namedRevision: string | undefined;
  readonly form: ReplyForm;
}

/** The parts of a node that stateless requests need. */
export interface ExchangesParts {
  readonly runner: CallRunner;
  readonly methods: ReadonlyMap<string, StatelessMethod>;
  readonly sealer: StateSealer;
  readonly claims: ClaimStore;
  /** Most concurrent calls on this node. */
  readonly calls: number;
  /** A request state can be used only once. */
  readonly statesOnce: boolean;
  readonly results: ModernResults;
  /** Writes results that depend on the client's responses, which must not be cached. */
  readonly unkept: ModernResults;
}

const NOTHING: Promise<Answered> = Promise.resolve({ kind: 'nothing' });

/** Serves stateless requests. A request brings everything that is known of its client, and nothing is kept after it. */
export class Exchanges {
  #count = 0;

  constructor(private readonly parts: ExchangesParts) {}

  /**
   * Answers one request.
   * @throws McpError `invalid-meta`, `header-mismatch`, `unsupported-revision`, `method-not-found`,
   * `capability-missing`, `state-refused` and others, before the handler runs
   */
  async post(request: JsonRpcRequest, arrival: ExchangeArrival): Promise<Answered> {
    const envelope = readEnvelope(request.params);
    const revision = agreedRevision(envelope, arrival.namedRevision);
    assertMirrored(arrival.request, request);
    const method = this.parts.methods.get(request.method);
    if (method === undefined) throw methodNotFound(request.method);
    const caller = this.#callerOf(envelope, revision, arrival, method);
    const { form, request: headers } = arrival;
    const notYet = method.rounds ? this.parts.sealer.ready() : undefined;
    if (notYet !== undefined) await notYet;
    method.admit?.({ request, caller, headers, streaming: form.sse });
    if (!method.rounds || !hasRounds(request)) return this.#take(request, method, caller, arrival, this.parts.results);
    const state = this.#openState(request, caller);
    const answered = { ...caller, inputs: readInputs(request.params, state) };
    // The limits come first, so that a refused request does not use up its state.
    this.#assertRoom(caller);
    if (state !== undefined) await this.#claim(state);
    return this.#take(request, method, answered, arrival, this.parts.unkept);
  }

  #take(
    request: JsonRpcRequest,
    { run, waits }: StatelessMethod,
    caller: Caller,
    { form, request: http }: ExchangeArrival,
    writer: ModernResults,
  ): Promise<Answered> {
    // The client has disconnected and cannot resume.
    if (http.isGone) return NOTHING;
    const { runner } = this.parts;
    this.#assertRoom(caller);
    const manner = { form, resumable: false };
    const reply = runner.directReply({
      manner,
      session: caller.key,
      holder: caller.holder,
      owed: [request],
      batch: false,
    });
    const call = runner.start(request, caller, { method: run, reply, writer });
    // "The server MUST treat a client disconnect as cancellation of that request" (MCP 2026-07-28, Cancellation).
    if (!call.isEnded) http.onGone(() => call.clientGone());
    if (!waits) return reply.outcome;
    http.onRenewed((principal) => {
      caller.principal = principal;
      caller.onRenewed?.();
    });
    return reply.outcome.then(asLasting);
  }

  #assertRoom({ holder, waits }: Caller): void {
    if (waits === true) return;
    const { calls, runner } = this.parts;
    runner.assertRoomFor(holder, 1);
    if (runner.calls.counted >= calls) throw new McpError('overloaded', 'The server runs as many calls as it may');
  }

  #callerOf(
    envelope: Envelope,
    revision: Revision,
    { owner, principal, request, charge }: ExchangeArrival,
    { waits }: StatelessMethod,
  ): Caller {
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
      holder: holderAt(owner, owner === '' ? request.ip : undefined),
      waits,
    };
  }

  #openState(request: JsonRpcRequest, { owner }: Caller): RoundState | undefined {
    const text = request.params?.['requestState'];
    return text === undefined ? undefined : this.parts.sealer.open({ owner, request }, text);
  }

  async #claim({ id, expiresAt }: RoundState): Promise<void> {
    const { claims, statesOnce } = this.parts;
    if (!statesOnce || (await claims.claim(`state:${id}`, expiresAt))) return;
    throw new McpError('state-refused', 'The requestState was used already: start again without it');
  }
}

function asLasting(answered: Answered): Answered {
  return answered.kind === 'stream' ? { ...answered, lasting: true } : answered;
}

function hasRounds({ params }: JsonRpcRequest): boolean {
  return params?.['inputResponses'] !== undefined || params?.['requestState'] !== undefined;
}

/** The revision on which header and body agree (MCP 2026-07-28, Transports, "Protocol Version Header"). */
function agreedRevision({ revision: asked }: Envelope, named: string | undefined): Revision {
  if (named === undefined) throw mismatch('the MCP-Protocol-Version header is missing');
  if (named !== asked) throw mismatch('MCP-Protocol-Version is not the revision in "_meta"');
  const revision = modernRevisionOf(asked);
  if (revision !== undefined) return revision;
  const requested = asked.slice(0, MAX_ECHO);
  throw new McpError('unsupported-revision', `The revision is not served: ${requested}`, {
    data: { supported: MODERN_REVISIONS, requested },
  });
}

const MAX_ECHO = 64;
