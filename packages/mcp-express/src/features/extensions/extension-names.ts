import { ConfigurationError, kindOf } from '../../protocol/errors.js';

/** "a series of labels separated by dots, followed by a slash", and a name (MCP 2026-07-28, Base Protocol, "_meta"). */
const LABEL = '[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?';
const ID = new RegExp(`^${LABEL}(?:\\.${LABEL})*/[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?$`);
const MAX_ID = 255;

/** Segments of letters, digits and a few marks, which can stand in the `Mcp-Method` header. */
const METHOD = /^[A-Za-z][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9_.-]+)*$/;
const MAX_METHOD = 128;

const NOTIFICATIONS = 'notifications/';

/** Methods of MCP that are served outside the table of features, or that only clients serve. */
const OTHER_METHODS: ReadonlySet<string> = new Set([
  'initialize',
  'sampling/createMessage',
  'elicitation/create',
  'roots/list',
]);

/** Whether a method belongs to MCP although no feature has it. */
export function isReserved(method: string): boolean {
  return OTHER_METHODS.has(method);
}

/** The notifications of MCP, in all revisions that are served. */
const NOTIFICATIONS_OF_MCP: ReadonlySet<string> = new Set(
  [
    'initialized',
    'cancelled',
    'progress',
    'message',
    'tools/list_changed',
    'prompts/list_changed',
    'resources/list_changed',
    'resources/updated',
    'roots/list_changed',
    'elicitation/complete',
    'subscriptions/acknowledged',
    'tasks',
    'tasks/status',
  ].map((name) => NOTIFICATIONS + name),
);

/** @throws ConfigurationError when it is not the id of an extension */
export function assertId(id: unknown): asserts id is string {
  if (typeof id === 'string' && id.length <= MAX_ID && ID.test(id)) return;
  const shown = typeof id === 'string' ? JSON.stringify(id.slice(0, MAX_ID)) : kindOf(id);
  throw new ConfigurationError(
    `The id of an extension is a prefix, "/" and a name, such as "com.example/orders"; it is ${shown}`,
  );
}

/** @throws ConfigurationError when a request method of an extension cannot have this name */
export function assertMethodName(name: string, id: string): void {
  const what = `Method ${JSON.stringify(name)} of extension "${id}"`;
  if (name.startsWith(NOTIFICATIONS)) {
    throw new ConfigurationError(`${what} belongs in "notifications", because its name begins with "${NOTIFICATIONS}"`);
  }
  if (name.length > MAX_METHOD || !METHOD.test(name) || name.startsWith('rpc.')) {
    throw new ConfigurationError(
      `${what} must be up to ${MAX_METHOD} characters of letters, digits, "_", "-", "." and "/", such as "orders/watch"`,
    );
  }
}

/** @throws ConfigurationError when a notification of an extension cannot have this name */
export function assertNotificationName(name: string, id: string): void {
  const what = `Notification ${JSON.stringify(name)} of extension "${id}"`;
  if (!name.startsWith(NOTIFICATIONS) || name.length > MAX_METHOD || !METHOD.test(name)) {
    throw new ConfigurationError(`${what} must begin with "${NOTIFICATIONS}", such as "notifications/orders/changed"`);
  }
  if (NOTIFICATIONS_OF_MCP.has(name)) throw new ConfigurationError(`${what} is a notification of MCP`);
}
