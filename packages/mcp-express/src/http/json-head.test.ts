import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import express from 'express';
import { serve } from '../serve/serve.js';
import { JsonHead } from './json-head.js';

const HEADERS = ['X-One', '1', 'X-Two', 'a, b'];

const opened: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

/** A listener that uses this head, and records for each response whether the fast path was taken. */
function answering(head: JsonHead, given: boolean[], before: (response: ServerResponse) => void): RequestListener {
  return (_request, response) => {
    before(response);
    const body = JSON.stringify({ count: given.length });
    given.push(head.write(response, Buffer.byteLength(body)));
    response.end(body);
  };
}

async function served(listener: RequestListener): Promise<Server> {
  const app = express().disable('x-powered-by');
  app.use((request, response) => void listener(request, response));
  const { server, close } = await serve(app, { port: 0 });
  opened.push(() => close({ graceMs: 0 }));
  return server;
}

async function listening(listener: RequestListener): Promise<Server> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return server;
}

async function ask(server: Server, count: number) {
  const { port } = server.address() as AddressInfo;
  const answers: { status: number; headers: Record<string, string>; body: unknown }[] = [];
  for (let each = 0; each < count; each += 1) {
    const answer = await fetch(`http://127.0.0.1:${port}/`);
    const { date: _date, ...headers } = Object.fromEntries(answer.headers);
    answers.push({ status: answer.status, headers, body: await answer.json() });
  }
  return answers;
}

describe('the head of a JSON response', () => {
  test('is written by Node once and by the fast path afterwards, on a server of serve', async () => {
    const given: boolean[] = [];
    const server = await served(answering(new JsonHead(HEADERS), given, () => {}));
    const [first, ...others] = await ask(server, 4);
    expect(given).toEqual([false, true, true, true]);
    expect(first?.headers).toMatchObject({ 'x-one': '1', 'x-two': 'a, b', 'content-type': 'application/json' });
    for (const other of others) expect(other.headers).toEqual(first?.headers);
    expect(others.map(({ body }) => body)).toEqual([{ count: 1 }, { count: 2 }, { count: 3 }]);
  });

  test('is always written by Node on any other server', async () => {
    const given: boolean[] = [];
    const server = await listening(answering(new JsonHead(HEADERS), given, () => {}));
    expect((await ask(server, 3)).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(given).toEqual([false, false, false]);
  });

  test.each<readonly [string, (response: ServerResponse) => void]>([
    ['a header', (response) => response.setHeader('X-Set', 'yes')],
    ['a status message', (response) => (response.statusMessage = 'Fine')],
    ['no date', (response) => (response.sendDate = false)],
    ['no word on the connection', (response) => response.removeHeader('Connection')],
    ['a connection that is closed', (response) => (response.shouldKeepAlive = false)],
    ['an end of its own', (response) => (response.end = response.end.bind(response) as typeof response.end)],
    ['a write of its own', (response) => (response.write = response.write.bind(response) as typeof response.write)],
    ['a proxy for writeHead', (response) => (response.writeHead = new Proxy(response.writeHead, {}))],
  ])('is written by Node for a response with %s, the first or a later one', async (_what, change) => {
    const given: boolean[] = [];
    let turn = 0;
    const changed = (response: ServerResponse): void => {
      turn += 1;
      if (turn === 1 || turn === 4) change(response);
    };
    const server = await served(answering(new JsonHead(HEADERS), given, changed));
    expect((await ask(server, 5)).map(({ headers }) => headers['x-one'])).toEqual(Array(5).fill('1'));
    expect(given).toEqual([false, false, true, false, true]);
  });

  test('is written by Node once more after the keep-alive timeout of the server changes', async () => {
    const given: boolean[] = [];
    const server = await served(answering(new JsonHead(HEADERS), given, () => {}));
    await ask(server, 2);
    server.keepAliveTimeout = 33_000;
    // The next response still announces the previous timeout.
    const answers = await ask(server, 4);
    expect(answers.at(-1)?.headers['keep-alive']).toBe('timeout=33');
    expect(given.slice(0, 2)).toEqual([false, true]);
    expect(given.at(-1)).toBe(true);
    expect(given.slice(2).filter((each) => !each)).toHaveLength(1);
  });
});
