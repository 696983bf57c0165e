/** The source of the data and the credentials for it. */
import { readUserTokens, TokensFileError, type UserToken } from '../tokens/user-tokens.js';
import { ConfigError, type Environment, invalidValue, text } from './values.js';

/** Float itself. */
export interface FloatSource {
  readonly kind: 'float';
  /** Key for callers without a token of their own. Undefined rejects them. */
  readonly apiKey: string | undefined;
  /** Tokens of individual callers. */
  readonly tokens: readonly UserToken[];
  readonly apiUrl: string;
  readonly userAgent: string;
}

/** The embedded sandbox. */
export interface SandboxSource {
  readonly kind: 'sandbox';
  /** Path of a file, or `:memory:`. */
  readonly database: string;
}

/** Float, or the sandbox within this process. */
export type Source = FloatSource | SandboxSource;

const DEFAULT_API_URL = 'https://api.float.com/v3';
const APPLICATION = 'mcp-express float-server/0.1.0';

/** Reads the source. @throws ConfigError */
export function sourceOf(env: Environment): Source {
  const file = text(env, 'FLOAT_TOKENS_FILE');
  const apiKey = apiKeyOf(env, file);
  const apiUrl = text(env, 'FLOAT_API_URL');
  const database = text(env, 'SANDBOX_DATABASE');
  if (apiKey === undefined && file === undefined) {
    // A configured URL implies the real service; answers with invented data would mislead.
    if (apiUrl !== undefined)
      throw invalidValue('FLOAT_API_URL', apiUrl, 'used together with FLOAT_API_KEY, which is not set');
    return { kind: 'sandbox', database: database ?? ':memory:' };
  }
  if (database !== undefined) {
    const named = file === undefined ? 'FLOAT_API_KEY' : 'FLOAT_TOKENS_FILE';
    throw invalidValue('SANDBOX_DATABASE', database, `unset when ${named} is set`);
  }
  const tokens = file === undefined ? [] : tokensIn(file);
  return { kind: 'float', apiKey, tokens, apiUrl: checkedUrl(apiUrl ?? DEFAULT_API_URL), userAgent: userAgentOf(env) };
}

/** The shared key. If callers have tokens of their own, sharing it with others must be configured explicitly. */
function apiKeyOf(env: Environment, file: string | undefined): string | undefined {
  const apiKey = text(env, 'FLOAT_API_KEY');
  // The message does not quote the value, which may be a key with a line break.
  if (apiKey !== undefined && !/^[\x21-\x7e]+$/.test(apiKey))
    throw new ConfigError('FLOAT_API_KEY must be visible characters without spaces');
  const others = text(env, 'FLOAT_WITHOUT_TOKEN');
  if (file === undefined) {
    if (others !== undefined) throw invalidValue('FLOAT_WITHOUT_TOKEN', others, 'used together with FLOAT_TOKENS_FILE');
    return apiKey;
  }
  if (others !== undefined && others !== 'shared' && others !== 'refuse')
    throw invalidValue('FLOAT_WITHOUT_TOKEN', others, 'shared or refuse');
  if (others === 'shared' && apiKey === undefined)
    throw invalidValue('FLOAT_WITHOUT_TOKEN', others, 'used together with FLOAT_API_KEY, the token that callers share');
  if (others !== 'shared' && apiKey !== undefined)
    throw new ConfigError(
      'FLOAT_API_KEY is for callers without a token in FLOAT_TOKENS_FILE: set FLOAT_WITHOUT_TOKEN=shared',
    );
  return apiKey;
}

function tokensIn(file: string): readonly UserToken[] {
  try {
    return readUserTokens(file);
  } catch (error) {
    if (error instanceof TokensFileError) throw new ConfigError(`FLOAT_TOKENS_FILE ${file} ${error.message}`);
    throw error;
  }
}

/** Requires https, because the key is sent to this URL; http is allowed for this machine only. */
function checkedUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const local = parsed?.protocol === 'http:' && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(parsed.hostname);
  if (parsed?.protocol === 'https:' || local) return url.replace(/\/+$/, '');
  throw invalidValue('FLOAT_API_URL', url, `an https URL such as ${DEFAULT_API_URL}; http is for this machine only`);
}

/** Float requires the application's name with a contact address in parentheses. */
function userAgentOf(env: Environment): string {
  const email = text(env, 'FLOAT_CONTACT_EMAIL');
  const agent = text(env, 'FLOAT_USER_AGENT') ?? (email === undefined ? APPLICATION : `${APPLICATION} (${email})`);
  if (/^[\x20-\x7e]+$/.test(agent)) return agent;
  throw invalidValue('FLOAT_USER_AGENT', agent, 'plain ASCII text such as "Acme planner (ops@acme.com)"');
}
