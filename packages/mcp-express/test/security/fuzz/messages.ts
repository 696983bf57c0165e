import fc from 'fast-check';
import { META, REVISION } from '../../spec/modern/client.js';

/** Values that hide in odd places of a message. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 0, -1, 1.5, 1e308, -0, Number.MAX_SAFE_INTEGER + 2, '', 'echo', [], {}),
  fc.constantFrom<unknown>('__proto__', 'constructor', '\u0000', '\ud800', '\ufeff', '\u2028', 'x'.repeat(5_000)),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<unknown>,
  fc.constantFrom(20, 2_000).map((depth) => nested(depth)),
);

function nested(depth: number): unknown {
  let value: unknown = 'deep';
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

const METHODS = [
  'initialize',
  'ping',
  'server/discover',
  'tools/list',
  'tools/call',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'resources/subscribe',
  'resources/unsubscribe',
  'resources/directory/read',
  'prompts/list',
  'prompts/get',
  'completion/complete',
  'logging/setLevel',
  'subscriptions/listen',
  'tasks/get',
  'tasks/update',
  'tasks/cancel',
  'tasks/list',
  'skills/list',
  'notifications/initialized',
  'notifications/cancelled',
  'notifications/progress',
  'notifications/roots/list_changed',
  'toString',
  'tools/Call',
  '',
];

const method = fc.constantFrom(...METHODS);
const mostly = <T>(usual: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 20, arbitrary: usual as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: odd });

/** Parameters of every method at once: what is not of a method is there for nothing. */
const anyParams = fc.record(
  {
    name: mostly(fc.constantFrom('echo', 'fails', 'says', 'asks', 'task', 'p', 'none')),
    arguments: mostly(fc.record({ text: mostly(fc.constant('x')), a: odd }, { requiredKeys: ['text'] })),
    uri: mostly(fc.constantFrom('fuzz://r', 'fuzz://t/1?q=2', 'fuzz://t/..', 'fuzz://t/%', 'skill://x')),
    cursor: odd,
    level: mostly(fc.constantFrom('info', 'debug', 'none')),
    ref: mostly(
      fc.constantFrom({ type: 'ref/prompt', name: 'p' }, { type: 'ref/resource', uri: 'fuzz://t{/id*}{?q*}' }),
    ),
    argument: mostly(fc.record({ name: mostly(fc.constantFrom('id', 'a')), value: mostly(fc.constant('x')) })),
    context: odd,
    taskId: odd,
    requestId: mostly(fc.constantFrom(1, 'a')),
    notifications: mostly(
      fc.record({ toolsListChanged: odd, resourceSubscriptions: odd, taskIds: odd }, { requiredKeys: [] }),
    ),
    inputResponses: odd,
    requestState: odd,
    protocolVersion: mostly(fc.constantFrom('2025-03-26', '2025-06-18', '2025-11-25', REVISION, 'x')),
    capabilities: mostly(fc.constantFrom({}, { elicitation: {} }, { sampling: {}, roots: {} })),
    clientInfo: mostly(fc.constant({ name: 'fuzz', version: '1' })),
  },
  { requiredKeys: ['name', 'arguments', 'uri', 'level', 'ref', 'argument', 'notifications'] },
);

const meta = fc.record(
  {
    [META.version]: mostly(fc.constantFrom(REVISION, '2030-01-01')),
    [META.capabilities]: mostly(
      fc.constantFrom({}, { elicitation: {} }, { extensions: { 'io.modelcontextprotocol/tasks': {} } }),
    ),
    [META.client]: odd,
    [META.level]: mostly(fc.constantFrom('info', 'loud')),
    progressToken: mostly(fc.constantFrom(1, 'p')),
  },
  { requiredKeys: [] },
);
const GOOD_META = { [META.version]: REVISION, [META.capabilities]: { elicitation: { form: {} } } };

const id = mostly(fc.constantFrom<string | number>(1, 'a', 0, '', -5));

interface Message {
  readonly value: unknown;
  readonly headers: readonly (readonly [string, string])[];
}

/** What repeats a message in its headers, where it can be said there. */
function mirrored(method: string, params: Record<string, unknown>): [string, string][] {
  const named = method.startsWith('tasks/')
    ? params['taskId']
    : method === 'resources/read'
      ? params['uri']
      : params['name'];
  const name =
    typeof named === 'string' && /^[!-~]{1,200}$/.test(named) ? [['mcp-name', named] as [string, string]] : [];
  return [['mcp-protocol-version', REVISION], ['mcp-method', method], ...name];
}

const inSession: fc.Arbitrary<Message> = fc
  .record(
    { id, method: mostly(method), params: mostly(anyParams), jsonrpc: mostly(fc.constant('2.0')) },
    { requiredKeys: ['jsonrpc', 'method'] },
  )
  .map((value) => ({ value, headers: [] }));

const alone: fc.Arbitrary<Message> = fc
  .tuple(
    id,
    method,
    anyParams,
    fc.oneof({ weight: 4, arbitrary: fc.constant(GOOD_META as object) }, { weight: 1, arbitrary: meta }),
  )
  .map(([id, method, params, _meta]) => ({
    value: { jsonrpc: '2.0', id, method, params: { ...params, _meta } },
    headers: mirrored(method, params),
  }));

const answer: fc.Arbitrary<Message> = fc
  .record({ jsonrpc: fc.constant('2.0'), id, result: odd, error: odd }, { requiredKeys: ['jsonrpc'] })
  .map((value) => ({ value, headers: [] }));

const message = fc.oneof(
  { weight: 4, arbitrary: inSession },
  { weight: 4, arbitrary: alone },
  { weight: 1, arbitrary: answer },
);

const batch: fc.Arbitrary<Message> = fc.array(message, { maxLength: 4 }).map((messages) => ({
  value: messages.map(({ value }) => value),
  headers: messages[0]?.headers ?? [],
}));

/** Text that is JSON, nearly JSON, or nothing like it. */
export const content: fc.Arbitrary<readonly [body: string, headers: Message['headers']]> = fc.oneof(
  { weight: 30, arbitrary: message.map(({ value, headers }) => [JSON.stringify(value), headers] as const) },
  { weight: 2, arbitrary: batch.map(({ value, headers }) => [JSON.stringify(value), headers] as const) },
  { weight: 1, arbitrary: odd.map((value) => [JSON.stringify(value) ?? '', []] as const) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(message, fc.nat(300))
      .map(([{ value, headers }, cut]) => [JSON.stringify(value).slice(0, cut), headers] as const),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 50 }).map((text) => [text, []] as const) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(`${'['.repeat(50_000)}`, 'x'.repeat(250_000), '\ufeff{}', '{"a":1}{"b":2}')
      .map((text) => [text, []] as const),
  },
);
