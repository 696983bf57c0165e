import { isObject } from '../protocol/json-rpc.js';
import type { ClaimedParts } from './claims.js';
import { type Claims, idText, signOfUser, userIdBeside } from './subject.js';

/** Members that identify a user, the most stable first. */
const IDS = [
  ...['sub', 'subject', 'userId', 'user_id', 'userID', 'uid', 'oid', 'id', '_id', 'nameID', 'username', 'email'],
  // Of express-basic-auth. As an object it is a record of its own.
  'user',
] as const;

/** Members of a record that are records about the same caller. */
const NESTED = [
  ...['payload', 'extra', 'claims', 'sessionClaims', 'tokenClaims', 'user', 'userInfo', 'userinfo', 'profile', '_json'],
  ...['account', 'identity', 'principal', 'person'],
] as const;

const MAX_DEPTH = 3;

/**
 * The records about a caller in what middleware left, the outermost first: the `payload` beside the header of a JWT
 * (express-oauth2-jwt-bearer), the `extra` of the official SDK's `AuthInfo`, and what is nested in them.
 */
export function recordsIn(left: Claims): readonly Claims[] {
  const records: Claims[] = [];
  const add = (record: Claims, depth: number): void => {
    records.push(record);
    // A principal says itself who it is, and what it has in `extra` is about something else.
    if (depth === MAX_DEPTH || isText(record['subject'])) return;
    for (const name of NESTED) {
      const nested = record[name];
      if (isObject(nested) && !records.includes(nested)) add(nested, depth + 1);
    }
  };
  add(left, 0);
  return records;
}

export type Identity =
  | { readonly subject: string; readonly provider: string | undefined }
  /** Which member names no subject, or shows that one is missing; `undefined` when there is none at all. */
  | { readonly subject: undefined; readonly missing: string | undefined };

export interface LeftRecords {
  /** About the caller. The first is what middleware left, the others are nested in it. */
  readonly records: readonly Claims[];
  /** Further records, which name the user where the first name the client alone. */
  readonly users: readonly Claims[];
}

/** Who the records are about: a user by an id, or the client where no user is involved. */
export function identityIn(left: LeftRecords, { clientId, scopes }: ClaimedParts): Identity {
  const records = [...inOrderOfTrust(left.records), ...left.users];
  for (const record of records) {
    const name = IDS.find((each) => isPresent(record[each]) && !(each === 'user' && isObject(record[each])));
    if (name === undefined) continue;
    const subject = idText(record[name]);
    // What is there and no id is not replaced by something weaker.
    if (subject === undefined) return { subject: undefined, missing: `${name} is neither a text nor an exact number` };
    if (subject === clientId) return besideClient(clientId, records, left.users);
    return { subject, provider: isText(record['provider']) ? record['provider'] : undefined };
  }
  if (clientId === undefined) return { subject: undefined, missing: undefined };
  const sign = records.map((record) => signOfUser(record, clientId, scopes)).find(isText);
  if (sign !== undefined) return { subject: undefined, missing: missingBeside(sign) };
  return { subject: clientId, provider: undefined };
}

/** A record has the client for its subject: as it is, unless another one names the user, or shows that there is one. */
function besideClient(clientId: string, records: readonly Claims[], users: readonly Claims[]): Identity {
  const ids = users.flatMap((user) => IDS.map((name) => idText(user[name])));
  const user = ids.find((id) => id !== undefined && id !== clientId);
  if (user !== undefined) return { subject: user, provider: undefined };
  const other = records.map((each) => userIdBeside(each, clientId)).find(isText);
  if (other !== undefined) return { subject: undefined, missing: missingBeside(other) };
  return { subject: clientId, provider: undefined };
}

function missingBeside(sign: string): string {
  return `${sign} shows that a user is involved, and no sub, userId or id says which one`;
}

/** `id` of an `AuthInfo` may be that of the token, so what is nested in `extra` goes before what is not a `sub`. */
function inOrderOfTrust(records: readonly Claims[]): readonly Claims[] {
  const [left, ...nested] = records;
  if (left === undefined || isPresent(left['sub']) || isPresent(left['subject']) || !isObject(left['extra']))
    return records;
  return [...nested, left];
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
