import { isAsyncFunction } from 'node:util/types';
import { assertKnown, ConfigurationError, kindOf } from '../protocol/errors.js';

/** The rules for one kind of registration. */
interface Kind {
  /** The method of `McpServer`, such as `registerTool`. */
  readonly method: string;
  /** The members of its config. */
  readonly members: readonly string[];
  /** Names of members in other libraries and revisions, with the member that replaces them. */
  readonly meant: Readonly<Record<string, string>>;
}

const LISTED = ['title', 'description', 'icons', '_meta', 'visible'];

function meaning(member: string, names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, member]));
}

/** Rules for tools. */
export const TOOL: Kind = {
  method: 'registerTool',
  members: [...LISTED, 'inputSchema', 'outputSchema', 'annotations', 'timeoutMs', 'maxResultBytes', 'scopes', 'task'],
  meant: {
    ...meaning('inputSchema', ['schema', 'parameters', 'params', 'input', 'args', 'argsSchema', 'input_schema']),
    ...meaning('outputSchema', ['output', 'returns', 'output_schema']),
    ...meaning('timeoutMs', ['timeout']),
    ...meaning('task', ['execution']),
  },
};

/** Rules for prompts. */
export const PROMPT: Kind = {
  method: 'registerPrompt',
  members: [...LISTED, 'argsSchema', 'complete'],
  meant: meaning('argsSchema', ['arguments', 'args', 'schema', 'parameters', 'params', 'input', 'inputSchema']),
};

/** Rules for resources and templates. */
export const RESOURCE: Kind = {
  method: 'registerResource',
  members: [...LISTED, 'mimeType', 'size', 'annotations', 'cache', 'onSubscribe', 'onUnsubscribe'],
  meant: meaning('mimeType', ['contentType', 'mime', 'type']),
};

/** The arguments of every registration. */
interface Registration {
  readonly name: unknown;
  readonly config: unknown;
  readonly handler: unknown;
}

/** @throws ConfigurationError naming the invalid argument, with a suggestion if possible */
export function assertRegistration({ name, config, handler }: Registration, kind: Kind): void {
  if (typeof name !== 'string' || name === '') {
    throw new ConfigurationError(`${kind.method} needs a name, a non-empty string; it was given ${kindOf(name)}`);
  }
  const what = `${kind.method}(${JSON.stringify(name)}, …)`;
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw new ConfigurationError(`${what} needs a config, {} at least; it was given ${kindOf(config)}`);
  }
  if (isSchema(config)) throw new ConfigurationError(`${what} needs a config; it was given a schema${inMember(kind)}`);
  if (typeof handler !== 'function') {
    throw new ConfigurationError(`${what} needs a handler, a function; it was given ${kindOf(handler)}`);
  }
  assertMembers(config, what, kind);
  assertVisible((config as { visible?: unknown }).visible, what);
}

function assertMembers(config: object, what: string, kind: Kind): void {
  const given = Object.entries(config).filter(([, value]) => value !== undefined && value !== null);
  for (const [member, value] of given) {
    if (kind.members.includes(member)) continue;
    const meant = Object.hasOwn(kind.meant, member) ? kind.meant[member] : undefined;
    const hint = meant !== undefined ? `. Did you mean "${meant}"?` : isSchema(value) ? inMember(kind) : undefined;
    if (hint !== undefined) throw new ConfigurationError(`${what}: config has no "${member}"${hint}`);
  }
  assertKnown(Object.fromEntries(given), kind.members, `The config of ${what}`);
}

/** Names the member for the schema of arguments. */
function inMember({ members }: Kind): string {
  const schema = members.find((member) => member === 'inputSchema' || member === 'argsSchema');
  return schema === undefined ? '' : `. Schemas of arguments belong in "${schema}"`;
}

function isSchema(value: unknown): boolean {
  return ((typeof value === 'object' && value !== null) || typeof value === 'function') && '~standard' in value;
}

/**
 * A value that is not a function would hide the entry from every principal, and so would a promise.
 * @throws ConfigurationError
 */
export function assertVisible(visible: unknown, what: string): void {
  if (visible === undefined || (typeof visible === 'function' && !isAsyncFunction(visible))) return;
  const given = typeof visible === 'function' ? 'an async function' : kindOf(visible);
  throw new ConfigurationError(
    `${what}: "visible" must be a function of the principal that returns true or false; it was given ${given}`,
  );
}
