import { isObject, type Params } from '../protocol/json-rpc.js';
import type { Implementation } from '../protocol/mcp.js';
import { META } from '../protocol/meta.js';
import { type CacheHints, NO_CACHE, type ResultWriter } from '../request/result-writer.js';

/**
 * Writes results of 2026-07-28, which name their type, their cache hints and the server. The part that is the same for
 * all results is serialised once.
 */
export class StatelessResults implements ResultWriter {
  readonly structured = 'any';
  #server: Readonly<Record<string, unknown>> | undefined;
  #tail: string | undefined;

  /**
   * @param describe called at the first result: a hosted server is known only then
   * @param cacheable false writes results that must not be cached, because they depend on the responses of one caller (MCP
   * 2026-07-28, Caching, "Cache Key")
   */
  constructor(
    private readonly describe: () => Implementation,
    private readonly cacheable = true,
  ) {}

  write(result: Params, hints?: CacheHints): string {
    const kept = hints === undefined ? '' : hintsText(this.cacheable ? hints : NO_CACHE);
    if ('_meta' in result || 'resultType' in result) return this.#writeWithMeta(result, kept);
    const body = JSON.stringify(result);
    // The caller reports a result without a JSON form.
    if (body === undefined) return body;
    const members = body === '{}' ? '' : `,${body.slice(1, -1)}`;
    this.#tail ??= `,"_meta":${JSON.stringify(this.#meta)}}`;
    return `{"resultType":"complete"${members}${kept}${this.#tail}`;
  }

  rewrite(result: Params): string {
    const { _meta } = result;
    const meta = { ...this.#meta, ...(isObject(_meta) ? _meta : {}) };
    const hints = 'ttlMs' in result && !this.cacheable ? NO_CACHE : {};
    return JSON.stringify({ resultType: 'complete', ...result, ...hints, _meta: meta });
  }

  /** A result of another type than `complete`, which has no cache hints. */
  writeAs(resultType: string, result: Params): string {
    return JSON.stringify({ resultType, ...result, _meta: { ...this.#meta } });
  }

  /** Name and version only; `server/discover` returns the complete object. */
  get #meta(): Readonly<Record<string, unknown>> {
    if (this.#server === undefined) {
      const { name, version } = this.describe();
      this.#server = { [META.serverInfo]: { name, version } };
    }
    return this.#server;
  }

  #writeWithMeta({ _meta, resultType: _kind, ...rest }: Params, kept: string): string {
    const meta = { ...this.#meta, ...(isObject(_meta) ? _meta : {}) };
    const body = JSON.stringify({ resultType: 'complete', ...rest, _meta: meta });
    return `${body.slice(0, -1)}${kept}}`;
  }
}

function hintsText({ ttlMs, cacheScope }: CacheHints): string {
  return `,"ttlMs":${ttlMs},"cacheScope":"${cacheScope}"`;
}
