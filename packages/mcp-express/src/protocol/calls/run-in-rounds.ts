import type { InputRequired } from '../../ground/client-requests.js';
import { McpError } from '../../ground/errors.js';
import type { CallScope, RoundInputs } from '../../server/call-scope.js';
import type { Call } from './call.js';

/** A handler, made ready to be run: its result as JSON text, or what must be asked first. */
export type Run = () => Promise<string | InputRequired> | string | InputRequired;

/** More rounds than any dialogue has: a handler that never has enough is a mistake. */
const MAX_ROUNDS = 20;

/**
 * Runs a handler until it has its result. In the modern era a question ends the call; in a session it is sent, and the
 * handler is run again with the answer, so that it need not know which of the two it serves.
 */
export function runInRounds(call: Call, run: Run): Promise<string | undefined> {
  return call.caller.revision.era === 'legacy' ? askAndRunAgain(call, run) : runRound(call, run);
}

async function runRound(call: Call, run: Run): Promise<string | undefined> {
  const result = await run();
  if (typeof result === 'string') return result;
  call.leave(result);
  return undefined;
}

/** The same where the client can be asked while the call goes on. */
export async function askAndRunAgain(scope: CallScope & { inputs: RoundInputs }, run: Run): Promise<string> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const result = await run();
    if (typeof result === 'string') return result;
    const questions = Object.entries(result.inputRequests ?? {});
    const answers = await Promise.all(
      questions.map(async ([key, { method, params = {} }]) => [key, await scope.ask({ method, params, key })] as const),
    );
    scope.inputs = {
      responses: { ...scope.inputs.responses, ...Object.fromEntries(answers) },
      state: result.requestState,
    };
  }
  throw new McpError('internal-error', 'Internal error', {
    cause: new Error(`A handler asked for more in ${MAX_ROUNDS} rounds in a row`),
  });
}
