import { McpError } from '../../protocol/errors.js';
import { MAX_LENGTH } from '../../protocol/json-rpc.js';
import { encodedUri, isUri, uriKey } from '../../protocol/uri.js';
import type { Call } from '../../request/call.js';
import { cursorOf, textParam } from '../../request/method.js';
import { NO_CACHE } from '../../request/result-writer.js';
import type { Catalog } from '../catalog.js';
import { onlyIfAnnounced } from '../discovery/server-capabilities.js';
import type { Feature, FeatureDeps } from '../feature.js';
import { listResources, readResource } from './resource-methods.js';

/**
 * Resources and their templates. Sessions subscribe to resources; stateless clients name them in `subscriptions/listen`
 * (MCP, Server Features, Resources).
 */
export const resourcesFeature: Feature = {
  methods: {
    'resources/list': {
      handle: (call, deps) => listResources(call, catalogOf(call, deps), cursorOf(call.message)),
      admit: onlyIfAnnounced('resources'),
    },
    'resources/templates/list': {
      handle: (call, { server }) =>
        server.catalog.templates.for(call.context).page(cursorOf(call.message), call.writer),
      admit: onlyIfAnnounced('resources'),
    },
    'resources/read': {
      handle: read,
    },
    'resources/subscribe': { handle: subscribe, only: 'sessions' },
    'resources/unsubscribe': { handle: unsubscribe, only: 'sessions' },
  },
};

const EMPTY = '{}';

/** The part of the catalog that the caller may see. */
function catalogOf(call: Call, { server }: FeatureDeps): Catalog {
  return server.catalog.for(call.context);
}

async function read(call: Call, deps: FeatureDeps): Promise<string | undefined> {
  const uri = textParam(call.message, 'uri', MAX_LENGTH.uri);
  const text = await deps.kept.read(uri, call.context);
  if (text === undefined) return readResource(call, catalogOf(call, deps), uri);
  return call.writer.write({ contents: [{ uri, mimeType: 'text/plain', text }] }, NO_CACHE);
}

async function subscribe(call: Call, parts: FeatureDeps): Promise<string> {
  const { subscriptions, subscriptionLimits: limits, watched } = parts;
  const uri = textParam(call.message, 'uri', MAX_LENGTH.uri);
  if (!isUri(encodedUri(uri))) throw new McpError('invalid-params', '"uri" of resources/subscribe must be a URI');
  const bytes = call.context.owner === '' ? limits.anonymousBytes : limits.ownedBytes;
  const { count } = limits;
  switch (await subscriptions.add(call.key, { uri, key: uriKey(uri) }, { count, bytes })) {
    case 'subscribed':
      watched.subscribed(call, uri);
      return EMPTY;
    case 'too-many':
      throw new McpError('too-many-subscriptions', `A session may have ${count} subscriptions at most`);
    case 'too-long':
      throw new McpError('too-many-subscriptions', `The subscriptions of a session may take ${bytes} bytes together`);
    case 'no-session':
      throw new McpError('session-ended', 'The session has ended');
  }
}

async function unsubscribe(call: Call, { subscriptions, watched }: FeatureDeps): Promise<string> {
  const uri = textParam(call.message, 'uri', MAX_LENGTH.uri);
  await subscriptions.remove(call.key, uriKey(uri));
  await watched.unsubscribed(call.key, uri);
  return EMPTY;
}
