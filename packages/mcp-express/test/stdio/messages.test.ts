/** Single messages over stdio, in process: errors, order, limits and ends (R54). */
import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { McpServer } from 'mcp-express';
import { type StdioOptions, type StdioServer, serveStdio } from 'mcp-express/stdio';
import { z } from 'zod';
import { onCleanup } from '../support/cleanup.js';
import type { JsonBody } from '../support/raw-client.js';
import { deferred, eventually, within } from '../support/wait.js';

const MODERN = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': { elicitation: {} },
};

const INITIALIZE = {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'lines', version: '1' },
};

class Peer {
  readonly input = new PassThrough();
  readonly output = new PassThrough({ highWaterMark: 1024 });
  readonly messages: JsonBody[] = [];
  readonly server: StdioServer;
  #rest = '';

  constructor(mcp: McpServer, options: StdioOptions = {}) {
    this.output.on('data', (chunk: Buffer) => this.#onData(chunk.toString()));
    this.server = serveStdio(mcp, { logger: false, ...options, input: this.input, output: this.output });
    onCleanup(() => this.server.close({ graceMs: 0 }));
  }

  write(line: string): void {
    this.input.write(line);
  }

  send(...messages: object[]): void {
    for (const message of messages) this.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }

  answer(id: number | string | null): Promise<JsonBody> {
    return eventually(`an answer to ${id}`, () =>
      this.messages.find((message) => message.id === id && message.method === undefined),
    );
  }

  #onData(chunk: string): void {
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.messages.push(JSON.parse(line) as JsonBody);
  }
}

function server(): McpServer {
  const mcp = new McpServer({ name: 'lines', version: '1' });
  mcp.registerTool('echo', { inputSchema: { text: z.string() } }, ({ text }) => text);
  return mcp;
}

describe('messages over stdio (R54)', () => {
  test('lines that are no messages get JSON-RPC errors, and the connection goes on', async () => {
    const peer = new Peer(server(), { maxMessageBytes: 1_000 });
    peer.write('nonsense\n\r\n   \n{"jsonrpc":"2.0"}\n[]\n');
    await eventually('three errors', () => peer.messages.length === 3);
    expect(peer.messages.map(({ id, error }) => [id, error.code])).toEqual([
      [null, -32700],
      [null, -32600],
      [null, -32600],
    ]);
    peer.write(`{"jsonrpc":"2.0","id":9,"method":"${'x'.repeat(5_000)}"}\n`);
    expect((await eventually('a fourth', () => peer.messages[3])).error.message).toContain('1000 bytes');
    peer.send({ id: 1, method: 'tools/list' });
    expect((await peer.answer(1)).error.message).toContain('"initialize"');
    // In pieces, with the line break of Windows, and a character that is split between two chunks.
    const line = Buffer.from(
      `${JSON.stringify({ jsonrpc: '2.0', id: 'é', method: 'initialize', params: INITIALIZE })}\r\n`,
    );
    const middle = line.indexOf(0xc3) + 1;
    peer.input.write(line.subarray(0, middle));
    peer.input.write(line.subarray(middle));
    expect((await peer.answer('é')).result.protocolVersion).toBe('2025-11-25');
    peer.send({ id: 2, method: 'no/such' }, { id: 3, method: 'tools/call', params: { name: 'echo', arguments: {} } });
    expect((await peer.answer(2)).error.code).toBe(-32601);
    expect((await peer.answer(3)).result.isError).toBe(true);
  });

  test('both eras on one connection, each with its own cancellation', async () => {
    const mcp = server();
    const aborted: string[] = [];
    mcp.registerTool('wait', {}, async ({ signal, revision }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      aborted.push(revision);
      return 'late';
    });
    const peer = new Peer(mcp);
    const call = { name: 'wait', arguments: {} };
    peer.send(
      { id: 1, method: 'initialize', params: INITIALIZE },
      { id: 2, method: 'tools/call', params: call },
      { id: 3, method: 'tools/call', params: { ...call, _meta: MODERN } },
      { id: 4, method: 'server/discover', params: { _meta: MODERN } },
      { id: 5, method: 'ping' },
    );
    await Promise.all([peer.answer(4), peer.answer(5)]);
    expect((await peer.answer(4)).result.supportedVersions).toEqual(['2026-07-28']);
    peer.send({ method: 'notifications/cancelled', params: { requestId: 3 } });
    await eventually('the stateless call is aborted', () => aborted.length === 1);
    peer.send({ method: 'notifications/cancelled', params: { requestId: 2 } });
    await eventually('the call of the session is aborted', () => aborted.length === 2);
    expect(aborted).toEqual(['2026-07-28', '2025-11-25']);
    peer.send({
      id: 6,
      method: 'tools/call',
      params: { name: 'echo', arguments: { text: 'x' }, _meta: { ...MODERN } },
    });
    await peer.answer(6);
    expect(peer.messages.map(({ id }) => id).sort()).toEqual([1, 4, 5, 6]);
  });

  test('a subscription without a session receives changes, and ends by a cancellation', async () => {
    const mcp = server();
    const peer = new Peer(mcp);
    peer.send({
      id: 1,
      method: 'subscriptions/listen',
      params: { notifications: { toolsListChanged: true }, _meta: MODERN },
    });
    await eventually('the acknowledgement', () => peer.messages.some(({ method }) => method?.includes('acknowledged')));
    mcp.registerTool('another', {}, () => 'x');
    await eventually('the change', () =>
      peer.messages.some(({ method }) => method === 'notifications/tools/list_changed'),
    );
    peer.send(
      { method: 'notifications/cancelled', params: { requestId: 1 } },
      { id: 2, method: 'server/discover', params: { _meta: MODERN } },
    );
    await peer.answer(2);
    const { length } = peer.messages;
    mcp.registerTool('a-third', {}, () => 'x');
    peer.send({ id: 3, method: 'server/discover', params: { _meta: MODERN } });
    await peer.answer(3);
    expect(peer.messages.slice(length).map(({ id }) => id)).toEqual([3]);
  });

  test('a client that reads slowly is waited for, and loses nothing', async () => {
    const peer = new Peer(server());
    const text = 'x'.repeat(2_000);
    peer.output.pause();
    peer.send({ id: 0, method: 'initialize', params: INITIALIZE });
    for (let id = 1; id <= 200; id += 1) {
      peer.send({ id, method: 'tools/call', params: { name: 'echo', arguments: { text } } });
    }
    await eventually('the server stops reading', () => peer.input.readableLength > 0);
    peer.output.resume();
    await eventually('all answers', () => peer.messages.length === 201);
    expect(peer.messages.map(({ id }) => id)).toEqual(Array.from({ length: 201 }, (_, id) => id));
  });

  test('running calls finish after the end of the input, within the grace period', async () => {
    const mcp = server();
    const gate = deferred();
    mcp.registerTool('slow', {}, async () => gate.promise.then(() => 'done'));
    mcp.registerTool('endless', {}, () => new Promise<string>(() => {}));
    const call = (id: number, name: string) => ({ id, method: 'tools/call', params: { name } });
    const peer = new Peer(mcp);
    peer.send({ id: 1, method: 'initialize', params: INITIALIZE }, call(2, 'slow'));
    peer.input.end();
    await peer.answer(1);
    gate.resolve();
    expect((await peer.answer(2)).result.content[0].text).toBe('done');
    await within('the server closes', peer.server.closed);
    const cut = new Peer(mcp, { graceMs: 20 });
    cut.send({ id: 1, method: 'initialize', params: INITIALIZE }, call(2, 'endless'));
    cut.input.end();
    expect((await cut.answer(2)).error.data.reason).toBe('shutting-down');
    await within('the server closes', cut.server.closed);
  });

  test('a client that dies ends the server, and raises nothing', async () => {
    const peer = new Peer(server());
    peer.send({ id: 1, method: 'initialize', params: INITIALIZE });
    await peer.answer(1);
    peer.output.destroy(new Error('EPIPE'));
    peer.send({ id: 2, method: 'ping' });
    peer.input.destroy();
    await within('the server closes', peer.server.closed);
  });

  test('scopes are those of the principal that the application names', async () => {
    const mcp = server();
    mcp.registerTool('admin', { scopes: ['admin'] }, ({ principal }) => principal?.subject ?? '');
    const call = { id: 2, method: 'tools/call', params: { name: 'admin' } };
    const allowed = new Peer(mcp, { principal: { subject: 'al', scopes: ['admin'] } });
    allowed.send({ id: 1, method: 'initialize', params: INITIALIZE }, call);
    expect((await allowed.answer(2)).result.content[0].text).toBe('al');
    const anonymous = new Peer(mcp);
    anonymous.send({ id: 1, method: 'initialize', params: INITIALIZE }, call);
    expect((await anonymous.answer(2)).error.data.reason).toBe('unauthorized');
  });

  test('wrong arguments are named', () => {
    const wrong = (options: object) => () => serveStdio(server(), options as StdioOptions);
    expect(() => serveStdio({} as McpServer)).toThrow('serveStdio takes an McpServer of mcp-express');
    expect(wrong({ port: 1 })).toThrow('"port"');
    expect(wrong({ graceMs: -1 })).toThrow('"graceMs" must be a whole number of at least 0');
    expect(wrong({ principal: {} })).toThrow('"principal" must have a "subject"');
    expect(wrong({ callTimeoutMs: 'x' })).toThrow('"callTimeoutMs"');
  });
});
