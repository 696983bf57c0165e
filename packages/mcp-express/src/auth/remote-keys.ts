import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import { McpError } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';
import { BackOff } from './back-off.js';
import { type FetchLimits, fetchJson } from './fetch-json.js';

/** Options of `RemoteKeys`. */
export interface RemoteKeysOptions extends FetchLimits {
  /** Finds the URL of the keys. */
  readonly locate: () => Promise<string>;
  /** Milliseconds after reading the keys during which an unknown key does not cause another read. */
  readonly cooldownMs: number;
  /** Milliseconds after which the keys are read again, so that withdrawn keys expire. */
  readonly cacheMs: number;
  /** The current time in milliseconds since 1970. */
  readonly now: () => number;
}

type RemoteSet = ReturnType<typeof createRemoteJWKSet>;

/**
 * The keys of an authorization server. They are cached and read again when a token names an unknown key (rotation); the
 * rate of requests is limited, regardless of the tokens received and of how the server fails.
 */
export class RemoteKeys {
  readonly #backOff: BackOff;
  #keys: Promise<RemoteSet> | undefined;

  constructor(private readonly options: RemoteKeysOptions) {
    this.#backOff = new BackOff(options.now);
  }

  /** @throws McpError `store-unavailable` if the keys cannot be read; an error of jose if the token is invalid. */
  readonly get: JWTVerifyGetKey = async (header, token) => {
    try {
      return await this.#find(header, token);
    } catch (thrown) {
      if (isTokenError(thrown)) throw thrown;
      throw new McpError('store-unavailable', 'The keys of the authorization server cannot be read', { cause: thrown });
    }
  };

  async #find(...asked: Parameters<JWTVerifyGetKey>): Promise<Awaited<ReturnType<JWTVerifyGetKey>>> {
    const keys = await this.#located();
    try {
      return await keys(...asked);
    } catch (thrown) {
      // The server may have moved its keys, so the metadata is read again. Known keys remain valid until they expire,
      // because otherwise one token with an unknown key could invalidate all others.
      if (!isTokenError(thrown) && !keys.fresh) this.#keys = undefined;
      throw thrown;
    }
  }

  /** Concurrent callers share one search for the URL; after a failure the next caller starts a new one. */
  #located(): Promise<RemoteSet> {
    this.#keys ??= this.#backOff
      .run(() => this.options.locate(), false)
      .then((uri) => this.#keysAt(uri))
      .catch((thrown) => {
        this.#keys = undefined;
        throw thrown;
      });
    return this.#keys;
  }

  #keysAt(uri: string): RemoteSet {
    const { timeoutMs, cooldownMs, cacheMs } = this.options;
    return createRemoteJWKSet(new URL(uri), {
      timeoutDuration: timeoutMs,
      cooldownDuration: cooldownMs,
      cacheMaxAge: cacheMs,
      [customFetch]: (url, { method, headers }) => this.#read(url, { method, headers }),
    });
  }

  #read(url: string, init: RequestInit): Promise<Response> {
    return this.#backOff.run(async () => {
      const { status, json } = await fetchJson(url, init, this.options);
      const sound = status === 200 && isObject(json) && Array.isArray(json['keys']);
      if (!sound) throw new Error(`The response for the key set has status ${status}, or is no key set`);
      return Response.json(json);
    });
  }
}

/** True if the token names an unknown key, fits several keys, or uses an unsupported algorithm. */
export function isTokenError(thrown: unknown): boolean {
  return (
    thrown instanceof errors.JWKSNoMatchingKey ||
    thrown instanceof errors.JWKSMultipleMatchingKeys ||
    thrown instanceof errors.JOSENotSupported
  );
}
