import { isObject, type Params } from '../../ground/json-rpc.js';
import type { Implementation } from '../../ground/mcp.js';
import { META } from '../../ground/meta.js';
import { type CacheHints, NOT_KEPT, type ResultWriter } from '../../server/result-writer.js';

/**
 * Results of the modern era: they say of what kind they are, how long they may be kept and who gave them. What is the
 * same for all of a server's results is text that was written once.
 */
export class ModernResults implements ResultWriter {
  readonly structured = 'any';
  readonly #server: Readonly<Record<string, unknown>>;
  readonly #tail: string;

  /**
   * @param keeps results may be kept as their hints say. One that depends on what this caller has answered must not
   *   (MCP 2026-07-28, Caching, "Cache Key").
   */
  constructor(
    { name, version }: Implementation,
    private readonly keeps = true,
  ) {
    // By which a reader knows who it was; the whole of it is in `server/discover`.
    this.#server = { [META.serverInfo]: { name, version } };
    this.#tail = `,"_meta":${JSON.stringify(this.#server)}}`;
  }

  write(result: Params, hints?: CacheHints): string {
    const kept = hints === undefined ? '' : hintsText(this.keeps ? hints : NOT_KEPT);
    if ('_meta' in result || 'resultType' in result) return this.#writeWithMeta(result, kept);
    const body = JSON.stringify(result);
    // No JSON at all is for whoever made the result to tell.
    if (body === undefined) return body;
    const members = body === '{}' ? '' : `,${body.slice(1, -1)}`;
    return `{"resultType":"complete"${members}${kept}${this.#tail}`;
  }

  /** A result of another kind than `complete`, which has no hints. */
  writeAs(resultType: string, result: Params): string {
    return JSON.stringify({ resultType, ...result, _meta: { ...this.#server } });
  }

  #writeWithMeta({ _meta, resultType: _kind, ...rest }: Params, kept: string): string {
    const meta = { ...this.#server, ...(isObject(_meta) ? _meta : {}) };
    const body = JSON.stringify({ resultType: 'complete', ...rest, _meta: meta });
    return `${body.slice(0, -1)}${kept}}`;
  }
}

function hintsText({ ttlMs, cacheScope }: CacheHints): string {
  return `,"ttlMs":${ttlMs},"cacheScope":"${cacheScope}"`;
}
