import type { Principal } from '../../auth/principal.js';
import { holderAt } from '../../ground/address.js';
import { McpError } from '../../ground/errors.js';
import type { Charge } from '../../ground/in-flight.js';
import type { JsonRpcRequest } from '../../ground/json-rpc.js';
import type { CallRequest } from '../../server/call-scope.js';
import type { ClaimStore } from '../../store/store.js';
import type { Answered, ReplyForm } from '../calls/answered.js';
import type { Caller } from '../calls/caller.js';
import { readInputs } from '../calls/rounds.js';
import type { CallRunner } from '../calls/runner.js';
import { type MethodParts, methodNotFound } from '../methods/method.js';
import { MODERN_REVISIONS, modernRevisionOf, type Revision } from '../revisions.js';
import { type Envelope, readEnvelope } from './envelope.js';
import { EXCHANGE_METHODS, type ExchangeMethod } from './exchange-methods.js';
import { assertMirrored, type HeaderSource, mismatch } from './mirrored-headers.js';
import type { RoundState, StateSealer } from './request-state.js';
import type { ModernResults } from './results.js';

/** The HTTP request that a message came with, as far as it matters to one that stands alone. */
export interface ExchangeRequest extends HeaderSource, CallRequest {
  /** The client went before it had its answer. */
  readonly isGone: boolean;
  /** Calls `listener` once the client is gone, or has its answer. */
  onGone(listener: () => void): void;
  /** Calls `listener` with what the token says by now, each time it was asked about while the answer is open. */
  onRenewed(listener: (principal: Principal) => void): void;
}

export interface ExchangeArrival {
  readonly principal: Principal | undefined;
  /** The key of the principal. */
  readonly owner: string;
  readonly request: ExchangeRequest;
  /** What its body holds; absent for a small one. */
  readonly charge: Charge | undefined;
  /** As the client named it in its header; absent: it did not. */
  readonly namedRevision: string | undefined;
  readonly form: ReplyForm;
}

export interface ExchangesParts {
  readonly runner: CallRunner;
  readonly methods: MethodParts;
  readonly sealer: StateSealer;
  readonly claims: ClaimStore;
  /** Calls that may run at a time on this node. */
  readonly calls: number;
  /** A state that was used is refused from then on. */
  readonly statesOnce: boolean;
  readonly results: ModernResults;
  /** The shape of results that depend on what the client has answered. */
  readonly unkept: ModernResults;
}

const NOTHING: Promise<Answered> = Promise.resolve({ kind: 'nothing' });

/** Serves requests that stand alone: nothing is known but what they bring, and nothing of them is kept. */
export class Exchanges {
  #count = 0;

  constructor(private readonly parts: ExchangesParts) {}

  /**
   * Takes one request.
   *
   * @throws McpError `invalid-meta`, `header-mismatch`, `unsupported-revision`, `method-not-found`, `capability-missing`,
   *   `state-refused` and others: then it was not taken, and nothing of the user's has run.
   */
  async post(request: JsonRpcRequest, arrival: ExchangeArrival): Promise<Answered> {
    const envelope = readEnvelope(request.params);
    const revision = agreedRevision(envelope, arrival.namedRevision);
    assertMirrored(arrival.request, request);
    const method = EXCHANGE_METHODS.get(request.method);
    if (method === undefined) throw methodNotFound(request.method);
    const caller = this.#callerOf(envelope, revision, arrival, method);
    const { form, request: headers } = arrival;
    const notYet = method.rounds ? this.parts.sealer.ready() : undefined;
    if (notYet !== undefined) await notYet;
    method.admit?.({ request, caller, headers, streaming: form.sse }, this.parts.methods);
    if (!method.rounds || !hasRounds(request)) return this.#take(request, method, caller, arrival, this.parts.results);
    const state = this.#openState(request, caller);
    const answered = { ...caller, inputs: readInputs(request.params, state) };
    // A state is used up by what is taken, not by what is refused.
    this.#assertRoom(caller);
    if (state !== undefined) await this.#claim(state);
    return this.#take(request, method, answered, arrival, this.parts.unkept);
  }

  #take(
    request: JsonRpcRequest,
    { run, waits }: ExchangeMethod,
    caller: Caller,
    { form, request: http }: ExchangeArrival,
    writer: ModernResults,
  ): Promise<Answered> {
    // Nobody could have the answer, and nobody will come back for it.
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
    { waits }: ExchangeMethod,
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

/** The revision that header and body agree on (MCP 2026-07-28, Transports, "Protocol Version Header"). */
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
