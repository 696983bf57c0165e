import { describe, expect, test } from '@jest/globals';
import type { RequestHandler } from 'express';
import { McpServer, type Observation } from 'mcp-express';
import { send } from '../support/raw-client.js';
import { initializeRequest, openSession, ping, toolCall } from '../support/session.js';
import { EXPRESS_MAJORS, startServer } from '../support/start-server.js';
import { addEcho } from '../support/test-tools.js';
import { eventually } from '../support/wait.js';

const ORIGIN = { origin: 'https://page.example' };
const PREFLIGHT = { ...ORIGIN, 'access-control-request-method': 'POST' };

/** Jest fails a test on any unhandled rejection during its run, so these tests prove that there are none. */
describe.each(EXPRESS_MAJORS)('a request that other middleware has answered, on Express %d (R23)', (express) => {
  /** A timeout responds while the slow handler continues. */
  async function late() {
    const over: (() => void)[] = [];
    const passed: string[] = [];
    const timeout: RequestHandler = (request, response, next) => {
      if (request.headers['x-late'] === undefined) return next();
      response.status(503).end('timeout');
      over.push(() => {
        passed.push(request.method);
        next();
      });
    };
    const mcp = new McpServer({ name: 'late', version: '1' });
    const counted = addEcho(mcp);
    const events: Observation[] = [];
    const options = { allowedOrigins: [ORIGIN.origin], observe: (event: Observation) => events.push(event) };
    const server = await startServer({ express, mcp, options, before: [timeout] });
    const session = await openSession(server.url);
    const goOn = (): void => {
      for (const each of over.splice(0)) each();
    };
    return { ...server, session, events, counted, passed, goOn };
  }

  test.each([
    ['with an Origin', ORIGIN],
    ['behind a proxy', { 'x-forwarded-for': '203.0.113.9' }],
    ['with nothing special', {}],
  ])('%s is left alone: no method throws, no tool runs', async (_what, headers) => {
    const { session, counted, passed, goOn, events } = await late();
    const extra = { ...headers, 'x-late': '1' };
    const answers = [
      await session.post(toolCall('echo', { text: 'x' }), extra),
      await session.get(extra),
      await session.delete(extra),
    ];
    expect(answers.map(({ status, text }) => [status, text])).toEqual(Array(3).fill([503, 'timeout']));
    goOn();
    expect((await session.post(ping())).status).toBe(200);
    expect(passed).toEqual(['POST', 'GET', 'DELETE']);
    expect(counted.calls).toBe(0);
    expect(events.filter(({ type }) => type === 'failure')).toEqual([]);
  });

  test('so is a preflight', async () => {
    const { url, session, goOn } = await late();
    const answer = await send(url, { method: 'OPTIONS', headers: { ...PREFLIGHT, 'x-late': '1' } });
    expect([answer.status, answer.text]).toEqual([503, 'timeout']);
    goOn();
    expect((await session.post(ping())).status).toBe(200);
  });

  test('so is one that comes while the router is closing', async () => {
    const { url, router, goOn } = await late();
    const answer = await send(url, { body: initializeRequest(), headers: { 'x-late': '1' } });
    expect([answer.status, answer.text]).toEqual([503, 'timeout']);
    await router.close({ graceMs: 0 });
    goOn();
    expect((await send(url, { body: initializeRequest() })).json.error.data.reason).toBe('shutting-down');
  });

  test('a response whose headers cannot be set is cut and reported to observe', async () => {
    let on = false;
    const events: Observation[] = [];
    const broken: RequestHandler = (_request, response, next) => {
      if (on)
        response.setHeader = () => {
          throw new Error('no headers here');
        };
      next();
    };
    const { url } = await startServer({
      express,
      before: [broken],
      options: { observe: (event) => events.push(event) },
    });
    const session = await openSession(url);
    on = true;
    await expect(session.post(ping(), { origin: 'http://localhost' })).rejects.toThrow();
    on = false;
    await eventually('it is told', () => events.some(({ type }) => type === 'failure'));
    expect((await session.post(ping())).status).toBe(200);
  });
});
