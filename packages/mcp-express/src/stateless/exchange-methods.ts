import { announcedLists } from '../features/discovery/server-capabilities.js';
import { FEATURE_METHODS } from '../features/feature-methods.js';
import { assertSkills, SKILL_METHODS } from '../features/skills/skill-methods.js';
import { wantsTasks } from '../features/subscriptions/listen-filter.js';
import { TASK_METHODS } from '../features/tasks/task-methods.js';
import { TASKS } from '../features/tasks/task-text.js';
import { assertExtension } from '../protocol/client-capabilities.js';
import { McpError } from '../protocol/errors.js';
import type { JsonRpcRequest } from '../protocol/json-rpc.js';
import type { Call } from '../request/call.js';
import type { Caller } from '../request/caller.js';
import { type Method, type MethodParts, methodNotFound } from '../request/method.js';
import { HAVE_ROUNDS } from '../request/rounds.js';
import { argumentsOf, assertMirroredParams, type HeaderSource } from '../request/standard-headers.js';

/** The context in which a stateless request is admitted. */
export interface Admission {
  readonly request: JsonRpcRequest;
  readonly caller: Caller;
  readonly headers: HeaderSource;
  /** The client accepts a stream. */
  readonly streaming: boolean;
}

/** A method of stateless requests. */
export interface ExchangeMethod {
  readonly run: Method;
  /** The method may end with `input_required`, after which the client calls again with the responses. */
  readonly rounds: boolean;
  /** The method may wait forever, so it is limited separately from other calls. */
  readonly waits: boolean;
  /** Checks the request before it runs. A thrown `McpError` refuses the whole HTTP request. */
  readonly admit?: (admission: Admission, parts: MethodParts) => void;
}

const LISTEN = 'subscriptions/listen';

type Admit = NonNullable<ExchangeMethod['admit']>;

const ADMITS: ReadonlyMap<string, Admit> = new Map<string, Admit>([
  ['tools/call', admitToolCall],
  [LISTEN, admitListen],
  ['resources/list', onlyIfAnnounced('resources')],
  ['resources/templates/list', onlyIfAnnounced('resources')],
  ['prompts/list', onlyIfAnnounced('prompts')],
  ...TASK_METHODS.map(([name]) => [name, admitTaskRequest] as const),
  ...SKILL_METHODS.map(([name]) => [name, admitSkillRequest] as const),
]);

const RUNS: readonly (readonly [string, Method])[] = [
  ...FEATURE_METHODS,
  ...TASK_METHODS,
  ...SKILL_METHODS,
  ['server/discover', (call, { discovery }) => discovery.write(call.writer)],
  [LISTEN, (call: Call, { listeners }) => listeners.listen(call)],
];

/** The methods of stateless requests (2026-07-28). */
export const EXCHANGE_METHODS: ReadonlyMap<string, ExchangeMethod> = new Map(
  RUNS.map(([name, run]) => {
    const admit = ADMITS.get(name);
    return [
      name,
      { run, rounds: HAVE_ROUNDS.has(name), waits: name === LISTEN, ...(admit === undefined ? {} : { admit }) },
    ];
  }),
);

function admitToolCall({ request, caller, headers }: Admission, { server, scopes }: MethodParts): void {
  const name = request.params?.['name'];
  const tool = typeof name === 'string' ? server.catalog.tools.find(name, caller.principal) : undefined;
  if (tool === undefined) return;
  scopes.assert(request, caller.principal);
  assertMirroredParams(headers, tool.mirrored, argumentsOf(request.params));
  if (tool.task?.required === true) assertExtension(caller.client.capabilities, TASKS);
}

function admitListen({ request, caller, streaming }: Admission, { discovery }: MethodParts): void {
  if (!discovery.streaming) throw methodNotFound(request.method);
  if (!streaming) throw new McpError('not-acceptable', 'The Accept header must allow text/event-stream');
  if (wantsTasks(request.params)) assertExtension(caller.client.capabilities, TASKS);
}

function admitSkillRequest({ request }: Admission, parts: MethodParts): void {
  assertSkills(parts, request.method);
}

function admitTaskRequest({ caller }: Admission): void {
  assertExtension(caller.client.capabilities, TASKS);
}

/** Methods of a list that `server/discover` does not announce are unknown. */
function onlyIfAnnounced(list: 'resources' | 'prompts'): Admit {
  return ({ request }, { server }) => {
    if (!announcedLists(server).includes(list)) throw methodNotFound(request.method);
  };
}
