import { isObject } from '../protocol/json-rpc.js';

/** A record of claims: of a JWT, of an introspection answer, or as middleware left them on the request. */
export type Claims = Readonly<Record<string, unknown>>;

/**
 * The text of an id: a text, a whole number, or the object that a database driver makes of it, such as MongoDB's
 * `ObjectId`.
 *
 * @returns `undefined` for everything else. That includes numbers beyond 2^53: JSON parsers round them, so that two people
 *   could have the same one.
 */
export function idText(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value;
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) return String(value);
  return isObject(value) && typeof value['toHexString'] === 'function' ? String(value) : undefined;
}

/** Claims of a sign-in, whose names have no word that means a person (OpenID Connect; RFC 9068, section 2.2.1). */
const OF_A_SIGN_IN: ReadonlySet<string> = new Set(['sid', 'session_state', 'auth_time', 'acr', 'amr']);

/** Words that only a user is described with, wherever they stand in the name of a member. */
const USER_WORD =
  /^(?:sub|subject|[pu]uid|uid|oid|upn|nameid\w*|user\w*|person\w*|people|human\w*|member\w*|employee\w*|customer\w*|login\w*|principal\w*|act|actor\w*|delegat\w*|impersonat\w*|obo|subscriber|enduser\w*|staff|student\w*|citizen\w*|patient\w*|player\w*|visitor\w*|participant\w*|objectid\w*)$/;

/** Words that describe a user, unless the name begins with what has a name too: `client_name`, `tenantName`. */
const SHARED_WORD = /^(?:\w*name|\w*mail|mail\w*|email\w*|phone\w*|mobile|owner|account\w*|profile|identity)$/;
const OF_A_THING =
  /^(?:client|app|application|software|service|server|host|issuer|realm|token|scope|resource|organi[sz]ation|org|tenant|company|workspace|team|project|group|role|domain)/;

/** Scopes that exist only where a user signed in (OpenID Connect Core, sections 3.1.2.1 and 11). */
const SCOPES_OF_A_SIGN_IN: readonly string[] = ['openid', 'offline_access'];

const CLIENT_CREDENTIALS = /^client[-_]credentials$/;

/**
 * Why a client must not be taken for the subject: the first sign that a resource owner is involved. The client is the
 * subject only where none is (RFC 9068, section 2.2), and most answers do not name the grant. So every member that
 * describes a user counts, unless its value is that of the client itself.
 *
 * @returns the name of the member, or `undefined` when the client acts for itself.
 */
export function signOfUser(claims: Claims, clientId: string, scopes: readonly string[] = []): string | undefined {
  if (isOfClientCredentials(claims)) return undefined;
  for (const [name, value] of Object.entries(claims)) {
    if (isEmpty(value) || idText(value) === clientId) continue;
    if (OF_A_SIGN_IN.has(name) || isPersonal(name)) return name;
    const within = signWithin(value, clientId, [name]);
    if (within !== undefined) return within;
  }
  return SCOPES_OF_A_SIGN_IN.some((scope) => scopes.includes(scope)) ? 'scope' : undefined;
}

/** Records within records that are looked at, and the members of each. */
const MAX_DEPTH = 4;
const MAX_MEMBERS = 100;

/**
 * The first sign within what a record holds, such as `session.userId`, `data.user.id` or `ext.username`. Only ids and other
 * plain values are signs there: what holds others may be named after a role or another client.
 */
function signWithin(value: unknown, clientId: string, path: readonly string[]): string | undefined {
  if (path.length > MAX_DEPTH || typeof value !== 'object' || value === null) return undefined;
  const members = value instanceof Map ? [...value] : Object.entries(value);
  for (const [key, member] of members.slice(0, MAX_MEMBERS)) {
    const names = Array.isArray(value) ? path : [...path, String(key)];
    const id = idText(member);
    const isSign = id !== undefined && id !== clientId && !Array.isArray(value) && names.slice(-2).some(hasUserWord);
    const sign = isSign ? names.join('.') : signWithin(member, clientId, names);
    if (sign !== undefined) return sign;
  }
  return undefined;
}

/** Members that identify a user by another name than `sub`. */
const USER_IDS: readonly string[] = [
  ...['username', 'user_id', 'userId', 'userID', 'uid', 'oid', 'upn', 'preferred_username'],
];

/**
 * Why a subject that is the client must not be taken: some issuers put the client there for everyone, and name the user by
 * another id.
 *
 * @returns the name of the member, or `undefined` when there is none.
 */
export function userIdBeside(claims: Claims, clientId: string): string | undefined {
  if (isOfClientCredentials(claims)) return undefined;
  return USER_IDS.find((name) => !isEmpty(claims[name]) && idText(claims[name]) !== clientId);
}

function isOfClientCredentials(claims: Claims): boolean {
  return [claims['gty'], claims['grant_type']].some((grant) => CLIENT_CREDENTIALS.test(String(grant)));
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || value === false || typeof value === 'function';
}

/** `preferred_username`, `employeeNumber`, `cognito:username`, `https://example.com/user_id`. */
function isPersonal(name: string): boolean {
  if (hasUserWord(name)) return true;
  const words = wordsOf(name);
  return !OF_A_THING.test(words[0] ?? '') && words.some((word) => SHARED_WORD.test(word));
}

/** Two words for a user: the resource owner of OAuth (RFC 6749, section 1.1), and ids at the services people sign in with. */
const USER_WORDS =
  /\b(?:resource owner|on behalf of|(?:apple|author|contact|discord|facebook|github|gitlab|google|guest|linkedin|microsoft|object|slack|social|twitter) id)\b/;

function hasUserWord(name: string): boolean {
  const words = wordsOf(name);
  return words.some((word) => USER_WORD.test(word)) || USER_WORDS.test(words.join(' '));
}

function wordsOf(name: string): readonly string[] {
  const own = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf(':'), name.lastIndexOf('#')) + 1);
  return own
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}
