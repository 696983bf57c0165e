import { ownerKey } from '../auth/principal.js';
import type { FeatureDeps, FeatureMethod } from '../features/feature.js';
import { loggingFeature } from '../features/logging/logging.js';
import { resourcesFeature } from '../features/resources/resources-feature.js';
import { McpError } from '../protocol/errors.js';
import { isObject, type Params } from '../protocol/json-rpc.js';
import type { ListName } from '../protocol/mcp.js';
import { META } from '../protocol/meta.js';
import { STATELESS_REVISIONS } from '../protocol/revisions.js';
import type { Call } from '../request/call.js';
import { cursorOf, methodNotFound, textParam } from '../request/method.js';
import { NO_CACHE } from '../request/result-writer.js';
import type { Hosting } from './hosting.js';
import type { Instance } from './instance.js';
import type { EntryKind } from './visible-entries.js';

/** Methods whose results of 2026-07-28 have cache hints. */
const CACHEABLE: ReadonlySet<string> = new Set(['resources/read', 'resources/list']);

/** Methods of sessions, which stateless requests lack. */
const SESSION_ONLY = /^(initialize|ping|logging\/setLevel|resources\/(un)?subscribe|tasks\/.*)$/;

/** The methods of a hosted server that the router treats in a way of its own. */
export function hostedMethods(hosting: Hosting): Readonly<Record<string, FeatureMethod>> {
  const subscribe = resourcesFeature.methods['resources/subscribe'];
  const unsubscribe = resourcesFeature.methods['resources/unsubscribe'];
  return {
    'tools/list': { handle: (call) => list(call, hosting, { list: 'tools', kind: 'tool' }) },
    'prompts/list': { handle: (call) => list(call, hosting, { list: 'prompts', kind: 'prompt' }) },
    'resources/templates/list': { handle: (call) => list(call, hosting, { list: 'resources', kind: 'template' }) },
    // Templates may list their resources anew for each request.
    'resources/list': { handle: (call) => list(call, hosting, { kind: 'resource' }) },
    'tools/call': {
      handle: (call, deps) => callTool(call, hosting, deps),
      admit: ({ request, context }, { scopes }) => scopes.assert(request, context),
    },
    'prompts/get': { handle: (call) => forwardVisible(call, hosting, 'prompt') },
    'resources/read': { handle: (call) => forwardVisible(call, hosting, 'resource') },
    'resources/subscribe': {
      only: 'sessions',
      handle: async (call, deps) => {
        await forwardVisible(call, hosting, 'resource');
        return subscribe?.handle(call, deps);
      },
    },
    'resources/unsubscribe': {
      only: 'sessions',
      handle: async (call, deps) => {
        await forward(call, hosting);
        return unsubscribe?.handle(call, deps);
      },
    },
    'logging/setLevel': { only: 'sessions', handle: (call, deps) => setLevel(call, hosting, deps) },
    'server/discover': { only: 'stateless', handle: (call) => discover(call, hosting) },
  };
}

/** Passes the request of any other method on. */
export function otherMethod(hosting: Hosting): FeatureMethod {
  return {
    handle: (call) => {
      const { method } = call.message;
      if (call.context.revision.era === 'modern' && SESSION_ONLY.test(method)) throw methodNotFound(method);
      return forward(call, hosting);
    },
  };
}

/** Asks the server, and returns its result as JSON text. The call's end cancels the request. */
async function forward(call: Call, hosting: Hosting): Promise<string> {
  const instance = await hosting.instanceFor(call);
  return call.writer.write(await ask(call, instance), CACHEABLE.has(call.message.method) ? NO_CACHE : undefined);
}

function ask(call: Call, instance: Instance): Promise<Params> {
  const { method, params } = call.message;
  return instance.request(method, paramsOf(call, params), { context: call.context, call }, call.signal);
}

async function callTool(call: Call, hosting: Hosting, deps: FeatureDeps): Promise<string | undefined> {
  deps.scopes.assert(call.message, call.context);
  if (deps.callTimeoutMs > 0) call.limit(deps.callTimeoutMs);
  const run = (): Promise<string> => forwardVisible(call, hosting, 'tool');
  const key = deps.idempotent.keyOf(call);
  return key === undefined ? run() : deps.idempotent.runOnce(call, key, run);
}

/** Hidden entries get the same error as unknown ones, which therefore is not the server's own. */
async function forwardVisible(call: Call, hosting: Hosting, kind: 'tool' | 'prompt' | 'resource'): Promise<string> {
  const { visible } = hosting;
  if (visible === undefined) return forward(call, hosting);
  const name = textParam(call.message, kind === 'resource' ? 'uri' : 'name');
  if (!visible.has({ kind, name }, call.principal)) throw unknownEntry(kind, name);
  if (kind !== 'resource' && !(await isListed(call, hosting, { kind, name }))) throw unknownEntry(kind, name);
  try {
    return await forward(call, hosting);
  } catch (thrown) {
    const isUnknown = McpError.is(thrown) && (thrown.code === 'invalid-params' || thrown.code === 'hosted-error');
    throw kind === 'resource' && isUnknown ? unknownEntry(kind, name) : thrown;
  }
}

function unknownEntry(kind: 'tool' | 'prompt' | 'resource', name: string): McpError {
  if (kind === 'resource') return new McpError('resource-not-found', 'Resource not found', { data: { uri: name } });
  return new McpError('invalid-params', `Unknown ${kind}: ${name}`);
}

async function isListed(
  call: Call,
  hosting: Hosting,
  entry: { kind: 'tool' | 'prompt'; name: string },
): Promise<boolean> {
  const instance = await hosting.instanceFor(call);
  const [method, member] = entry.kind === 'tool' ? ['tools/list', 'tools'] : ['prompts/list', 'prompts'];
  for (let cursor: unknown, pages = 0; pages < MAX_PAGES; pages += 1) {
    const params = cursor === undefined ? {} : { cursor };
    const page = await instance.request(method, params, { context: call.context, call }, call.signal);
    const entries = page[member];
    if (Array.isArray(entries) && entries.some((each) => isObject(each) && each['name'] === entry.name)) return true;
    cursor = page['nextCursor'];
    if (cursor === undefined) return false;
  }
  return false;
}

/** A server whose list has no end is faulty. */
const MAX_PAGES = 1_000;

interface HostedList {
  /** The list whose changes the server announces. Absent: it is asked each time. */
  readonly list?: ListName;
  readonly kind: EntryKind;
}

async function list(call: Call, hosting: Hosting, { list: name, kind }: HostedList): Promise<string> {
  const instance = await hosting.instanceFor(call);
  const cursor = cursorOf(call.message);
  const write = async (result: Promise<Params>): Promise<string> => {
    const shown = hosting.visible?.in(await result, kind, call.principal) ?? (await result);
    return call.writer.write(shown, NO_CACHE);
  };
  if (name === undefined || !announcesChanges(instance, name)) return write(ask(call, instance));
  const { principal } = call;
  // The server may list by `authInfo`: other callers must not get this list.
  const key = `${name} ${call.message.method} ${JSON.stringify([cursor, ownerKey(principal), principal?.scopes])}`;
  const { method, params } = call.message;
  const context = { context: call.context, call };
  // Other calls wait for the same list, so the end of this one does not cancel it.
  return instance.lists.get(call.writer, key, () => write(instance.request(method, paramsOf(call, params), context)));
}

function announcesChanges({ description }: Instance, name: ListName): boolean {
  const capability = description.capabilities[name];
  return isObject(capability) && capability['listChanged'] === true;
}

/** The store keeps the level of a session, so that every node knows it; the hosted server sends all levels. */
async function setLevel(call: Call, hosting: Hosting, deps: FeatureDeps): Promise<string | undefined> {
  const { description } = await hosting.instanceFor(call);
  if (description.capabilities['logging'] === undefined) throw methodNotFound(call.message.method);
  return loggingFeature.methods['logging/setLevel']?.handle(call, deps);
}

async function discover(call: Call, hosting: Hosting): Promise<string> {
  const { capabilities, serverInfo, instructions } = (await hosting.instanceFor(call)).description;
  const { tasks: _tasks, ...announced } = capabilities;
  const result = {
    supportedVersions: STATELESS_REVISIONS,
    capabilities: announced,
    ...(instructions === undefined ? {} : { instructions }),
    _meta: { [META.serverInfo]: serverInfo },
  };
  return call.writer.write(result, NO_CACHE);
}

/** The params without those of 2026-07-28, which the server is not asked in. */
function paramsOf(call: Call, params: Params | undefined): Params | undefined {
  if (call.context.revision.era === 'legacy' || params === undefined) return params;
  const { _meta, inputResponses: _responses, requestState: _state, ...rest } = params;
  if (!isObject(_meta)) return rest;
  const own: Record<string, unknown> = { ..._meta };
  for (const name of Object.values(META)) delete own[name];
  return Object.keys(own).length === 0 ? rest : { ...rest, _meta: own };
}
