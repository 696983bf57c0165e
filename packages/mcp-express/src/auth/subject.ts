import { isObject } from '../protocol/json-rpc.js';

/** Claims of a JWT, of an introspection response, or of data that middleware set on the request. */
export type Claims = Readonly<Record<string, unknown>>;

/**
 * An id as text: a string, a whole number, or the object of a database driver, such as MongoDB's `ObjectId`.
 *
 * @returns `undefined` for everything else, including numbers beyond 2^53: JSON parsers round them, so that two users could
 *   share one.
 */
export function idText(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value;
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) return String(value);
  return isObject(value) && typeof value['toHexString'] === 'function' ? String(value) : undefined;
}

/** Claims about a login; their names contain no word for a person (OpenID Connect; RFC 9068, section 2.2.1). */
const LOGIN_CLAIMS: ReadonlySet<string> = new Set(['sid', 'session_state', 'auth_time', 'acr', 'amr']);

/** Words that describe only users, anywhere in the name of a member. */
const USER_WORD =
  /^(?:sub|subject|[pu]uid|uid|oid|upn|nameid\w*|user\w*|person\w*|people|human\w*|member\w*|employee\w*|customer\w*|login\w*|principal\w*|act|actor\w*|delegat\w*|impersonat\w*|obo|subscriber|enduser\w*|staff|student\w*|citizen\w*|patient\w*|player\w*|visitor\w*|participant\w*|objectid\w*)$/;

/** Words that describe a user, unless the name starts with a thing that has a name too: `client_name`, `tenantName`. */
const SHARED_WORD = /^(?:\w*name|\w*mail|mail\w*|email\w*|phone\w*|mobile|owner|account\w*|profile|identity)$/;
const THING_PREFIX =
  /^(?:client|app|application|software|service|server|host|issuer|realm|token|scope|resource|organi[sz]ation|org|tenant|company|workspace|team|project|group|role|domain)/;

/** Scopes that exist only after a user's login (OpenID Connect Core, sections 3.1.2.1 and 11). */
const LOGIN_SCOPES: readonly string[] = ['openid', 'offline_access'];

const CLIENT_CREDENTIALS = /^client[-_]credentials$/;

/**
 * Finds a sign that a resource owner is involved, so that the client must not be used as the subject. The client is the
 * subject only if no user is involved (RFC 9068, section 2.2), and most tokens do not name the grant. Therefore every
 * member that describes a user counts, unless its value is the id of the client.
 *
 * @returns the name of the member, or `undefined` if the client acts for itself.
 */
export function findUserClaim(claims: Claims, clientId: string, scopes: readonly string[] = []): string | undefined {
  if (isOfClientCredentials(claims)) return undefined;
  for (const [name, value] of Object.entries(claims)) {
    if (isEmpty(value) || idText(value) === clientId) continue;
    if (LOGIN_CLAIMS.has(name) || isPersonal(name)) return name;
    const within = findNestedUserClaim(value, clientId, [name]);
    if (within !== undefined) return within;
  }
  return LOGIN_SCOPES.some((scope) => scopes.includes(scope)) ? 'scope' : undefined;
}

/** The depth of nested records that is searched, and the number of members of each. */
const MAX_DEPTH = 4;
const MAX_MEMBERS = 100;

/**
 * Finds a sign within a nested record, such as `session.userId`, `data.user.id` or `ext.username`. Only ids and other plain
 * values count there: the name of a container may be that of a role or of another client.
 */
function findNestedUserClaim(value: unknown, clientId: string, path: readonly string[]): string | undefined {
  if (path.length > MAX_DEPTH || typeof value !== 'object' || value === null) return undefined;
  const members = value instanceof Map ? [...value] : Object.entries(value);
  for (const [key, member] of members.slice(0, MAX_MEMBERS)) {
    const names = Array.isArray(value) ? path : [...path, String(key)];
    const id = idText(member);
    const isSign = id !== undefined && id !== clientId && !Array.isArray(value) && names.slice(-2).some(hasUserWord);
    const sign = isSign ? names.join('.') : findNestedUserClaim(member, clientId, names);
    if (sign !== undefined) return sign;
  }
  return undefined;
}

/** Members that identify a user under a name other than `sub`. */
const USER_IDS: readonly string[] = [
  ...['username', 'user_id', 'userId', 'userID', 'uid', 'oid', 'upn', 'preferred_username'],
];

/**
 * Finds another user id beside a subject that equals the client: some issuers put the client into `sub` for every user and
 * identify the user by another member.
 *
 * @returns the name of the member, or `undefined` if there is none.
 */
export function findOtherUserId(claims: Claims, clientId: string): string | undefined {
  if (isOfClientCredentials(claims)) return undefined;
  return USER_IDS.find((name) => !isEmpty(claims[name]) && idText(claims[name]) !== clientId);
}

function isOfClientCredentials(claims: Claims): boolean {
  return [claims['gty'], claims['grant_type']].some((grant) => CLIENT_CREDENTIALS.test(String(grant)));
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || value === false || typeof value === 'function';
}

/** True for names such as `preferred_username`, `employeeNumber`, `cognito:username`, `https://example.com/user_id`. */
function isPersonal(name: string): boolean {
  if (hasUserWord(name)) return true;
  const words = wordsOf(name);
  return !THING_PREFIX.test(words[0] ?? '') && words.some((word) => SHARED_WORD.test(word));
}

/** Phrases for a user: the resource owner of OAuth (RFC 6749, section 1.1), and ids at social login services. */
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
