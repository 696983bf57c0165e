import { assertAskable } from '../protocol/client-capabilities.js';
import type { InputRequired } from '../protocol/client-requests.js';
import { ConfigurationError } from '../protocol/errors.js';
import type { Call } from '../request/call.js';
import { asAskedInRounds } from '../request/rounds.js';
import type { StateSealer } from './request-state.js';
import type { ModernResults } from './results.js';

/** Writes the result of a call that requires input (MCP 2026-07-28, MRTR, `InputRequiredResult`). */
export class RequiredWriter {
  constructor(
    private readonly results: ModernResults,
    private readonly sealer: StateSealer,
  ) {}

  /**
   * @throws McpError `capability-missing` when the client lacks the capability for one of the client requests
   * @throws ConfigurationError when the handler's requests are unknown or invalid, or there are neither requests nor a
   * state
   */
  write(call: Call, required: InputRequired): string {
    const inputRequests = asAskedInRounds(required.inputRequests ?? {});
    const questions = Object.values(inputRequests);
    for (const { method, params = {} } of questions) assertAskable(call.caller, method, params);
    if (questions.length === 0 && required.requestState === undefined) {
      throw new ConfigurationError('A handler that returns "input_required" needs "inputRequests" or "requestState"');
    }
    const kept = { answers: call.inputs.responses, own: required.requestState };
    const requestState = this.sealer.seal({ owner: call.caller.owner, request: call.message }, kept);
    return this.results.writeAs('input_required', {
      ...(questions.length === 0 ? {} : { inputRequests }),
      requestState,
    });
  }
}
