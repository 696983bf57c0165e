import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import express from 'express';
import express4 from 'express4';
import { isNode } from '../util/runtime.js';
import { type Served, serve } from './serve.js';

let served: Served | undefined;

afterEach(() => served?.close({ graceMs: 0 }));

describe.each([
  ['Express 5', express],
  ['Express 4', express4],
])('serve with %s', (_name, make) => {
  test('makes requests and responses that need no change of prototype', async () => {
    const app = make();
    let same: boolean[] = [];
    app.use((req, res, next) => {
      same = [Object.getPrototypeOf(req) === app.request, Object.getPrototypeOf(res) === app.response];
      next();
    });
    app.get('/', (_req, res) => void res.status(201).json({ ok: true }));
    served = await serve(app, { port: 0 });
    const before: boolean[] = [];
    served.server.prependListener('request', (req, res) => {
      before.push(Object.getPrototypeOf(req) === app.request, Object.getPrototypeOf(res) === app.response);
    });
    const answer = await fetch(served.url);
    expect([answer.status, await answer.json()]).toEqual([201, { ok: true }]);
    expect(before).toEqual([true, true]);
    expect(same).toEqual([true, true]);
  });

  test('leaves bodies, parameters, cookies and sub-apps as they are', async () => {
    const app = make();
    const sub = make();
    sub.get(
      '/x/:id',
      (req, res) => void res.cookie('c', '1').send(`${req.baseUrl} ${req.params['id']} ${req.hostname}`),
    );
    app.use(make.json());
    app.use('/sub', sub);
    app.post('/echo', (req, res) => void res.json(req.body));
    served = await serve(app, { port: 0 });
    const echo = await fetch(`${served.url}/echo`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"a":[1]}',
    });
    expect(await echo.json()).toEqual({ a: [1] });
    const inSub = await fetch(`${served.url}/sub/x/7`);
    expect(inSub.headers.get('set-cookie')).toMatch(/^c=1/);
    expect(await inSub.text()).toBe('/sub 7 127.0.0.1');
  });
});

describe('serve', () => {
  test('listens on loopback by default', async () => {
    served = await serve(express(), { port: 0 });
    expect(served.server.address()).toMatchObject({ address: '127.0.0.1' });
    expect(served.url).toBe(`http://127.0.0.1:${served.port}`);
  });

  test('outlives the idle time of balancers, and cuts slow headers (R29)', async () => {
    served = await serve(express(), { port: 0 });
    const { keepAliveTimeout, headersTimeout, requestTimeout, timeout } = served.server;
    expect(keepAliveTimeout).toBeGreaterThan(65_000);
    expect(headersTimeout).toBeLessThan(60_000);
    expect(requestTimeout).toBeGreaterThan(headersTimeout);
    expect(timeout).toBe(0);
  });

  test('rejects with the error of the system when the port is taken', async () => {
    served = await serve(express(), { port: 0 });
    await expect(serve(express(), { port: served.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  test.each([{ port: -1 }, { port: 70_000 }, { port: 1.5 }, { host: '' }])(
    'refuses %j and names it',
    async (options) => {
      await expect(serve(express(), options)).rejects.toThrow(`serve option "${Object.keys(options)[0]}"`);
    },
  );

  test('closes despite idle connections, and idempotently', async () => {
    served = await serve(express(), { port: 0 });
    const idle = connect(served.port, '127.0.0.1');
    await new Promise((resolve) => idle.once('connect', resolve));
    const gone = new Promise((resolve) => idle.once('close', resolve));
    await new Promise((resolve) =>
      request(served?.url ?? '')
        .once('response', (r) => r.resume().once('end', resolve))
        .end(),
    );
    await Promise.all([served.close(), served.close()]);
    await gone;
    expect(served.server.listening).toBe(false);
  });
});

describe('serve on a runtime with the modules of Node but not their internals', () => {
  test('recognizes Bun and Deno', () => {
    expect([isNode({ Bun: {} }), isNode({ Deno: {} }), isNode({}), isNode()]).toEqual([false, false, true, true]);
  });

  test('leaves the creation of requests and responses, and closing, to the runtime', async () => {
    Object.assign(globalThis, { Bun: { version: '1.4.5' } });
    try {
      const app = express();
      app.get('/', (_req, res) => void res.status(201).json({ ok: true }));
      const here = await serve(app, { port: 0 });
      const own: unknown[] = [];
      here.server.prependListener('request', (req, res) => own.push(req.constructor.name, res.constructor.name));
      const answer = await fetch(here.url);
      expect([answer.status, await answer.json(), own]).toEqual([
        201,
        { ok: true },
        ['IncomingMessage', 'ServerResponse'],
      ]);
      await here.close({ graceMs: 0 });
      expect(here.server.listening).toBe(false);
    } finally {
      Reflect.deleteProperty(globalThis, 'Bun');
    }
  });
});
