import { request as httpRequest } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { ConfigurationError, McpServer, mcpRouter, type Observation, type RouterOptions, serve } from 'mcp-express';
import { onCleanup } from '../support/cleanup.js';
import { begin, headOf, type RawRequest, send } from '../support/raw-client.js';
import { initializeRequest, openSession, ping } from '../support/session.js';
import { EXPRESS, EXPRESS_MAJORS, startServer } from '../support/start-server.js';
import { eventually } from '../support/wait.js';

describe.each(EXPRESS_MAJORS)('where a router may be mounted, on Express %d (DESIGN 5)', (major) => {
  test.each([
    ['under a prefix', { mount: '/api/v1' }, '/api/v1/mcp'],
    ['with a path', { options: { path: '/ai/tools' } }, '/ai/tools'],
    ['with both', { mount: '/api', options: { path: '/ai' } }, '/api/ai'],
    ['with the path "/" under a prefix', { mount: '/mcp', options: { path: '/' } }, '/mcp'],
    ['with the path "/" under a prefix, called with a slash', { mount: '/mcp', options: { path: '/' } }, '/mcp/'],
    ['with the path "/"', { options: { path: '/' } }, '/'],
    ['called with a query', {}, '/mcp?api_key=x'],
    ['called with a slash at the end', {}, '/mcp/'],
  ])('%s: POST, GET and DELETE are served', async (_what, start, at) => {
    const { port } = await startServer({ express: major, ...start });
    const session = await openSession(`http://127.0.0.1:${port}${at}`);
    expect((await session.post(ping())).status).toBe(200);
    expect((await session.listen()).status).toBe(200);
    expect((await session.delete()).status).toBe(204);
  });

  test('a request that names the whole URL, as through a forward proxy, is served (RFC 9112, 3.2.2)', async () => {
    const { port } = await startServer({ express: major });
    const body = JSON.stringify(initializeRequest());
    const outgoing = httpRequest({
      port,
      host: '127.0.0.1',
      method: 'POST',
      path: `http://localhost:${port}/mcp`,
      agent: false,
      headers: {
        host: `localhost:${port}`,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      },
    });
    outgoing.end(body);
    const head = await headOf(outgoing);
    head.resume();
    expect(head.statusCode).toBe(200);
  });

  test('everything else goes on to the routes of the application', async () => {
    const { port } = await startServer({
      express: major,
      routes: (app) => {
        app.get('/', (_request, response) => void response.send('home'));
        app.get('/mcp/other', (_request, response) => void response.send('other'));
        app.get('/mcpx', (_request, response) => void response.send('mcpx'));
      },
    });
    const at = (path: string) => send(`http://127.0.0.1:${port}${path}`, { method: 'GET' });
    expect((await at('/')).text).toBe('home');
    expect((await at('/mcp/other')).text).toBe('other');
    expect((await at('/mcpx')).text).toBe('mcpx');
    expect((await at('/nothing')).status).toBe(404);
    expect((await at('/mcp')).status).toBe(400);
  });

  test('two routers of two servers in one app know nothing of each other', async () => {
    const app = EXPRESS[major]();
    const servers = ['one', 'two'].map((name) => new McpServer({ name, version: '1' }));
    const routers = servers.map((server) => mcpRouter(server));
    const [one, two] = routers;
    if (one === undefined || two === undefined) throw new Error('no routers');
    app.use('/one', one);
    app.use('/two', two);
    const served = await serve(app, { port: 0 });
    onCleanup(() => served.close({ graceMs: 0 }));
    const first = await openSession(`${served.url}/one/mcp`);
    const second = await openSession(`${served.url}/two/mcp`);
    const opened = await send(`${served.url}/two/mcp`, { body: initializeRequest() });
    expect(opened.json.result.serverInfo.name).toBe('two');
    const stranger = await send(`${served.url}/two/mcp`, { body: ping(), headers: { 'mcp-session-id': first.id } });
    expect(stranger.status).toBe(404);
    expect((await second.post(ping())).status).toBe(200);
    await one.close({ graceMs: 0 });
    expect((await first.post(ping())).status).toBe(503);
    expect((await second.post(ping())).status).toBe(200);
  });

  test('one server behind two routers: the tools are the same, the sessions are not', async () => {
    const app = EXPRESS[major]();
    const server = new McpServer({ name: 'shared', version: '1' });
    server.registerTool('t', {}, () => 'x');
    app.use('/a', mcpRouter(server));
    app.use('/b', mcpRouter(server));
    const served = await serve(app, { port: 0 });
    onCleanup(() => served.close({ graceMs: 0 }));
    const [a, b] = [await openSession(`${served.url}/a/mcp`), await openSession(`${served.url}/b/mcp`)];
    expect((await a.call('t')).json.result).toEqual((await b.call('t')).json.result);
    expect((await send(`${served.url}/b/mcp`, { body: ping(), headers: { 'mcp-session-id': a.id } })).status).toBe(404);
  });

  test('without a server it makes an empty one, to be filled through .mcp', async () => {
    const app = EXPRESS[major]();
    const router = mcpRouter();
    router.mcp.registerTool('t', {}, () => 'filled');
    app.use(router);
    const served = await serve(app, { port: 0 });
    onCleanup(() => served.close({ graceMs: 0 }));
    const session = await openSession(`${served.url}/mcp`);
    expect((await session.call('t')).json.result.content[0].text).toBe('filled');
  });

  test('another middleware that answered already is left alone (R23)', async () => {
    const { url, router } = await startServer({
      express: major,
      before: [
        (request, response, next) => {
          if (request.get('x-answered') === 'ended') response.status(503).end('timeout');
          if (request.get('x-answered') === 'begun') response.status(503).write('tim');
          next();
        },
      ],
    });
    const session = await openSession(url);
    const ended = await session.post(ping(), { 'x-answered': 'ended' });
    expect([ended.status, ended.text]).toEqual([503, 'timeout']);
    for (const given of [
      { body: ping() },
      { method: 'GET' },
      { method: 'DELETE', headers: { 'mcp-session-id': 'x' } },
    ]) {
      const request = begin(url, {
        ...given,
        headers: { ...session.headers, ...given.headers, 'x-answered': 'begun' },
      });
      (await headOf(request)).resume();
      expect((await session.post(ping())).status).toBe(200);
      request.destroy();
    }
    await eventually('no stream is left', async () => (await router.stats()).streams === 0);
  });
});

describe.each(EXPRESS_MAJORS)('a router mounted at the path that it adds itself, on Express %d', (major) => {
  async function mounted(mount: string, env: string, options: RouterOptions = {}) {
    const warned: Observation[] = [];
    const observe = (event: Observation) => void (event.type === 'misconfigured' && warned.push(event));
    const { port } = await startServer({
      express: major,
      mount,
      options: { observe, ...options },
      before: [(request, _response, next) => next(void request.app.set('env', env))],
      routes: (app) => void app.use(mount, (_request, response) => void response.status(404).send('of the app')),
    });
    return { warned, at: (path: string) => `http://127.0.0.1:${port}${path}` };
  }

  test.each([
    ['/mcp', {}, '/mcp/mcp'],
    ['/api/mcp', {}, '/api/mcp/mcp'],
    ['/MCP', {}, '/MCP/mcp'],
    ['/ai', { path: '/ai' }, '/ai/ai'],
  ])('in development, a client that misses the endpoint at %s gets its path', async (mount, options, endpoint) => {
    const { warned, at } = await mounted(mount, 'development', options);
    const missed = await send(at(mount), { body: initializeRequest() });
    expect([missed.status, missed.json.error.data.reason]).toEqual([404, 'endpoint-missed']);
    expect(missed.json.error.message).toContain(`its endpoint is ${endpoint}. Mount it by app.use(router)`);
    const slash = await send(at(`${mount}/`), { method: 'GET', headers: { accept: 'text/event-stream' } });
    expect(slash.json.error.data.reason).toBe('endpoint-missed');
    expect(warned).toMatchObject([{ code: 'MCP_EXPRESS_MOUNTED_TWICE', message: missed.json.error.message }]);
  });

  test('in development, a client that finds the endpoint is served, and the operator warned once', async () => {
    const { warned, at } = await mounted('/mcp', 'development');
    const session = await openSession(at('/mcp/mcp'));
    expect((await session.post(ping())).status).toBe(200);
    expect(warned).toMatchObject([{ code: 'MCP_EXPRESS_MOUNTED_TWICE' }]);
  });

  test.each<[string, string, string, RouterOptions, RawRequest]>([
    ['in production', '/mcp', 'production', {}, { body: ping() }],
    ['for a page', '/mcp', 'development', {}, { method: 'GET', headers: { accept: 'text/html' } }],
    ['under another prefix', '/api', 'development', {}, { body: ping() }],
    ['for another path', '/mcp/other', 'development', {}, { body: ping() }],
  ])('the request goes on to the application %s', async (_what, path, env, options, request) => {
    const { warned, at } = await mounted(path === '/api' ? '/api' : '/mcp', env, options);
    expect((await send(at(path), request)).text).toBe('of the app');
    if (path === '/api' || env === 'production') expect(warned).toEqual([]);
  });

  test('with the path "/" nothing is missed', async () => {
    const { warned, at } = await mounted('/mcp', 'development', { path: '/' });
    await openSession(at('/mcp'));
    expect(warned).toEqual([]);
  });
});

test.each([
  [{ path: 'mcp' }, 'path'],
  [{ maxBodyBytes: 0 }, 'maxBodyBytes'],
  [{ keepAliveMs: -1 }, 'keepAliveMs'],
  [{ sseAfterMs: Number.NaN }, 'sseAfterMs'],
  [{ allowedHosts: ['https://example.com'] }, 'allowedHosts'],
  [{ allowedOrigins: ['example.com'] }, 'allowedOrigins'],
  [{ allowedOrigins: ['https://example.com/'] }, 'allowedOrigins'],
  [{ nosuch: 1 }, 'nosuch'],
  [{ store: {} }, 'store'],
])('a wrong option is refused at start, by name: %p (DESIGN 5)', (options, name) => {
  expect(() => mcpRouter(undefined, options as never)).toThrow(ConfigurationError);
  expect(() => mcpRouter(undefined, options as never)).toThrow(name);
});
