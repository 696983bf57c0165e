/** The part of `fetch` that is used, so that requests can go through a proxy or use a client certificate. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** How a request is sent. */
export interface FetchLimits {
  readonly fetch: Fetch;
  /** Milliseconds until the complete response. */
  readonly timeoutMs: number;
}

/** A response with a JSON body. */
export interface FetchedJson {
  readonly status: number;
  /** `undefined` when the body is not JSON. */
  readonly json: unknown;
}

/** Bytes. Key sets and metadata have a few kilobytes. */
const MAX_BYTES = 1024 * 1024;

/**
 * Sends a request to an authorization server. Redirects are not followed: configuration decides where keys come from, not a
 * response.
 *
 * @throws Error if there is no response in time, or one of more than 1 MiB.
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
