import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet, { type HelmetOptions } from 'helmet';

export type { HelmetOptions };

/** The helmet options for responses that are data: no sniffing, framing or execution. Headers that concern pages are off. */
const FOR_DATA: HelmetOptions = {
  contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  frameguard: { action: 'deny' },
  crossOriginEmbedderPolicy: false,
  crossOriginOpenerPolicy: false,
  // CORS decides which origins may read a response.
  crossOriginResourcePolicy: false,
  dnsPrefetchControl: false,
  ieNoOpen: false,
  originAgentCluster: false,
  permittedCrossDomainPolicies: false,
  xssFilter: false,
  hidePoweredBy: false,
};

/**
 * The headers that helmet sets, as a flat list of names and values. They are the same for every response, so helmet runs
 * once rather than for each request.
 *
 * @param options of helmet, merged into the defaults; `false` for no headers.
 * @throws Error of helmet for invalid options.
 */
export function securityHeaders(options: HelmetOptions | false | undefined): readonly string[] {
  if (options === false) return [];
  const headers: string[] = [];
  const recorder = {
    setHeader: (name: string, value: string) => headers.push(name, value),
    removeHeader: () => {},
  };
  const middleware = helmet({ ...FOR_DATA, ...options } as HelmetOptions);
  let failed: unknown;
  middleware({} as IncomingMessage, recorder as unknown as ServerResponse, (error?: unknown) => {
    failed = error;
  });
  if (failed !== undefined) throw failed;
  return headers;
}
