import { createRequire } from 'node:module';
import { describe, expect, test } from '@jest/globals';
import type { RequestHandler } from 'express';
import { McpError } from 'mcp-express';
import { send } from '../support/raw-client.js';
import { initializeRequest, openSession, ping } from '../support/session.js';
import { EXPRESS_MAJORS, startServer } from '../support/start-server.js';

const require = createRequire(import.meta.url);
const make = (name: string) => require(name) as (...options: unknown[]) => RequestHandler;

const SILENT = { stream: { write: () => {} } };

/** All of them use `on-headers` 1.0, which mistakes a flat list of names and values for pairs. */
const MIDDLEWARE: readonly (readonly [string, () => RequestHandler, expected: string | undefined])[] = [
  ['compression 1.7.4', () => make('compression-old')({ threshold: 0 }), undefined],
  ['morgan 1.10.0', () => make('morgan')('combined', SILENT), undefined],
  [
    'express-session 1.18.1',
    () => make('express-session')({ secret: 'x', resave: false, saveUninitialized: true }),
    'set-cookie',
  ],
  ['cookie-session 2.1.0', () => withCookie(make('cookie-session')({ secret: 'x' })), 'set-cookie'],
  ['response-time 2.3.3', () => make('response-time')(), 'x-response-time'],
];

/** A cookie is sent once the session has been modified. */
function withCookie(session: RequestHandler): RequestHandler {
  return (request, response, next) =>
    session(request, response, () => {
      Object.assign((request as unknown as { session: object }).session, { seen: true });
      next();
    });
}

/** The headers of the responses to the same requests, without those that differ between requests. */
async function heads(url: string): Promise<readonly Record<string, unknown>[]> {
  const session = await openSession(url);
  const stream = await session.listen();
  const answers = [
    await send(url, { body: initializeRequest() }),
    await session.post(ping()),
    await session.post({ jsonrpc: '2.0', method: 'notifications/initialized' }),
    await session.post('{', { 'content-type': 'application/json' }),
    await send(url, { body: ping(), headers: { ...session.headers, 'x-refused': '1' } }),
    await send(url, { method: 'PUT' }),
    await send(url, { body: ping(), headers: { host: 'evil.example' } }),
    { status: stream.status, headers: stream.headers },
    await session.delete(),
  ];
  return answers.map(({ status, headers }) => ({ ...headers, status }));
}

const OWN_AFFAIRS = ['date', 'mcp-session-id', 'set-cookie', 'x-response-time', 'content-length', 'transfer-encoding'];
const OF_COMPRESSION = ['vary', 'content-encoding'];
/** A header of Express, which `serve` involves only if middleware precedes the router. */
const OF_EXPRESS = ['x-powered-by'];

function alike(head: Record<string, unknown>): Record<string, unknown> {
  const names = Object.keys(head).filter((name) => ![...OWN_AFFAIRS, ...OF_COMPRESSION, ...OF_EXPRESS].includes(name));
  return Object.fromEntries(names.map((name) => [name, head[name]]));
}

const options = {
  principal: (request: { headers: Record<string, unknown> }) => {
    if (request.headers['x-refused'] !== undefined) throw new McpError('unauthorized', 'No');
    return undefined;
  },
};

describe.each(EXPRESS_MAJORS)('behind older middleware, on Express %d (R23)', (express) => {
  test.each(MIDDLEWARE)('%s, every answer has all of its headers', async (_name, middleware, expected) => {
    const bare = await heads((await startServer({ express, options })).url);
    const { url } = await startServer({ express, options, before: [middleware()] });
    const behind = await heads(url);
    expect(behind.map(alike)).toEqual(bare.map(alike));
    expect(behind.map(({ status }) => status)).toEqual([200, 200, 202, 400, 401, 405, 403, 200, 204]);
    expect(behind[0]?.['mcp-session-id']).toEqual(expect.any(String));
    expect(behind[4]?.['www-authenticate']).toBe('Bearer');
    expect(behind[7]?.['content-type']).toBe('text/event-stream');
    if (expected !== undefined) expect(behind.filter((head) => head[expected] === undefined)).toEqual([]);
  });
});
