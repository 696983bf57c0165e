import { OutgoingMessage, ServerResponse } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import type { RequestHandler, Response } from 'express';
import { McpServer, mcpRouter, serve } from 'mcp-express';
import { onCleanup } from '../support/cleanup.js';
import { openSession, ping, type TestSession } from '../support/session.js';
import { EXPRESS, type StartOptions, startServer } from '../support/start-server.js';

type Methods = Record<string, (this: ServerResponse, ...args: unknown[]) => unknown>;

/** Replaces a method of Node until the end of the test, as a tracing agent does, to set a different header on each response. */
function patch(prototype: object, name: string, before: (response: ServerResponse) => void): void {
  const methods = prototype as Methods;
  const descriptor = Object.getOwnPropertyDescriptor(methods, name);
  const original = methods[name];
  if (original === undefined) throw new Error(`no ${name}`);
  methods[name] = function (this: ServerResponse, ...args) {
    // The client of these tests uses messages of the same class.
    if (this instanceof ServerResponse) before(this);
    return original.apply(this, args);
  };
  onCleanup(() => {
    if (descriptor === undefined) delete methods[name];
    else Object.defineProperty(methods, name, descriptor);
  });
}

/** Sets a cookie once for each response, regardless of how the methods are called. */
function cookies(): (response: ServerResponse) => void {
  const marked = new WeakSet<ServerResponse>();
  let count = 0;
  return (response) => {
    if (marked.has(response) || response.headersSent) return;
    marked.add(response);
    count += 1;
    response.setHeader('Set-Cookie', `n=${count}`);
  };
}

/** The values of a header in five JSON responses. */
async function five(session: TestSession, header = 'set-cookie'): Promise<readonly unknown[]> {
  const said: unknown[] = [];
  for (let call = 0; call < 5; call += 1) {
    const { status, headers, json } = await session.post(ping(call));
    expect([status, json.id, headers['content-type']]).toEqual([200, call, 'application/json']);
    expect(headers['x-content-type-options']).toBe('nosniff');
    said.push(header === 'set-cookie' ? headers['set-cookie']?.join() : headers[header]);
  }
  return said;
}

async function open(given: StartOptions = {}): Promise<TestSession> {
  const { url } = await startServer(given);
  return openSession(url);
}

const DIFFERENT = ['n=1', 'n=2', 'n=3', 'n=4', 'n=5'];

/** Methods that Node or this package calls while a head is built. */
const REPLACED: readonly (readonly [string, object, string])[] = [
  ['writeHead', ServerResponse.prototype, 'writeHead'],
  ['end', OutgoingMessage.prototype, 'end'],
  ['end, on the nearer prototype', ServerResponse.prototype, 'end'],
  ['_implicitHeader', ServerResponse.prototype, '_implicitHeader'],
];

describe.each(['serve', 'node'] as const)('a method that is not Node’s own is never passed by (R23), by %s', (by) => {
  test.each(REPLACED)('%s, replaced before the first answer', async (_what, prototype, name) => {
    const session = await open({ by });
    patch(prototype, name, cookies());
    expect(await five(session)).toEqual(DIFFERENT);
  });

  test.each(REPLACED)('%s, replaced after heads were learned, and put back', async (_what, prototype, name) => {
    const session = await open({ by });
    expect(await five(session)).toEqual(Array(5).fill(undefined));
    const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
    patch(prototype, name, cookies());
    expect(await five(session)).toEqual(DIFFERENT);
    if (descriptor === undefined) Reflect.deleteProperty(prototype, name);
    else Object.defineProperty(prototype, name, descriptor);
    expect(await five(session)).toEqual(Array(5).fill(undefined));
  });

  test.each(['setHeader', 'setHeaders', 'appendHeader'])('%s sees every header', async (name) => {
    const session = await open({ by });
    await five(session);
    const seen: string[] = [];
    const methods = OutgoingMessage.prototype as unknown as Methods;
    const original = methods[name] as Methods[string];
    methods[name] = function (this: ServerResponse, ...args) {
      if (this instanceof ServerResponse) seen.push(String(args[0]).toLowerCase());
      return original.apply(this, args);
    };
    onCleanup(() => {
      methods[name] = original;
    });
    await five(session);
    // The other methods do not set headers.
    if (name === 'setHeader') expect(seen.filter((header) => header === 'content-security-policy')).toHaveLength(5);
  });

  test.each<readonly [string, (response: Response) => void]>([
    [
      'writeHead',
      (response) => {
        const { writeHead } = response;
        response.writeHead = ((...args: Parameters<typeof writeHead>) => {
          response.setHeader('X-Own', 'set');
          return writeHead.apply(response, args);
        }) as typeof writeHead;
      },
    ],
    [
      'writeHead that returns nothing',
      (response) => {
        const { writeHead } = response;
        response.writeHead = ((status: number) => {
          response.setHeader('X-Own', 'set');
          writeHead.call(response, status);
        }) as typeof writeHead;
      },
    ],
    [
      'end',
      (response) => {
        const { end } = response;
        response.end = ((...args: Parameters<typeof end>) => {
          response.setHeader('X-Own', 'set');
          return end.apply(response, args);
        }) as typeof end;
      },
    ],
    [
      'a getter in the place of writeHead',
      (response) => {
        const { writeHead } = response;
        Object.defineProperty(response, 'writeHead', {
          get: () => {
            if (!response.headersSent) response.setHeader('X-Own', 'set');
            return writeHead;
          },
        });
      },
    ],
    [
      'a setter in the place of statusCode',
      (response) => {
        let status = 200;
        Object.defineProperty(response, 'statusCode', {
          get: () => status,
          set: (value: number) => {
            status = value;
            if (!response.headersSent) response.setHeader('X-Own', 'set');
          },
        });
      },
    ],
    [
      'a setter in the place of statusMessage',
      (response) => {
        let message: string | undefined;
        Object.defineProperty(response, 'statusMessage', {
          get: () => message,
          set: (value: string) => {
            message = value;
            if (!response.headersSent) response.setHeader('X-Own', 'set');
          },
        });
      },
    ],
  ])('of one response: %s', async (_what, replace) => {
    let on = false;
    const before: RequestHandler = (_request, response, next) => {
      if (on) replace(response);
      next();
    };
    const session = await open({ by, before: [before] });
    await five(session);
    on = true;
    expect(await five(session, 'x-own')).toEqual(Array(5).fill('set'));
    on = false;
    expect(await five(session, 'x-own')).toEqual(Array(5).fill(undefined));
  });

  test('headers that middleware sets on one response are not sent with the next', async () => {
    let turn = 0;
    const before: RequestHandler = (_request, response, next) => {
      turn += 1;
      const kind = turn % 6;
      if (kind === 1) response.statusMessage = 'Fine';
      if (kind === 2) response.appendHeader('Set-Cookie', `n=${turn}`);
      if (kind === 3) response.sendDate = false;
      if (kind === 4) response.removeHeader('Connection');
      if (kind === 5) response.setHeaders(new Map([['x-turn', String(turn)]]));
      next();
    };
    const { url } = await startServer({ by, before: [before] });
    const session = await openSession(url);
    for (let call = 0; call < 12; call += 1) {
      const { headers, rawHeaders, status } = await session.post(ping(call));
      const kind = turn % 6;
      expect([kind, status, headers['set-cookie'], headers['x-turn']]).toEqual([
        kind,
        200,
        kind === 2 ? [`n=${turn}`] : undefined,
        kind === 5 ? String(turn) : undefined,
      ]);
      expect([kind, rawHeaders.includes('Date')]).toEqual([kind, kind !== 3]);
      expect([kind, rawHeaders.includes('Keep-Alive'), rawHeaders.filter((name) => name === 'Date').length]).toEqual([
        kind,
        false,
        kind === 3 ? 0 : 1,
      ]);
    }
  });
});

test('a method of the prototype that Express gives to responses is not passed by (R23)', async () => {
  const app = EXPRESS[5]();
  app.use(mcpRouter(new McpServer({ name: 'm', version: '1' })));
  const served = await serve(app, { port: 0 });
  onCleanup(() => served.close({ graceMs: 0 }));
  const session = await openSession(`${served.url}/mcp`);
  await five(session);
  const { end } = app.response;
  app.response.end = function (this: Response, ...args: unknown[]) {
    this.setHeader('Server-Timing', 'total');
    return (end as (...args: unknown[]) => Response).apply(this, args);
  } as typeof end;
  expect(await five(session, 'server-timing')).toEqual(Array(5).fill('total'));
});

test('two servers with one router answer as themselves', async () => {
  const app = EXPRESS[5]();
  app.use(mcpRouter(new McpServer({ name: 'm', version: '1' })));
  const servers = [await serve(app, { port: 0 }), await serve(app, { port: 0 })];
  const ages = [75, 31];
  servers.forEach((served, at) => {
    onCleanup(() => served.close({ graceMs: 0 }));
    served.server.keepAliveTimeout = (ages[at] as number) * 1000;
  });
  const { id, revision } = await openSession(`${servers[0]?.url}/mcp`);
  for (let call = 0; call < 4; call += 1) {
    for (const [at, { url }] of servers.entries()) {
      const answer = await fetch(`${url}/mcp`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'mcp-session-id': id, 'mcp-protocol-version': revision },
        body: JSON.stringify(ping(call)),
      });
      expect([answer.status, await answer.json()]).toMatchObject([200, { id: call }]);
      expect(answer.headers.get('keep-alive')).toBe(`timeout=${ages[at]}`);
    }
  }
});
