import { isObject } from '../protocol/json-rpc.js';
import type { PrincipalClaims } from './claims.js';
import { type Claims, findOtherUserId, findUserClaim, idText } from './subject.js';

/** Members that identify a user, the most stable first. */
const IDS = [
  ...['sub', 'subject', 'userId', 'user_id', 'userID', 'uid', 'oid', 'id', '_id', 'nameID', 'username', 'email'],
  // As set by express-basic-auth. If it is an object, it is a nested record.
  'user',
] as const;

/** Members that are nested records about the same caller. */
const NESTED = [
  ...['payload', 'extra', 'claims', 'sessionClaims', 'tokenClaims', 'user', 'userInfo', 'userinfo', 'profile', '_json'],
  ...['account', 'identity', 'principal', 'person'],
] as const;

const MAX_DEPTH = 3;

/**
 * The records about a caller in the data of earlier middleware, the outermost first: the `payload` beside the header of a
 * JWT (express-oauth2-jwt-bearer), the `extra` of the official SDK's `AuthInfo`, and records nested in them.
 */
export function recordsIn(given: Claims): readonly Claims[] {
  const records: Claims[] = [];
  const add = (record: Claims, depth: number): void => {
    records.push(record);
    // A `Principal` names its own subject; its `extra` describes something else.
    if (depth === MAX_DEPTH || isText(record['subject'])) return;
    for (const name of NESTED) {
      const nested = record[name];
      if (isObject(nested) && !records.includes(nested)) add(nested, depth + 1);
    }
  };
  add(given, 0);
  return records;
}

/** The identity in records: a subject, or the reason for its absence. */
export type Identity =
  | { readonly subject: string; readonly provider: string | undefined }
  /** The member that contains no valid id, or that shows that a user's id is missing; `undefined` without any such member. */
  | { readonly subject: undefined; readonly missing: string | undefined };

/** The data of earlier middleware about one caller. */
export interface IdentityRecords {
  /** Records about the caller: the data itself first, then its nested records. */
  readonly records: readonly Claims[];
  /** Further records, which identify the user if `records` identify only the client. */
  readonly users: readonly Claims[];
}

/** Determines the subject of the records: a user by an id, or the client if no user is involved. */
export function identityIn(given: IdentityRecords, { clientId, scopes }: PrincipalClaims): Identity {
  const records = [...inOrderOfTrust(given.records), ...given.users];
  for (const record of records) {
    const name = IDS.find((each) => isPresent(record[each]) && !(each === 'user' && isObject(record[each])));
    if (name === undefined) continue;
    const subject = idText(record[name]);
    // An invalid id is not replaced by a weaker one.
    if (subject === undefined) return { subject: undefined, missing: `${name} is neither a text nor an exact number` };
    if (subject === clientId) return clientOrUser(clientId, records, given.users);
    return { subject, provider: isText(record['provider']) ? record['provider'] : undefined };
  }
  if (clientId === undefined) return { subject: undefined, missing: undefined };
  const sign = records.map((record) => findUserClaim(record, clientId, scopes)).find(isText);
  if (sign !== undefined) return { subject: undefined, missing: missingBeside(sign) };
  return { subject: clientId, provider: undefined };
}

/**
 * The identity when a record has the client as its subject: the client, unless another record identifies a user or shows
 * that one is involved.
 */
function clientOrUser(clientId: string, records: readonly Claims[], users: readonly Claims[]): Identity {
  const ids = users.flatMap((user) => IDS.map((name) => idText(user[name])));
  const user = ids.find((id) => id !== undefined && id !== clientId);
  if (user !== undefined) return { subject: user, provider: undefined };
  const other = records.map((each) => findOtherUserId(each, clientId)).find(isText);
  if (other !== undefined) return { subject: undefined, missing: missingBeside(other) };
  return { subject: clientId, provider: undefined };
}

function missingBeside(sign: string): string {
  return `${sign} shows that a user is involved, and no sub, userId or id says which one`;
}

/** The `id` of an `AuthInfo` may be that of the token, so records nested in `extra` precede it, unless it has a `sub`. */
function inOrderOfTrust(records: readonly Claims[]): readonly Claims[] {
  const [given, ...nested] = records;
  if (given === undefined || isPresent(given['sub']) || isPresent(given['subject']) || !isObject(given['extra']))
    return records;
  return [...nested, given];
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
