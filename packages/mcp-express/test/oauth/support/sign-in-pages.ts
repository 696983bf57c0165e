import type { IncomingMessage, ServerResponse } from 'node:http';
import type { InteractionDetails, Provider } from 'oidc-provider';

/** A page of the authorization server, as far as a person reads it. */
export interface Page {
  readonly asks: 'login' | 'consent';
  readonly client: string;
  readonly scopes: readonly string[];
  readonly resource: string | undefined;
}

export async function showPage(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { prompt, params } = await provider.interactionDetails(request, response);
  const page: Page = {
    asks: prompt.name as Page['asks'],
    client: String(params['client_id']),
    scopes: params['scope']?.split(' ') ?? [],
    resource: params['resource'],
  };
  response.setHeader('content-type', 'application/json').end(JSON.stringify(page));
}

export async function takeForm(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
  form: URLSearchParams,
): Promise<void> {
  const details = await provider.interactionDetails(request, response);
  const result = details.prompt.name === 'login' ? loggedIn(form) : await consented(provider, details, form);
  await provider.interactionFinished(request, response, result);
}

function loggedIn(form: URLSearchParams): object {
  return { login: { accountId: form.get('login') } };
}

async function consented(provider: Provider, details: InteractionDetails, form: URLSearchParams): Promise<object> {
  if (form.get('consent') !== 'yes') return { error: 'access_denied', error_description: 'The person said no' };
  const { grantId, session, params } = details;
  const accountId = String(session?.accountId);
  const known = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  const grant = known ?? new provider.Grant({ accountId, clientId: String(params['client_id']) });
  const scope = params['scope'] ?? '';
  grant.addOIDCScope(scope);
  if (params['resource'] !== undefined) grant.addResourceScope(params['resource'], scope);
  return { consent: { grantId: await grant.save() } };
}
