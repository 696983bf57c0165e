import type { Method } from '../request/method.js';
import { MRTR_METHODS } from '../request/mrtr.js';
import { completionFeature } from './completion/completion-method.js';
import { discoveryFeature } from './discovery/server-capabilities.js';
import type { Admission, Feature, FeatureDeps, FeatureMethod } from './feature.js';
import { loggingFeature } from './logging/logging.js';
import { promptsFeature } from './prompts/prompt-methods.js';
import { resourcesFeature } from './resources/resources-feature.js';
import { skillsFeature } from './skills/skill-methods.js';
import { subscriptionsFeature } from './subscriptions/listen.js';
import { tasksFeature } from './tasks/task-methods.js';
import { toolsFeature } from './tools/tool-methods.js';

/** `ping`, which 2026-07-28 removed. */
const pingFeature: Feature = { methods: { ping: { handle: () => '{}', only: 'sessions' } } };

/** Every feature that is served. A new method of MCP is added to one of them. */
const FEATURES: readonly Feature[] = [
  toolsFeature,
  resourcesFeature,
  promptsFeature,
  completionFeature,
  loggingFeature,
  pingFeature,
  subscriptionsFeature,
  tasksFeature,
  skillsFeature,
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

/** The methods of a session after `initialize`, by name. */
export function sessionMethods(deps: FeatureDeps): ReadonlyMap<string, Method> {
  return new Map(methodsIn('sessions').map(([name, method]) => [name, (call) => method.handle(call, deps)]));
}

/** The methods of stateless requests (2026-07-28), by name. */
export function statelessMethods(deps: FeatureDeps): ReadonlyMap<string, StatelessMethod> {
  return new Map(
    methodsIn('stateless').map(([name, method]) => {
      const { admit, waits: isSubscription = false } = method;
      const run: Method = (call) => method.handle(call, deps);
      const mrtr = MRTR_METHODS.has(name);
      if (admit === undefined) return [name, { run, mrtr, isSubscription }];
      return [name, { run, mrtr, isSubscription, admit: (admission: Admission) => admit(admission, deps) }];
    }),
  );
}

function methodsIn(where: 'sessions' | 'stateless'): readonly (readonly [string, FeatureMethod])[] {
  return FEATURES.flatMap(({ methods }) => Object.entries(methods)).filter(([, { only = where }]) => only === where);
}
