import { describe, expect, test } from '@jest/globals';
import { McpServer } from 'mcp-express';
import { begin, headOf, send } from '../support/raw-client.js';
import { initializeRequest, openSession } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { addEcho } from '../support/test-tools.js';

describe('media types: what a page can send across sites without asking is never served (R8; CVE-2026-33252)', () => {
  test.each([
    'text/plain',
    'text/plain; a=application/json',
    'text/plain;application/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'application/json-seq',
    'application/vnd.api+json',
    'text/json',
    ' ',
    'application/json/',
    'application/json,text/plain',
    'text/plain,application/json',
    undefined,
  ])('%p is 415, and the tool does not run (DESIGN 6)', async (type) => {
    const mcp = new McpServer({ name: 's', version: '1' });
    const count = addEcho(mcp);
    const { url, router } = await startServer({ mcp });
    const session = await openSession(url);
    const called = await session.call('echo', { text: 'x' }, 1, { headers: { 'content-type': type } });
    expect([called.status, called.headers['content-type']]).toEqual([415, 'application/json']);
    expect(called.json.error.data.reason).toBe('unsupported-media-type');
    const opened = await send(url, { body: initializeRequest(), headers: { 'content-type': type } });
    expect(opened.status).toBe(415);
    expect((await router.stats()).sessions).toBe(1);
    expect(count.calls).toBe(0);
  });

  test.each([
    'application/json',
    'Application/JSON; charset=utf-8',
    'application/json;charset=UTF-8',
    'APPLICATION/JSON',
    'application/json ; charset=utf-8',
  ])('%p is served (go-sdk#902)', async (type) => {
    const { url } = await startServer();
    const session = await openSession(url);
    const answer = await session.call('echo', { text: 'x' }, 1, { headers: { 'content-type': type } });
    expect(answer.status).toBe(200);
  });

  test('the type is refused before the body is read: the answer comes although the body never ends (R8)', async () => {
    const { url } = await startServer();
    const endless = begin(url, { headers: { 'content-type': 'text/plain', 'content-length': '1000' } });
    expect((await headOf(endless)).statusCode).toBe(415);
  });
});
