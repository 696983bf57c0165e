import { assertAccepts } from '../protocol/client-capabilities.js';
import type { InputRequest, InputRequired } from '../protocol/client-requests.js';
import { McpError } from '../protocol/errors.js';
import type { Call } from './call.js';
import { MRTR_METHODS } from './mrtr.js';
import type { MrtrInputs } from './running-call.js';
import { isToolError, thrownText } from './thrown-result.js';
import { requiredUrlElicitations, type UrlElicitation } from './url-elicitation.js';
import type { UrlElicitations } from './url-elicitations.js';

/** True for an error that requires the user to visit a web page first. */
export function isUrlElicitationRequired(thrown: unknown): thrown is McpError {
  return McpError.is(thrown) && thrown.code === 'url-elicitation-required';
}

/**
 * Ends a call whose user must visit a web page: in a session with the error `url-elicitation-required`, in 2026-07-28,
 * which removed that error, with the elicitations as required input.
 * @throws McpError if the client cannot be sent to a page, or the user declined
 */
export async function endWithUrlElicitations(
  call: Call,
  error: McpError,
  elicitations: UrlElicitations,
): Promise<void> {
  const pages = requiredUrlElicitations(error);
  assertSendable(call, error, pages);
  if (call.context.revision.era === 'modern' && MRTR_METHODS.has(call.message.method)) {
    return call.requireInput(urlElicitationsAsInput(error, call.inputs));
  }
  for (const { elicitationId } of pages) await elicitations.remember(call.context, elicitationId);
  const { code, message } = error;
  call.fail(new McpError(code, message, { data: { ...error.data, elicitations: pages } }));
}

/**
 * Checks that the client accepts URL elicitations. If not, the error keeps the handler's message and adds the reason.
 */
function assertSendable({ context }: Call, { message }: McpError, pages: readonly UrlElicitation[]): void {
  try {
    for (const page of pages) assertAccepts(context, 'elicitation/create', page);
  } catch (thrown) {
    const { code, message: why, data } = McpError.from(thrown);
    throw new McpError(code, `${message} (${why})`, data === undefined ? {} : { data });
  }
}

/**
 * Ends a call whose elicitation is impossible or was declined. For tools this is a result, so that the model learns of
 * it.
 */
export function endWithoutElicitation(call: Call, thrown: unknown): void {
  const error = McpError.from(thrown);
  if (call.message.method === 'tools/call' && isToolError(error, call)) call.succeed(thrownText(error, call));
  else call.fail(error);
}

/**
 * The elicitations as required input of a round trip.
 * @throws McpError `client-error` when the user declined or cancelled one
 */
export function urlElicitationsAsInput(error: McpError, { responses, state }: MrtrInputs): InputRequired {
  const requests: Record<string, InputRequest> = {};
  for (const [place, page] of requiredUrlElicitations(error).entries()) {
    const key = `url-elicitation-${place + 1}`;
    const action = Object.hasOwn(responses, key) ? responses[key]?.['action'] : undefined;
    if (action === 'decline' || action === 'cancel') {
      throw new McpError('client-error', `The user did not open the page: ${page.message}`, { data: { action } });
    }
    requests[key] = { method: 'elicitation/create', params: { ...page } };
  }
  return { resultType: 'input_required', inputRequests: requests, requestState: state };
}
