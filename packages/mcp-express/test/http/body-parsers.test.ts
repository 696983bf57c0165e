import { request as httpRequest } from 'node:http';
import type { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import type { RequestHandler } from 'express';
import request from 'supertest';
import { headOf, readAll, send } from '../support/raw-client.js';
import { openSession, toolCall } from '../support/session.js';
import { EXPRESS, EXPRESS_MAJORS, startServer } from '../support/start-server.js';

const BODY = JSON.stringify(toolCall('echo', { text: 'ünï 😀 said' }, 'an-id'));
const ANSWER = { jsonrpc: '2.0', id: 'an-id', result: { content: [{ type: 'text', text: 'ünï 😀 said' }] } };

/** As in Firebase and Google Cloud Functions: the stream is consumed, the value and the bytes are left. */
const firebase: RequestHandler = async (incoming, _response, next) => {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as Readable) chunks.push(chunk as Buffer);
  const rawBody = Buffer.concat(chunks);
  Object.assign(incoming, { rawBody, body: rawBody.length === 0 ? {} : JSON.parse(String(rawBody)) });
  next();
};

/** Only the bytes are left in a usable form. */
const rawBodyOnly =
  (body: unknown): RequestHandler =>
  async (incoming, _response, next) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming as Readable) chunks.push(chunk as Buffer);
    Object.assign(incoming, { rawBody: Buffer.concat(chunks), body });
    next();
  };

const leavesEmptyObject: RequestHandler = (incoming, _response, next) => {
  incoming.body = {};
  next();
};

const consumes =
  (body: unknown): RequestHandler =>
  async (incoming, _response, next) => {
    for await (const _chunk of incoming as Readable);
    incoming.body = body;
    next();
  };

describe.each(EXPRESS_MAJORS)('body parsers before the router, on Express %d (R48)', (major) => {
  const express = EXPRESS[major];
  const served: readonly (readonly [string, readonly RequestHandler[]])[] = [
    ['no parser', []],
    ['express.json()', [express.json()]],
    ["express.text({ type: '*/*' })", [express.text({ type: '*/*' })]],
    ["express.raw({ type: '*/*' })", [express.raw({ type: '*/*' })]],
    ['express.raw() that does not match', [express.raw()]],
    ['express.urlencoded() that does not match', [express.urlencoded({ extended: true })]],
    ['all of them', [express.json(), express.urlencoded({ extended: true }), express.text(), express.raw()]],
    ['a parser that left {} and the stream', [leavesEmptyObject]],
    ['rawBody and body, as Firebase leaves them', [firebase]],
    ['rawBody and {}', [rawBodyOnly({})]],
    ['rawBody alone', [rawBodyOnly(undefined)]],
  ];

  test.each(served)('with %s, the same call is answered the same (R48)', async (_what, before) => {
    const { url } = await startServer({ express: major, before });
    const session = await openSession(url);
    const answer = await session.post(BODY);
    expect(answer.json).toEqual(ANSWER);
    expect(answer.status).toBe(200);
    const chunked = await session.post(BODY, { 'transfer-encoding': 'chunked' });
    expect(chunked.json).toEqual(ANSWER);
    expect((await session.delete()).status).toBe(204);
  });

  test.each([
    ['nothing', undefined],
    ['{}', {}],
  ])('a body that was consumed, with %s left, is a JSON 4xx with instructions (R48)', async (_what, left) => {
    const { url } = await startServer({ express: major, before: [consumes(left)] });
    const answer = await send(url, { body: BODY });
    expect([answer.status, answer.headers['content-type']]).toEqual([400, 'application/json']);
    expect(answer.json.error.data.reason).toBe('body-unreadable');
    expect(answer.json.error.message).toMatch(/middleware/);
  });

  test('a gzip body is served where a parser inflates it (R48)', async () => {
    const { app, url } = await startServer({ express: major, before: [express.json()] });
    const session = await openSession(url);
    const answer = await gzipped(app, session.id);
    expect([answer.status, answer.body]).toEqual([200, ANSWER]);
  });

  test('a gzip body without a parser is a JSON 4xx that names what is not supported, and does not hang (R48)', async () => {
    const { app, url } = await startServer({ express: major });
    const session = await openSession(url);
    const answer = await gzipped(app, session.id);
    expect([answer.status, answer.type]).toEqual([415, 'application/json']);
    expect(answer.body.error).toMatchObject({
      message: expect.stringContaining('gzip'),
      data: { reason: 'unsupported-encoding' },
    });
    expect(answer.headers['accept-encoding']).toBe('identity');
  });

  test.each([
    ["express.text({ type: '*/*' })", express.text({ type: '*/*', limit: '1mb' })],
    ["express.raw({ type: '*/*' })", express.raw({ type: '*/*', limit: '1mb' })],
    ['rawBody', rawBodyOnly({})],
  ])('the limit holds for what %s has read (R22, R48)', async (_what, parser) => {
    const { url } = await startServer({ express: major, before: [parser], options: { maxBodyBytes: 20_000 } });
    const session = await openSession(url);
    expect((await session.call('echo', { text: '€'.repeat(6_000) })).status).toBe(200);
    expect((await session.call('echo', { text: '€'.repeat(7_000) })).status).toBe(413);
  });

  test.each([
    ['no parser', []],
    ["express.text({ type: '*/*' })", [express.text({ type: '*/*' })]],
    ["express.raw({ type: '*/*' })", [express.raw({ type: '*/*' })]],
    ['rawBody', [rawBodyOnly({})]],
  ] as readonly (readonly [string, readonly RequestHandler[]])[])(
    'a malformed or empty body is 400 as JSON, with %s (R22, R48)',
    async (_what, before) => {
      const { url } = await startServer({ express: major, before });
      for (const body of ['{"jsonrpc":', '', ' ']) {
        const answer = await send(url, { body });
        expect([body, answer.status, answer.headers['content-type']]).toEqual([body, 400, 'application/json']);
        expect(answer.json.error.code).toBeLessThan(-31_999);
      }
    },
  );

  test('a body of bytes that are no UTF-8 is 400, and never another text (GHSA-q382-vc8q-7jhj)', async () => {
    const { url } = await startServer({ express: major });
    const session = await openSession(url);
    const outgoing = httpRequest(url, {
      method: 'POST',
      agent: false,
      headers: { 'content-type': 'application/json', 'mcp-session-id': session.id },
    });
    outgoing.end(
      Buffer.concat([
        Buffer.from('{"jsonrpc":"2.0","id":"'),
        Buffer.from([0xc0, 0xaf]),
        Buffer.from('","method":"ping"}'),
      ]),
    );
    const answer = await readAll(await headOf(outgoing));
    expect(answer.status).toBe(400);
    expect(answer.json.error.code).toBe(-32700);
  });
});

function gzipped(app: Parameters<typeof request>[0], session: string) {
  const outgoing = request(app)
    .post('/mcp')
    .set({ 'content-type': 'application/json', 'content-encoding': 'gzip', 'mcp-session-id': session });
  outgoing.write(gzipSync(BODY) as unknown as string);
  return outgoing;
}
