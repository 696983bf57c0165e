import { describe, expect, test } from '@jest/globals';
import { openSession, REVISIONS } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { addGate, testServer } from '../support/test-tools.js';

const SSE_ONLY = { accept: 'text/event-stream' };

async function gated(revision: string, headers: Record<string, string | undefined>) {
  const mcp = testServer();
  const gate = addGate(mcp);
  const { url } = await startServer({ mcp, options: { keepAliveMs: 5, retryMs: 1234 } });
  const session = await openSession(url, revision);
  const stream = await session.callStream('gate', {}, 1, { progressToken: 't', headers: { ...SSE_ONLY, ...headers } });
  const call = await gate.begun();
  return { session, stream, call };
}

describe('the priming event (R42)', () => {
  test('2025-11-25: the first event has an id, empty data and the retry time (R42, DESIGN 6)', async () => {
    const { stream, call } = await gated('2025-11-25', {});
    await stream.until('an event', () => stream.events.length > 0);
    expect(stream.events[0]).toMatchObject({ id: expect.stringMatching(/.+/), data: '', retry: 1234 });
    expect(stream.events[0]?.event).toBeUndefined();
    await call.ctx.progress(1);
    call.resolve('done');
    await stream.untilClosed();
    expect(stream.events.filter(({ data }) => data === '')).toHaveLength(1);
    expect(stream.messages).toHaveLength(2);
    expect(new Set(stream.ids).size).toBe(3);
  });

  test('2025-11-25: a client can resume from the priming event alone, and gets everything (R42, R7)', async () => {
    const { session, stream, call } = await gated('2025-11-25', {});
    await stream.until('an event', () => stream.events.length > 0);
    stream.reset();
    await call.ctx.progress(1);
    call.resolve('done');
    const resumed = await session.replay(String(stream.lastId));
    expect(resumed.messages).toMatchObject([{ method: 'notifications/progress' }, { id: 1, result: {} }]);
  });

  test.each([
    ['2025-03-26', { 'mcp-protocol-version': '2025-03-26' }],
    ['2025-03-26', { 'mcp-protocol-version': undefined }],
    ['2025-06-18', { 'mcp-protocol-version': '2025-06-18' }],
    ['2025-06-18', { 'mcp-protocol-version': undefined }],
    ['2025-06-18', { 'mcp-protocol-version': '2025-11-25' }],
    ['2025-11-25', { 'mcp-protocol-version': '2025-06-18' }],
    ['2025-11-25', { 'mcp-protocol-version': undefined }],
  ])('a session of %s with %p never sees empty data, and every data is JSON-RPC (R42)', async (revision, headers) => {
    const { session, stream, call } = await gated(revision, headers);
    await call.ctx.progress(1);
    await stream.untilMessages(1);
    const comments = stream.blocks.length;
    await stream.until('keep-alives', () => stream.blocks.length > comments + 2);
    call.resolve('done');
    await stream.untilClosed();
    const resumed = await session.replay(String(stream.ids[0]), headers);
    for (const each of [stream, resumed]) {
      expect(each.events.map(({ data }) => data)).not.toContain('');
      for (const message of each.messages) expect(message.jsonrpc).toBe('2.0');
    }
    expect(stream.messages).toHaveLength(2);
  });

  test.each(REVISIONS)('GET in %s: no empty data before or after a message', async (revision) => {
    const mcp = testServer();
    const { url } = await startServer({ mcp, options: { keepAliveMs: 5 } });
    const session = await openSession(url, revision);
    const stream = await session.listen();
    mcp.registerTool('new', {}, () => 'x');
    await stream.untilMessages(1);
    expect(stream.messages).toEqual([{ jsonrpc: '2.0', method: 'notifications/tools/list_changed' }]);
    if (revision !== '2025-11-25') expect(stream.events.map(({ data }) => data)).not.toContain('');
  });
});
