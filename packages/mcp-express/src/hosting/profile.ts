import type { OpeningContext } from '../features/delegate.js';
import type { ClientCapabilities, Implementation } from '../protocol/mcp.js';
import { negotiate } from '../protocol/revisions.js';
import type { RequestContext } from '../request/request-context.js';

/** The facts about a client that `initialize` gives to a server. Clients with the same facts can share a server. */
export interface Profile {
  readonly revision: string;
  readonly client: Implementation;
  readonly capabilities: ClientCapabilities;
}

/** Stateless requests may leave the name of the client out, which `initialize` needs. */
const UNNAMED: Implementation = { name: 'unknown', version: '0.0.0' };

/**
 * The profile for a server that all clients share: it may ask everything, and gets an error where a client cannot be asked.
 */
export const EVERY_CLIENT: Profile = {
  revision: negotiate('').id,
  client: { name: 'mcp-express', version: '1' },
  capabilities: { elicitation: { form: {}, url: {} }, sampling: {}, roots: { listChanged: true } },
};

/** The profile of a client. Servers of other libraries are asked in a revision with sessions, in both eras. */
export function profileOf({ client, revision }: RequestContext | OpeningContext): Profile {
  const { info = UNNAMED, capabilities } = client;
  return { revision: negotiate(revision.id).id, client: info, capabilities };
}

const keys = new WeakMap<object, string>();

/** Equal for equal profiles. */
export function profileKey(context: RequestContext | OpeningContext): string {
  const { capabilities } = context.client;
  const known = keys.get(capabilities);
  if (known !== undefined) return known;
  const { revision, client } = profileOf(context);
  const key = JSON.stringify([revision, client, capabilities]);
  keys.set(capabilities, key);
  return key;
}
