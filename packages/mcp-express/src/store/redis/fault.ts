import { withoutSecretsIn } from '../../observe/secret-text.js';

interface Reported {
  readonly message?: unknown;
  /** Members of an `AggregateError`: one for each address of a host name. */
  readonly errors?: unknown;
}

/**
 * The reason of a failed connection, as reported by the system, TLS or Redis, with a hint where the message alone does
 * not lead to the cause. Credentials of URLs are removed.
 */
export function reasonOf(fault: unknown): string {
  const said = withoutSecretsIn(wordsOf(fault));
  const hint = HINTS.find(([pattern]) => pattern.test(said))?.[1];
  return hint === undefined ? said : `${said} (${hint})`;
}

/** Usual causes of messages that do not name them. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /wrong version number|packet length too long|before secure TLS|no connection yet|Connection timeout/i,
    'a server without TLS does this where the URL begins with "rediss://"',
  ],
  [/Socket closed unexpectedly|ECONNRESET/i, 'a server with TLS does this where the URL begins with "redis://"'],
];

function wordsOf(fault: unknown): string {
  const { message, errors } = Object(fault) as Reported;
  if (typeof message === 'string' && message !== '') return message;
  if (Array.isArray(errors)) return [...new Set(errors.map(wordsOf))].join(', ');
  return String(fault);
}

/**
 * Rejections of commands that were not sent, or were lost with their connection. They do not name the reason of the
 * missing connection.
 */
const LOST = /^(The client is (offline|closed)|Disconnects client|Socket closed unexpectedly|The command was aborted)$/;

/** Adds the reason of the missing connection to a rejection that is caused by it. */
export function withReason(rejection: unknown, fault: unknown): unknown {
  const { message } = Object(rejection) as Reported;
  if (fault === undefined || typeof message !== 'string' || !LOST.test(message)) return rejection;
  return new Error(`Redis cannot be reached: ${reasonOf(fault)}`, { cause: fault });
}
