import type { Method, MethodTable } from '../request/method.js';
import { MRTR_METHODS } from '../request/mrtr.js';
import { completionFeature } from './completion/completion-method.js';
import { discoveryFeature } from './discovery/server-capabilities.js';
import type { Admission, Feature, FeatureDeps, FeatureMethod } from './feature.js';
import { loggingFeature } from './logging/logging.js';
import { answerThrough } from './middleware/request-middleware.js';
import { promptsFeature } from './prompts/prompt-methods.js';
import { resourcesFeature } from './resources/resources-feature.js';
import { subscriptionsFeature } from './subscriptions/listen.js';
import { toolsFeature } from './tools/tool-methods.js';

/** `ping`, which 2026-07-28 removed. */
const pingFeature: Feature = { methods: { ping: { handle: () => '{}', only: 'sessions' } } };

/** The features of MCP itself. Extensions are in `extensions/extensions.ts`. */
const FEATURES: readonly Feature[] = [
  toolsFeature,
  resourcesFeature,
  promptsFeature,
  completionFeature,
  loggingFeature,
  pingFeature,
  subscriptionsFeature,
  discoveryFeature,
];

/** A method of stateless requests. */
export interface StatelessMethod {
  readonly run: Method;
  /** The method may end with `input_required`, after which the client calls again with the responses. */
  readonly mrtr: boolean;
  /** The method may wait forever, so it is limited separately from other calls. */
  readonly isSubscription: boolean;
  /** Checks the request before it runs. A thrown `McpError` refuses the whole HTTP request. */
  readonly admit?: (admission: Admission) => void;
}

/** The methods of a session after `initialize`. */
export function sessionMethods(deps: FeatureDeps): MethodTable<Method> {
  return tableOf('sessions', deps, (method, name) => runOf(name, method, deps));
}

/** The methods of stateless requests (2026-07-28). */
export function statelessMethods(deps: FeatureDeps): MethodTable<StatelessMethod> {
  return tableOf('stateless', deps, (method, name) => {
    const { admit, waits: isSubscription = false } = method;
    const run = runOf(name, method, deps);
    const mrtr = MRTR_METHODS.has(name);
    if (admit === undefined) return { run, mrtr, isSubscription };
    return { run, mrtr, isSubscription, admit: (admission: Admission) => admit(admission, deps) };
  });
}

/** The method with the middleware of the server around it. */
function runOf(name: string, method: FeatureMethod, deps: FeatureDeps): Method {
  return (call) => {
    const chain = deps.server.middleware?.of(name, 'request');
    return chain === undefined ? method.handle(call, deps) : answerThrough(call, chain, method, deps);
  };
}

/** Whether a method belongs to MCP itself. */
export function isCoreMethod(name: string): boolean {
  return FEATURES.some(({ methods }) => Object.hasOwn(methods, name));
}

function tableOf<T>(
  where: 'sessions' | 'stateless',
  { server }: FeatureDeps,
  wired: (method: FeatureMethod, name: string) => T,
): MethodTable<T> {
  const exists = ({ only = where }: FeatureMethod): boolean => only === where;
  const { delegate } = server;
  const features = delegate === undefined ? FEATURES : [delegate, pingFeature, subscriptionsFeature];
  const all = features.flatMap(({ methods }) => Object.entries(methods)).filter(([, method]) => exists(method));
  return {
    core: new Map(all.map(([name, method]) => [name, wired(method, name)])),
    extension: (name) => {
      const method = server.extensions.method(name) ?? delegate?.otherMethod;
      return method === undefined || !exists(method) ? undefined : wired(method, name);
    },
  };
}
