import type { InputRequired } from '../protocol/client-requests.js';
import { McpError } from '../protocol/errors.js';
import type { Call } from './call.js';
import type { MrtrInputs, RunningCall } from './running-call.js';

/** Runs a prepared handler. Returns its result as JSON text, or the input it requires. */
export type HandlerRun = () => Promise<string | InputRequired> | string | InputRequired;

/** A handler that still requires input after this many round trips is faulty. */
const MAX_ROUND_TRIPS = 20;

/**
 * Runs a handler until it has a result. In 2026-07-28, required input ends the call. In a session the client requests
 * are sent and the handler runs again with the responses, so handlers need not know the revision.
 */
export function runHandler(call: Call, run: HandlerRun): Promise<string | undefined> {
  return call.context.revision.era === 'legacy' ? runUntilResult(call, run) : runRoundTrip(call, run);
}

async function runRoundTrip(call: Call, run: HandlerRun): Promise<string | undefined> {
  const result = await run();
  if (typeof result === 'string') return result;
  call.requireInput(result);
  return undefined;
}

/**
 * Sends the client requests and runs the handler again, while the call goes on.
 * @throws McpError `internal-error` after 20 round trips
 */
export async function runUntilResult(scope: RunningCall & { inputs: MrtrInputs }, run: HandlerRun): Promise<string> {
  for (let round = 0; round < MAX_ROUND_TRIPS; round += 1) {
    const result = await run();
    if (typeof result === 'string') return result;
    const questions = Object.entries(result.inputRequests ?? {});
    const answers = await Promise.all(
      questions.map(
        async ([key, { method, params = {} }]) => [key, await scope.requestClient({ method, params, key })] as const,
      ),
    );
    scope.inputs = {
      responses: { ...scope.inputs.responses, ...Object.fromEntries(answers) },
      state: result.requestState,
    };
  }
  throw new McpError('internal-error', 'Internal error', {
    cause: new Error(`A handler asked for more in ${MAX_ROUND_TRIPS} rounds in a row`),
  });
}
