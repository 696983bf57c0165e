import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import { createServer, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { onCleanup } from '../../support/cleanup.js';
import { selfSigned } from './certificate.js';

const { cert, key } = selfSigned();

/** @returns the origin of an https server on this machine, closed when the test is over. */
export async function startTls(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer({ cert, key }, answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onCleanup(() => {
    server.close();
    server.closeAllConnections();
  });
  return `https://localhost:${(server.address() as AddressInfo).port}`;
}

/**
 * As `fetch`, for whoever trusts the certificate of these tests: the `fetch` of Node takes further certificates for a whole
 * process only. Redirects are not followed.
 */
export const trustingFetch: typeof fetch = (input, init = {}) => {
  const url = new URL(String(input));
  if (url.protocol === 'http:') return fetch(input, init);
  const headers = Object.fromEntries(new Headers(init.headers));
  const { method = 'GET', signal } = init;
  return new Promise((resolve, reject) => {
    const options = { method, headers, ca: cert, agent: false as const, family: 4, ...(signal ? { signal } : {}) };
    const request = httpsRequest(url, options, (answer) => resolve(responseOf(answer)));
    request.once('error', reject);
    request.end(init.body == null ? undefined : String(init.body));
  });
};

const WITHOUT_BODY: readonly number[] = [204, 205, 304];

function responseOf(answer: IncomingMessage): Response {
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headersDistinct)) {
    for (const one of value ?? []) headers.append(name, one);
  }
  const status = Number(answer.statusCode);
  // What is cut off is told to whoever reads, and need not end the process.
  answer.on('error', () => {});
  const body = WITHOUT_BODY.includes(status) ? null : (Readable.toWeb(answer) as ReadableStream);
  return new Response(body, { status, headers });
}

/** Where the server behind a proxy has what is asked for. */
export type Rewrite = (path: string) => string;

/** A proxy with TLS before it and none behind, which keeps neither the host nor the paths. @returns its origin. */
export function startTlsProxy(target: () => string, rewrite: Rewrite): Promise<string> {
  return startTls((request, response) => {
    const { host: _host, ...headers } = request.headers;
    const onward: OutgoingHttpHeaders = {
      ...headers,
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'lies.example',
    };
    const url = `${target()}${rewrite(String(request.url))}`;
    const upstream = httpRequest(url, { method: String(request.method), headers: onward, agent: false });
    upstream.once('response', (answer) => {
      response.writeHead(Number(answer.statusCode), answer.rawHeaders);
      response.flushHeaders();
      answer.pipe(response);
      answer.once('error', () => response.destroy());
    });
    upstream.once('error', () => response.destroy());
    response.once('close', () => upstream.destroy());
    request.pipe(upstream);
  });
}
