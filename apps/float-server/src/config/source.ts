/** Where the data comes from, and with whose rights. */
import { readUserTokens, TokensFileError, type UserToken } from '../tokens/user-tokens.js';
import { ConfigError, type Environment, text, wrong } from './values.js';

export interface FloatSource {
  readonly kind: 'float';
  /** For whoever has no token of their own; absent: they are refused. */
  readonly apiKey: string | undefined;
  /** Who has a token of their own. */
  readonly tokens: readonly UserToken[];
  readonly apiUrl: string;
  readonly userAgent: string;
}

export interface SandboxSource {
  readonly kind: 'sandbox';
  /** A file, or `:memory:`. */
  readonly database: string;
}

/** The real service, or the sandbox in this process. */
export type Source = FloatSource | SandboxSource;

const DEFAULT_API_URL = 'https://api.float.com/v3';
const APPLICATION = 'mcp-express float-server/0.1.0';

/** @throws ConfigError */
export function sourceOf(env: Environment): Source {
  const file = text(env, 'FLOAT_TOKENS_FILE');
  const apiKey = apiKeyOf(env, file);
  const apiUrl = text(env, 'FLOAT_API_URL');
  const database = text(env, 'SANDBOX_DATABASE');
  if (apiKey === undefined && file === undefined) {
    // Somebody who names an address means the real service; answering from invented data would mislead.
    if (apiUrl !== undefined)
      throw wrong('FLOAT_API_URL', apiUrl, 'used together with FLOAT_API_KEY, which is not set');
    return { kind: 'sandbox', database: database ?? ':memory:' };
  }
  if (database !== undefined) {
    const named = file === undefined ? 'FLOAT_API_KEY' : 'FLOAT_TOKENS_FILE';
    throw wrong('SANDBOX_DATABASE', database, `unset when ${named} is set`);
  }
  const tokens = file === undefined ? [] : tokensIn(file);
  return { kind: 'float', apiKey, tokens, apiUrl: checkedUrl(apiUrl ?? DEFAULT_API_URL), userAgent: userAgentOf(env) };
}

/** The shared key. Where people have tokens of their own, that others may use it as well has to be said. */
function apiKeyOf(env: Environment, file: string | undefined): string | undefined {
  const apiKey = text(env, 'FLOAT_API_KEY');
  // The value stays out of the message: it may be a key with a line break in it.
  if (apiKey !== undefined && !/^[\x21-\x7e]+$/.test(apiKey))
    throw new ConfigError('FLOAT_API_KEY must be visible characters without spaces');
  const others = text(env, 'FLOAT_WITHOUT_TOKEN');
  if (file === undefined) {
    if (others !== undefined) throw wrong('FLOAT_WITHOUT_TOKEN', others, 'used together with FLOAT_TOKENS_FILE');
    return apiKey;
  }
  if (others !== undefined && others !== 'shared' && others !== 'refuse')
    throw wrong('FLOAT_WITHOUT_TOKEN', others, 'shared or refuse');
  if (others === 'shared' && apiKey === undefined)
    throw wrong('FLOAT_WITHOUT_TOKEN', others, 'used together with FLOAT_API_KEY, which is what is shared');
  if (others !== 'shared' && apiKey !== undefined)
    throw new ConfigError(
      'FLOAT_API_KEY is for whoever has no token in FLOAT_TOKENS_FILE: set FLOAT_WITHOUT_TOKEN=shared',
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

/** The key travels to this address, so it has to be encrypted, except to a sandbox on this machine. */
function checkedUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const local = parsed?.protocol === 'http:' && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(parsed.hostname);
  if (parsed?.protocol === 'https:' || local) return url.replace(/\/+$/, '');
  throw wrong('FLOAT_API_URL', url, `an https URL such as ${DEFAULT_API_URL}; http is for this machine only`);
}

/** Float asks for the application's name with a contact address in parentheses. */
function userAgentOf(env: Environment): string {
  const email = text(env, 'FLOAT_CONTACT_EMAIL');
  const agent = text(env, 'FLOAT_USER_AGENT') ?? (email === undefined ? APPLICATION : `${APPLICATION} (${email})`);
  if (/^[\x20-\x7e]+$/.test(agent)) return agent;
  throw wrong('FLOAT_USER_AGENT', agent, 'plain ASCII text such as "Acme planner (ops@acme.com)"');
}
