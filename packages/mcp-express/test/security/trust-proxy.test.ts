import { describe, expect, jest, test } from '@jest/globals';
import type { RequestHandler } from 'express';
import { McpServer, type Observation, type RouterOptions } from 'mcp-express';
import { onCleanup } from '../support/cleanup.js';
import { type RawAnswer, send } from '../support/raw-client.js';
import { initializeRequest } from '../support/session.js';
import { startServer } from '../support/start-server.js';

/** What Node is asked to warn of, as operators see it on stderr. */
function warnings(): string[] {
  const codes: string[] = [];
  const spy = jest.spyOn(process, 'emitWarning').mockImplementation((_warning, options) => {
    codes.push(String((options as { code?: string }).code));
  });
  onCleanup(() => spy.mockRestore());
  return codes;
}

async function start(trust: unknown, options: RouterOptions = {}) {
  const events: Observation[] = [];
  const setTrust: RequestHandler = (request, _response, next) => {
    if (trust !== undefined) request.app.set('trust proxy', trust);
    next();
  };
  const mcp = new McpServer({ name: 'behind', version: '1' });
  mcp.registerTool('where', {}, (ctx) => String(ctx.request.ip));
  const server = await startServer({
    mcp,
    before: [setTrust],
    options: { observe: (event) => events.push(event), ...options },
  });
  const from = (address: string): Promise<RawAnswer> =>
    send(server.url, { headers: { 'x-forwarded-for': address }, body: initializeRequest() });
  return { ...server, from, told: () => events.filter((event) => event.type === 'misconfigured') };
}

describe('addresses behind a proxy', () => {
  test('a proxy that is not trusted is reported once, with a stable code', async () => {
    const seen = warnings();
    const { from, told } = await start(undefined);
    for (const address of ['192.0.2.1', '192.0.2.2', '192.0.2.3']) expect((await from(address)).status).toBe(200);
    expect(told()).toEqual([
      { type: 'misconfigured', code: 'MCP_EXPRESS_TRUST_PROXY_OFF', message: expect.any(String) },
    ]);
    expect(seen).toEqual(['MCP_EXPRESS_TRUST_PROXY_OFF']);
  });

  test('trusting everybody is reported once, with a stable code', async () => {
    const seen = warnings();
    const { from, told } = await start(true);
    await from('192.0.2.1');
    await from('192.0.2.2');
    expect(told()).toMatchObject([{ code: 'MCP_EXPRESS_TRUST_PROXY_ALL' }]);
    expect(seen).toHaveLength(1);
  });

  test.each([
    ['a count', 1],
    ['a list', ['loopback']],
    ['a name', 'loopback'],
  ])('trusting by %s is right, and each caller has a budget of its own (R19)', async (_how, trust) => {
    const seen = warnings();
    const { from, told } = await start(trust, { rateLimits: { initialize: 2 } });
    const statuses = async (address: string): Promise<number[]> => {
      const answers = [await from(address), await from(address), await from(address)];
      return answers.map(({ status }) => status);
    };
    expect(await statuses('192.0.2.1')).toEqual([200, 200, 429]);
    expect(await statuses('192.0.2.2')).toEqual([200, 200, 429]);
    expect([told(), seen]).toEqual([[], []]);
  });

  test('says nothing where nobody forwards', async () => {
    const seen = warnings();
    const { url, told } = await start(undefined);
    expect((await send(url, { body: initializeRequest() })).status).toBe(200);
    expect([told(), seen]).toEqual([[], []]);
  });
});
