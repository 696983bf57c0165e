import type { NodeInstruments } from '../observe/instrumentation.js';
import { assertAccepts } from '../protocol/client-capabilities.js';
import type { InputRequired } from '../protocol/client-requests.js';
import { ConfigurationError } from '../protocol/errors.js';
import type { Call } from '../request/call.js';
import { asMrtrRequests } from '../request/mrtr.js';
import type { StateSealer } from './request-state.js';
import type { StatelessResults } from './results.js';

/** Writes the result of a call that requires input (MCP 2026-07-28, MRTR, `InputRequiredResult`). */
export class InputRequiredWriter {
  constructor(
    private readonly results: StatelessResults,
    private readonly sealer: StateSealer,
    private readonly instruments?: NodeInstruments,
  ) {}

  /**
   * @throws McpError `capability-missing` when the client lacks the capability for one of the client requests
   * @throws ConfigurationError when the handler's requests are unknown or invalid, or there are neither requests nor a
   * state
   */
  write(call: Call, required: InputRequired): string {
    const inputRequests = asMrtrRequests(required.inputRequests ?? {});
    const questions = Object.values(inputRequests);
    for (const { method, params = {} } of questions) assertAccepts(call.context, method, params);
    if (questions.length === 0 && required.requestState === undefined) {
      throw new ConfigurationError('A handler that returns "input_required" needs "inputRequests" or "requestState"');
    }
    const trace = this.instruments?.of(call.sent)?.context;
    const kept = { answers: call.inputs.responses, own: required.requestState, trace };
    const requestState = this.sealer.seal({ owner: call.context.owner, request: call.sent }, kept);
    return this.results.writeAs('input_required', {
      ...(questions.length === 0 ? {} : { inputRequests }),
      requestState,
    });
  }
}
