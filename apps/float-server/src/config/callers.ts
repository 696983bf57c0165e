/** Maps callers to persons of Float, so that "me" in an argument can be resolved. */
import type { Principal } from 'mcp-express';
import { type Environment, invalidValue, text } from './values.js';

/** The Float persons of callers. */
export interface People {
  /** E-mail address or Float id, by the subject of a token or the name of an API key. */
  readonly bySubject: ReadonlyMap<string, string>;
  /** The person of callers who are not authenticated. */
  readonly anonymous: string | undefined;
}

/**
 * Reads `FLOAT_PEOPLE`: `subject=person` entries, or one `person` for a server without authentication.
 *
 * @throws ConfigError
 */
export function peopleOf(env: Environment): People {
  const given = text(env, 'FLOAT_PEOPLE');
  const bySubject = new Map<string, string>();
  let anonymous: string | undefined;
  for (const entry of given?.split(/\s*,\s*/) ?? []) {
    // A subject may contain "="; an e-mail address or a Float id does not.
    const { subject, person } = /^(?:(?<subject>.+)=)?(?<person>\d+|[^\s=@]+@[^\s=@]+)$/.exec(entry)?.groups ?? {};
    const isTwice = subject === undefined ? anonymous !== undefined : bySubject.has(subject);
    if (person === undefined || isTwice) {
      throw invalidValue(
        'FLOAT_PEOPLE',
        given ?? '',
        'subject=e-mail or subject=id, separated by commas, each subject once',
      );
    }
    if (subject === undefined) anonymous = person;
    else bySubject.set(subject, person);
  }
  return { bySubject, anonymous };
}

/**
 * E-mail address or Float id of a caller: as configured, otherwise the `email` claim unless marked as unverified,
 * otherwise a subject that is an e-mail address.
 */
export function callerOf({ bySubject, anonymous }: People, principal: Principal | undefined): string | undefined {
  if (principal === undefined) return anonymous;
  const { subject, extra = {} } = principal;
  const { email, email_verified: isVerified } = extra;
  if (bySubject.has(subject)) return bySubject.get(subject);
  if (typeof email === 'string' && email !== '' && isVerified !== false && isVerified !== 'false') return email;
  return subject.includes('@') ? subject : undefined;
}
