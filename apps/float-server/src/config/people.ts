/** Which person of Float a caller is, so that "me" in an argument can be resolved. */
import type { Principal } from 'mcp-express';
import { type Environment, text, wrong } from './values.js';

export interface People {
  /** E-mail address or id in Float by the subject of the caller's token or the name of the key. */
  readonly bySubject: ReadonlyMap<string, string>;
  /** The person who uses a server on which callers do not sign in. */
  readonly anonymous: string | undefined;
}

/** `FLOAT_PEOPLE`: `subject=person` for those who sign in, one `person` alone for a server without sign-in. @throws ConfigError */
export function peopleOf(env: Environment): People {
  const given = text(env, 'FLOAT_PEOPLE');
  const bySubject = new Map<string, string>();
  let anonymous: string | undefined;
  for (const entry of given?.split(/\s*,\s*/) ?? []) {
    // A subject may have "=" in it, an e-mail address or an id of Float has none.
    const { subject, person } = /^(?:(?<subject>.+)=)?(?<person>\d+|[^\s=@]+@[^\s=@]+)$/.exec(entry)?.groups ?? {};
    const isTwice = subject === undefined ? anonymous !== undefined : bySubject.has(subject);
    if (person === undefined || isTwice) {
      throw wrong('FLOAT_PEOPLE', given ?? '', 'subject=e-mail or subject=id, separated by commas, each subject once');
    }
    if (subject === undefined) anonymous = person;
    else bySubject.set(subject, person);
  }
  return { bySubject, anonymous };
}

/** E-mail address or id of the caller: as configured, else the `email` claim unless it is marked as not verified, else a subject that is an address. */
export function callerOf({ bySubject, anonymous }: People, principal: Principal | undefined): string | undefined {
  if (principal === undefined) return anonymous;
  const { subject, extra = {} } = principal;
  const { email, email_verified: isVerified } = extra;
  if (bySubject.has(subject)) return bySubject.get(subject);
  if (typeof email === 'string' && email !== '' && isVerified !== false && isVerified !== 'false') return email;
  return subject.includes('@') ? subject : undefined;
}
