import { assertAskable } from '../protocol/client-capabilities.js';
import type { InputRequest, InputRequired } from '../protocol/client-requests.js';
import { McpError } from '../protocol/errors.js';
import type { Call } from './call.js';
import type { RoundInputs } from './call-scope.js';
import { HAVE_ROUNDS } from './rounds.js';
import { isForTheModel, thrownText } from './thrown-result.js';
import { type PageRequest, requiredPages } from './url-elicitation.js';
import type { UrlElicitations } from './url-elicitations.js';

/** True for an error that requires the user to visit a web page first. */
export function isUrlRequired(thrown: unknown): thrown is McpError {
  return McpError.is(thrown) && thrown.code === 'url-elicitation-required';
}

/**
 * Ends a call whose user must visit a web page: in a session with the error `url-elicitation-required`, in 2026-07-28,
 * which removed that error, with the elicitations as required input.
 * @throws McpError if the client cannot be sent to a page, or the user declined
 */
export async function endWithPages(call: Call, error: McpError, elicitations: UrlElicitations): Promise<void> {
  const pages = requiredPages(error);
  assertSendable(call, error, pages);
  if (call.caller.revision.era === 'modern' && HAVE_ROUNDS.has(call.message.method)) {
    return call.leave(pagesAsInput(error, call.inputs));
  }
  for (const { elicitationId } of pages) await elicitations.remember(call.caller, elicitationId);
  const { code, message } = error;
  call.fail(new McpError(code, message, { data: { ...error.data, elicitations: pages } }));
}

/**
 * Checks that the client accepts URL elicitations. If not, the error keeps the handler's message and adds the reason.
 */
function assertSendable({ caller }: Call, { message }: McpError, pages: readonly PageRequest[]): void {
  try {
    for (const page of pages) assertAskable(caller, 'elicitation/create', page);
  } catch (thrown) {
    const { code, message: why, data } = McpError.from(thrown);
    throw new McpError(code, `${message} (${why})`, data === undefined ? {} : { data });
  }
}

/**
 * Ends a call whose elicitation is impossible or was declined. For tools this is a result, so that the model learns of
 * it.
 */
export function endUnasked(call: Call, thrown: unknown): void {
  const error = McpError.from(thrown);
  if (call.message.method === 'tools/call' && isForTheModel(error, call)) call.succeed(thrownText(error, call));
  else call.fail(error);
}

/**
 * The elicitations as required input of a round trip.
 * @throws McpError `client-error` when the user declined or cancelled one
 */
export function pagesAsInput(error: McpError, { responses, state }: RoundInputs): InputRequired {
  const requests: Record<string, InputRequest> = {};
  for (const [place, page] of requiredPages(error).entries()) {
    const key = `url-elicitation-${place + 1}`;
    const action = Object.hasOwn(responses, key) ? responses[key]?.['action'] : undefined;
    if (action === 'decline' || action === 'cancel') {
      throw new McpError('client-error', `The user did not open the page: ${page.message}`, { data: { action } });
    }
    requests[key] = { method: 'elicitation/create', params: { ...page } };
  }
  return { resultType: 'input_required', inputRequests: requests, requestState: state };
}
