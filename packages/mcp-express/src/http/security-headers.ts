import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet, { type HelmetOptions } from 'helmet';

export type { HelmetOptions };

/**
 * What of helmet says something about answers that are data: nobody sniffs, frames or executes them. What is left out is
 * about pages.
 */
const FOR_DATA: HelmetOptions = {
  contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  frameguard: { action: 'deny' },
  crossOriginEmbedderPolicy: false,
  crossOriginOpenerPolicy: false,
  // Who may read an answer is what CORS says.
  crossOriginResourcePolicy: false,
  dnsPrefetchControl: false,
  ieNoOpen: false,
  originAgentCluster: false,
  permittedCrossDomainPolicies: false,
  xssFilter: false,
  hidePoweredBy: false,
};

/**
 * The headers helmet would set, as a flat list of names and values. They are the same on every answer, so helmet is asked
 * once, and no request pays for asking.
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
