import { describe, expect, jest, test } from '@jest/globals';
import type { RequestHandler } from 'express';
import { McpServer, type Observation, type RouterOptions } from 'mcp-express';
import { Client, textOf } from '../modern/alone.js';
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

  /** Each is one client, as proxies write it: with a port (Azure), in brackets, mapped into IPv6, or in one /56. */
  const ONE_CLIENT = [
    ['203.0.113.9:51234', '203.0.113.9:51235', '203.0.113.9', '::ffff:203.0.113.9', '[::ffff:203.0.113.9]:4711'],
    ['2001:db8:1:200::1', '[2001:db8:1:2aa::2]', '[2001:db8:1:2ff::3]:51234', '2001:DB8:1:2FF:0:0:0:3'],
  ];

  test.each(ONE_CLIENT)('the forms of one address share one budget: %s, %s … (R19)', async (...forms) => {
    const { from } = await start(1, { rateLimits: { initialize: forms.length - 1 } });
    const statuses: number[] = [];
    for (const form of forms) statuses.push((await from(form)).status);
    expect(statuses).toEqual([...forms.slice(1).map(() => 200), 429]);
    expect((await from('198.51.100.1:51234')).status).toBe(200);
  });

  test.each(ONE_CLIENT)('and one count of listeners: %s, %s … (R19)', async (...forms) => {
    const { url } = await start(1, { maxListenersPerPrincipal: forms.length - 1 });
    const client = new Client(url);
    const filter = { toolsListChanged: true };
    for (const form of forms.slice(1)) await client.listen(filter, { headers: { 'x-forwarded-for': form } });
    const refused = await client.ask(
      'subscriptions/listen',
      { notifications: filter },
      { headers: { 'x-forwarded-for': forms[0] } },
    );
    expect(refused.json.error.data).toMatchObject({ reason: 'too-many-streams' });
    await client.listen(filter, { headers: { 'x-forwarded-for': '198.51.100.1:51234' } });
  });

  test('handlers see the address without what is not part of it', async () => {
    const { url } = await start(1);
    const client = new Client(url);
    const where = async (form: string): Promise<string> =>
      textOf(await client.call('where', {}, { headers: { 'x-forwarded-for': form } }));
    expect(await where('203.0.113.9:51234')).toBe('203.0.113.9');
    expect(await where('[2001:DB8::1]:51234')).toBe('2001:db8::1');
    expect(await where('::ffff:203.0.113.9')).toBe('203.0.113.9');
  });
});
