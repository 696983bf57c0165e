import { withoutSecretsIn } from '../../observe/secret-text.js';

interface Reported {
  readonly message?: unknown;
  /** Of an `AggregateError`: one for each address that a host name has. */
  readonly errors?: unknown;
}

/**
 * Why a connection failed, in the words of the system, of TLS or of Redis, with what to look at where those words do not
 * say it. Without the credentials of a URL.
 */
export function reasonOf(fault: unknown): string {
  const said = withoutSecretsIn(wordsOf(fault));
  const hint = HINTS.find(([pattern]) => pattern.test(said))?.[1];
  return hint === undefined ? said : `${said} (${hint})`;
}

/** What is wrong nearly always when these words are seen, none of which say so. */
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

/** How a client rejects a command that it did not send, or lost with its connection: not why there is none. */
const LOST = /^(The client is (offline|closed)|Disconnects client|Socket closed unexpectedly|The command was aborted)$/;

/** The rejection of a command, with the reason why there is no connection where that is all that is wrong. */
export function withReason(rejection: unknown, fault: unknown): unknown {
  const { message } = Object(rejection) as Reported;
  if (fault === undefined || typeof message !== 'string' || !LOST.test(message)) return rejection;
  return new Error(`Redis cannot be reached: ${reasonOf(fault)}`, { cause: fault });
}
