import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import { McpError } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';
import { BackOff } from './back-off.js';
import { type FetchLimits, fetchJson } from './fetch-json.js';

export interface RemoteKeysOptions extends FetchLimits {
  /** Says where the keys are. */
  readonly locate: () => Promise<string>;
  /** Milliseconds for which an unknown key does not cause another look at the set. */
  readonly cooldownMs: number;
  /** Milliseconds after which the set is read again, so that withdrawn keys end. */
  readonly cacheMs: number;
  readonly now: () => number;
}

type RemoteSet = ReturnType<typeof createRemoteJWKSet>;

/**
 * The keys of an authorization server: kept, read again when a token names one that is not known (rotation), and not asked
 * for too often, whatever tokens name and however the server fails.
 */
export class RemoteKeys {
  readonly #backOff: BackOff;
  #keys: Promise<RemoteSet> | undefined;

  constructor(private readonly options: RemoteKeysOptions) {
    this.#backOff = new BackOff(options.now);
  }

  /** @throws McpError `store-unavailable` when the keys cannot be read; an error of jose when the token is at fault. */
  readonly get: JWTVerifyGetKey = async (header, token) => {
    try {
      return await this.#find(header, token);
    } catch (thrown) {
      if (isOfTheToken(thrown)) throw thrown;
      throw new McpError('store-unavailable', 'The keys of the authorization server cannot be read', { cause: thrown });
    }
  };

  async #find(...asked: Parameters<JWTVerifyGetKey>): Promise<Awaited<ReturnType<JWTVerifyGetKey>>> {
    const keys = await this.#located();
    try {
      return await keys(...asked);
    } catch (thrown) {
      // The server may have moved its keys: ask again where they are. Those that are known stay good for their time,
      // or one token with an unknown key could end everybody's.
      if (!isOfTheToken(thrown) && !keys.fresh) this.#keys = undefined;
      throw thrown;
    }
  }

  /** One look at the metadata for all who wait for it; the next begins anew after a failure. */
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
      if (!sound) throw new Error(`The key set was answered with status ${status}, or is none`);
      return Response.json(json);
    });
  }
}

/** The token names a key that does not exist, too few details to tell two apart, or an algorithm that no key has. */
export function isOfTheToken(thrown: unknown): boolean {
  return (
    thrown instanceof errors.JWKSNoMatchingKey ||
    thrown instanceof errors.JWKSMultipleMatchingKeys ||
    thrown instanceof errors.JOSENotSupported
  );
}
