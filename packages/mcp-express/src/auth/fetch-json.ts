/** As much of `fetch` as is used, so that a proxy or a client certificate can be put under it. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface FetchLimits {
  readonly fetch: Fetch;
  /** Milliseconds for the whole answer. */
  readonly timeoutMs: number;
}

export interface FetchedJson {
  readonly status: number;
  /** `undefined` when the body is not JSON. */
  readonly json: unknown;
}

/** Key sets and metadata have a few kilobytes. */
const MAX_BYTES = 1024 * 1024;

/**
 * Asks an authorization server. Redirects are not followed: where keys come from is configured, not answered.
 *
 * @throws Error when there is no answer in time, or one too large.
 */
export async function fetchJson(
  url: string,
  init: RequestInit,
  { fetch, timeoutMs }: FetchLimits,
): Promise<FetchedJson> {
  const signal = AbortSignal.timeout(timeoutMs);
  const response = await fetch(url, { ...init, redirect: 'manual', signal });
  const text = await boundedText(response);
  return { status: response.status, json: parsed(text) };
}

async function boundedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the body.
    if (bytes > MAX_BYTES) throw new Error(`The authorization server answered with more than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
