/** Faulty factories and servers: a clear error for their own callers, and no harm to others (R51). */

import { describe, expect, test } from '@jest/globals';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { type HostSdkOptions, hostSdk, type SdkServer } from 'mcp-express/sdk';
import { openWire } from '../features/wire-session.js';
import { type RawAnswer, send } from '../support/raw-client.js';
import { initializeRequest } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { deferred, eventually, within } from '../support/wait.js';
import { serverV1 } from './servers-v1.js';

interface FakeTransport {
  onmessage: (message: { id?: number; method?: string }) => void;
  send(message: object): Promise<void>;
  start(): Promise<void>;
}

/** The answer to `initialize`. */
function opening(url: string, capabilities: object = {}): Promise<RawAnswer> {
  const { params, ...request } = initializeRequest('2025-11-25');
  return send(url, { body: { ...request, params: { ...params, capabilities } } });
}

async function failure(factory: () => unknown, options: HostSdkOptions = {}) {
  const causes: string[] = [];
  const mcp = hostSdk(factory as () => SdkServer, options);
  const observe = (event: { type: string; cause?: unknown }): void => {
    if (event.cause !== undefined) causes.push(String(event.cause));
  };
  const { url } = await startServer({ mcp, options: { observe } });
  return { answer: await opening(url), causes, url };
}

describe('faulty factories (R51)', () => {
  test('one that throws, is slow, or returns what is no server', async () => {
    const thrown = await failure(() => {
      throw new Error('no database');
    });
    expect(thrown.answer.json.error.message).toBe('Internal error');
    expect(thrown.causes.join()).toContain('no database');
    const slow = await failure(() => new Promise(() => {}), { startTimeoutMs: 20 });
    expect(slow.answer.json.error.message).toBe('The hosted server did not start within 20 ms');
    const other = await failure(() => ({}));
    expect(other.causes.join()).toContain('must return a server of the SDK; it returned an object');
  });

  test('one that fails once is tried again', async () => {
    let runs = 0;
    const { url } = await failure(() => {
      runs += 1;
      if (runs === 1) throw new Error('not yet');
      return serverV1();
    });
    const session = await openWire(url);
    expect((await session.tool('echo', { value: 'v' })).content[0].text).toBe('v');
  });

  test('one that returns the same server twice, or a connected one', async () => {
    const server = serverV1();
    const first = await failure(() => server);
    expect(first.answer.status).toBe(200);
    const second = await opening(first.url, { roots: {} });
    expect(second.status).toBe(500);
    expect(first.causes.join()).toContain('returned the same server twice');
    const connected = serverV1();
    await connected.connect(InMemoryTransport.createLinkedPair()[0]);
    const third = await failure(() => connected);
    expect(third.causes.join()).toContain('is connected already');
  });

  test('wrong arguments are named', () => {
    const wrong = (options: object) => () => hostSdk(serverV1, options as HostSdkOptions);
    expect(() => hostSdk(serverV1() as never)).toThrow('wrap what makes it, as in hostSdk(() => buildServer())');
    expect(wrong({ instance: 'shared' })).toThrow('Did you mean "instances"?');
    expect(wrong({ instances: 'each' })).toThrow('must be "shared" or "session"');
    expect(wrong({ scopes: { x: 'y' } })).toThrow('"scopes" must be an object of tool names');
    expect(wrong({ maxInstances: 0 })).toThrow('"maxInstances" must be a whole number of at least 1');
  });
});

describe('faulty servers (R51)', () => {
  test('one that ends answers its calls with an error at once, and is made anew', async () => {
    const servers: McpServer[] = [];
    const called = deferred();
    const { url } = await startServer({
      mcp: hostSdk(() => {
        const server = new McpServer({ name: 'ends', version: '1' });
        server.registerTool('hang', {}, () => {
          called.resolve();
          return new Promise<never>(() => {});
        });
        server.registerTool('say', {}, () => ({ content: [{ type: 'text', text: `server ${servers.length}` }] }));
        servers.push(server);
        return server;
      }),
    });
    const session = await openWire(url);
    const hanging = session.ask('tools/call', { name: 'hang' });
    await called.promise;
    await servers[0]?.close();
    expect((await within('the call fails', hanging)).error).toMatchObject({
      message: 'The hosted server ended before it answered',
      data: { reason: 'hosted-error' },
    });
    expect((await session.tool('say')).content[0].text).toBe('server 2');
  });

  test('answers that come twice, or after the end of their call, reach no client', async () => {
    const causes: string[] = [];
    const gate = deferred();
    const mcp = hostSdk(
      () =>
        ({
          async connect(transport: FakeTransport) {
            const send = (message: object): Promise<void> => transport.send(message);
            transport.onmessage = (message) => {
              const result = { capabilities: { tools: {} }, serverInfo: { name: 'twice', version: '1' }, content: [] };
              const answer = { jsonrpc: '2.0', id: message.id, result };
              if (message.method === 'tools/call') void gate.promise.then(() => send(answer));
              if (message.id !== undefined) void send(answer).then(() => send(answer));
              void send({ jsonrpc: '2.0', id: 9_999, result: {} });
            };
            await transport.start();
          },
          close: async () => {},
          registerTool: () => {},
        }) as SdkServer,
    );
    const observe = (event: { type: string; where?: string }): void => {
      if (event.type === 'failure') causes.push(String(event.where));
    };
    const { url } = await startServer({ mcp, options: { observe } });
    const session = await openWire(url);
    const answer = await session.ask('tools/call', { name: 'x' });
    expect(answer.result.serverInfo.name).toBe('twice');
    gate.resolve();
    await session.ask('tools/call', { name: 'x' });
    // Reported once, because a faulty server may do it at every call.
    await eventually('the report', () => causes.length > 0);
    expect(causes).toEqual(['The hosted server']);
  });
});
