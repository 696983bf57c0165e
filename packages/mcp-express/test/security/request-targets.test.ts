import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { McpServer, mcpRouter, type RouterOptions, serve } from 'mcp-express';
import { onCleanup } from '../support/cleanup.js';
import { initializeRequest } from '../support/session.js';
import { EXPRESS, EXPRESS_MAJORS, type ExpressMajor } from '../support/start-server.js';
import { exchange, statusIn } from './advisories/raw-socket.js';

const BODY = JSON.stringify(initializeRequest());

interface Given {
  readonly major?: ExpressMajor;
  readonly by?: 'serve' | 'node';
  /** The prefix that guard and router are mounted under. */
  readonly under?: string;
  readonly options?: RouterOptions;
  readonly strict?: boolean;
}

/** An application with a guard at the path of the router, which lets everything pass and counts it. */
async function guarded({ major = 5, by = 'serve', under = '', options, strict = false }: Given = {}) {
  let seen = 0;
  const app = EXPRESS[major]();
  app.set('strict routing', strict);
  const router = mcpRouter(new McpServer({ name: 'guarded', version: '1' }), options);
  const guard = strict ? app.all.bind(app) : app.use.bind(app);
  guard(`${under}/mcp`, (_request, _response, next) => {
    seen += 1;
    next();
  });
  app.use(under === '' ? '/' : under, router);
  const port = by === 'serve' ? await servedAt(app) : await listeningAt(app as RequestListener);
  const ask = async (target: string, host = 'localhost') => {
    seen = 0;
    const type = `content-type: application/json\r\ncontent-length: ${BODY.length}\r\nconnection: close\r\n`;
    const answer = await exchange(port, `POST ${target} HTTP/1.1\r\nhost: ${host}\r\n${type}\r\n${BODY}`);
    return { status: statusIn(answer), guards: seen, text: answer };
  };
  return { ask, port };
}

async function servedAt(app: Parameters<typeof serve>[0]): Promise<number> {
  const { port, close } = await serve(app, { port: 0 });
  onCleanup(() => close({ graceMs: 0 }));
  return port;
}

async function listeningAt(app: RequestListener): Promise<number> {
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onCleanup(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const SERVED = [
  'http://localhost./mcp',
  '/mcp',
  '/mcp/',
  '/mcp?x=http://evil.example/',
  'http://localhost/mcp',
  'HTTP://LOCALHOST/mcp',
  'https://localhost/mcp/',
  'http://localhost:1/mcp?x',
  'http://127.0.0.1:65535/mcp',
  'http://[::1]/mcp',
  'http://[::1]:80/mcp',
];

/** Absolute forms whose authority is no host, or not one that is allowed. */
const REFUSED = [
  'http://;x/mcp',
  'http://a:b:c/mcp',
  'http://a%2f/mcp',
  'http:///mcp',
  'http://localhost:abc/mcp',
  'http://localhost:-1/mcp',
  'http://localhost:1:2/mcp',
  'http://localhost:65536/mcp',
  'http://localhost:99999/mcp',
  'http://localhost;/mcp',
  'http://localhost,evil.example/mcp',
  "http://localhost'/mcp",
  'http://localhost%00/mcp',
  'http://localhost:80%2f/mcp',
  'http://%41/mcp',
  'http://user@localhost/mcp',
  'http://user:pass@localhost/mcp',
  'http://localhost@evil.example/mcp',
  'http://@/mcp',
  'http://:80/mcp',
  'http://*/mcp',
  'http://$/mcp',
  'http://[x]/mcp',
  'http://[::g]/mcp',
  'http://evil.example/mcp',
  'http://localhost.evil.example/mcp',
  'http://evil.example:80/mcp?http://localhost/mcp',
  'http://127.1/mcp',
  'http://0x7f000001/mcp',
  'http://localhost../mcp',
  'ftp://localhost/mcp',
  'ws://localhost/mcp',
  'x://localhost/mcp',
];

/** Node does not take these for a request at all. */
const NO_REQUEST = [
  'mcp',
  'localhost:80',
  'http:mcp',
  'http:/localhost/mcp',
  'http://localhost\\mcp',
  'http://lo cal/mcp',
];

/** Other paths, however they look. */
const ELSEWHERE = [
  '*',
  '//mcp',
  '/\\mcp',
  '/m%63p',
  '/mcp%2f',
  '/mcp;x',
  '/./mcp',
  '/x/../mcp',
  '/MCP',
  '/mcp/x',
  '/http://localhost/mcp',
  'http://localhost/mcp;x',
  'http://localhost//mcp',
  'http://localhost/\\mcp',
  'http://localhost',
  'http://localhost?/mcp',
  'http://localhost/http://localhost/mcp',
];

describe.each(EXPRESS_MAJORS)('request targets (RFC 9112, section 3.2), on Express %d', (major) => {
  describe.each(['serve', 'node'] as const)('by %s', (by) => {
    test('what is served has passed the guard before it (R8)', async () => {
      const { ask } = await guarded({ major, by });
      for (const target of SERVED)
        expect([target, await ask(target)]).toMatchObject([target, { status: 200, guards: 1 }]);
    });

    test('a host that is none, or none that is allowed, is 400 (R8)', async () => {
      const { ask } = await guarded({ major, by });
      for (const target of REFUSED) {
        const { status, text } = await ask(target);
        expect([target, status]).toEqual([target, 400]);
        expect(text).toContain('"reason":"target-not-allowed"');
      }
    });

    test('what is no request line is 400, and other paths are not served', async () => {
      const { ask } = await guarded({ major, by });
      for (const target of NO_REQUEST) expect([target, (await ask(target)).status]).toEqual([target, 400]);
      for (const target of ELSEWHERE) expect([target, (await ask(target)).status]).toEqual([target, 404]);
    });

    test('nothing is served by a path that the guard does not see, under a prefix (R8)', async () => {
      const { ask } = await guarded({ major, by, under: '/api' });
      for (const target of [...SERVED, ...REFUSED, ...ELSEWHERE]) {
        const { status, guards } = await ask(target.replace('/mcp', '/api/mcp'));
        const served = SERVED.includes(target);
        expect([target, status === 200, served ? guards : 1]).toEqual([target, served, 1]);
      }
    });

    test('an application that tells "/mcp/" from "/mcp" has its guard at the one only', async () => {
      const { ask } = await guarded({ major, by, strict: true });
      expect(await ask('/mcp')).toMatchObject({ status: 200, guards: 1 });
      expect(await ask('/mcp/')).toMatchObject({ status: 404, guards: 0 });
      expect(await ask('http://localhost/mcp/')).toMatchObject({ status: 404, guards: 0 });
    });
  });

  test('no target at all is served past the guard, whatever it is made of', async () => {
    const { ask } = await guarded({ major, options: { allowedHosts: ['*'] } });
    const part = fc.constantFrom(
      ...'http:// localhost mcp / // ; : @ % %2f [ ] ::1 80 ? # \\ . .. * a x:b'.split(' '),
      'http://',
      '/mcp',
    );
    const targets = fc.array(part, { minLength: 1, maxLength: 8 }).map((parts) => `${parts.join('')}/mcp`);
    await fc.assert(
      fc.asyncProperty(targets, async (target) => {
        const { status, guards } = await ask(target);
        expect(status === 200 ? guards : 1).toBe(1);
      }),
      { numRuns: 150 },
    );
  });
});

test('a target with an allowed host does not make another Host good', async () => {
  const { ask } = await guarded();
  expect((await ask('http://localhost/mcp', 'evil.example')).status).toBe(403);
  expect((await ask('http://evil.example/mcp', 'evil.example')).status).toBe(400);
});

test('where any host is allowed, a target still has to name one', async () => {
  const { ask } = await guarded({ by: 'node', options: { allowedHosts: ['*'] } });
  expect((await ask('http://any.example:8080/mcp')).status).toBe(200);
  expect((await ask('http://any.example:x/mcp')).status).not.toBe(200);
  expect((await ask('http://;x/mcp')).status).toBe(400);
});

test('a guard with a regular expression that keeps its place is not passed by', async () => {
  const app = EXPRESS[5]();
  app.use(/^\/mcp/g, (_request, response) => void response.status(401).end());
  app.use(mcpRouter());
  const port = await servedAt(app);
  const body = `content-length: ${BODY.length}\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n${BODY}`;
  expect(statusIn(await exchange(port, `POST /mcp HTTP/1.1\r\nhost: localhost\r\n${body}`))).toBe(401);
});
