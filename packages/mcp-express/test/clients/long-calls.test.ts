import { describe, expect, test } from '@jest/globals';
import type { RouterOptions } from 'mcp-express';
import { startServer } from '../support/start-server.js';
import { startProxy } from '../support/tcp-proxy.js';
import { addGate, testServer } from '../support/test-tools.js';
import { eventually, within } from '../support/wait.js';
import { DRIVERS } from './official-clients.js';

describe.each(DRIVERS)('$name and a call that takes long', ({ connect }) => {
  const start = async (options: RouterOptions = {}, throughProxy = false) => {
    const mcp = testServer();
    const gate = addGate(mcp);
    const server = await startServer({ mcp, options: { retryMs: 20, ...options } });
    const proxy = throughProxy ? await startProxy(server.port) : undefined;
    const heard: string[] = [];
    const connected = await connect(proxy?.url ?? server.url, {
      prepare: ({ onNotification }) => onNotification('notifications/tools/list_changed', () => heard.push('tools')),
    });
    await eventually('the GET stream', async () => (await server.router.stats()).streams === 1);
    return { ...server, ...connected, gate, mcp, heard, proxy };
  };

  test('that is silent: heartbeats keep it from its timeout, strictly increasing (R25)', async () => {
    const { callTool, gate } = await start({ progressHeartbeatMs: 100 });
    const heard: number[] = [];
    const timeout = 600;
    const begun = performance.now();
    const calling = callTool(
      'gate',
      {},
      {
        timeout,
        resetTimeoutOnProgress: true,
        onprogress: ({ progress }) => heard.push(progress),
      },
    );
    const call = await gate.begun();
    await eventually('it takes longer than the timeout', () => performance.now() - begun > timeout * 2);
    call.resolve('at last');
    expect((await calling).content[0].text).toBe('at last');
    expect(heard.length).toBeGreaterThanOrEqual(5);
    expect(heard.every((value, at) => at === 0 || value > heard[at - 1]!)).toBe(true);
  });

  test('without a token: no progress frame comes, and the timeout holds (R25)', async () => {
    const { callTool, gate, errors, requests } = await start({ progressHeartbeatMs: 20 });
    const calling = callTool('gate', {}, { timeout: 250, resetTimeoutOnProgress: true });
    const call = await gate.begun();
    await expect(calling).rejects.toThrow(/timed out/i);
    // The client tells the server, which aborts the call (R17).
    await within('the cancellation', call.aborted);
    expect(requests.filter(({ body }) => body?.includes('progressToken'))).toEqual([]);
    expect(errors).toEqual([]);
  });

  test('that its user aborts: the handler hears of it, and the client gets no answer (R17)', async () => {
    const { callTool, gate, router } = await start();
    const abort = new AbortController();
    const calling = callTool('gate', {}, { signal: abort.signal });
    const call = await gate.begun();
    abort.abort(new Error('changed my mind'));
    await expect(calling).rejects.toThrow(/changed my mind/);
    await within('the abort', call.aborted);
    await eventually('the call is over', async () => (await router.stats()).calls === 0);
  });

  test('whose connection is reset in the middle: it resumes by itself and gets the answer exactly once (R7)', async () => {
    const { callTool, gate, proxy, requests } = await start({}, true);
    const heard: number[] = [];
    let answers = 0;
    const calling = callTool('gate', {}, { onprogress: ({ progress }) => heard.push(progress) }).then((result) => {
      answers += 1;
      return result;
    });
    const call = await gate.begun();
    await call.ctx.progress(1);
    await eventually('the first progress', () => heard.length === 1);
    proxy?.reset();
    await call.ctx.progress(2);
    await eventually('the second progress', () => heard.length === 2);
    proxy?.reset();
    call.resolve('survived');
    expect((await calling).content[0].text).toBe('survived');
    expect([heard, answers]).toEqual([[1, 2], 1]);
    expect(gate.calls).toHaveLength(1);
    expect(requests.filter(({ headers }) => headers.has('last-event-id')).length).toBeGreaterThanOrEqual(2);
  });

  test('whose connection is reset before anything was said: the priming event brings it back (R7, R42)', async () => {
    const { callTool, gate, proxy, router } = await start({}, true);
    const calling = callTool('gate');
    const call = await gate.begun();
    await eventually('the stream of the call', async () => (await router.stats()).streams === 2);
    // The client must have read the priming event, which a further round trip through the same proxy makes sure of.
    await callTool('echo', { text: 'x' });
    proxy?.reset();
    call.resolve('survived');
    expect((await within('the answer', calling)).content[0].text).toBe('survived');
    expect(gate.calls).toHaveLength(1);
  });

  test('whose tool closes the stream: the client polls, and gets what was said meanwhile (SEP-1699)', async () => {
    const { callTool, gate, errors } = await start();
    const heard: number[] = [];
    const calling = callTool('gate', {}, { onprogress: ({ progress }) => heard.push(progress) });
    const call = await gate.begun();
    await call.ctx.progress(1);
    await eventually('the first progress', () => heard.length === 1);
    expect(call.ctx.closeStream()).toBe(true);
    await call.ctx.progress(2);
    await eventually('the second progress', () => heard.length === 2);
    call.resolve('polled');
    expect((await calling).content[0].text).toBe('polled');
    expect([heard, errors]).toEqual([[1, 2], []]);
  });

  test('a deadline of the server is an error of the client (R25)', async () => {
    const { callTool, gate } = await start({ callTimeoutMs: 100 });
    const calling = callTool('gate');
    const call = await gate.begun();
    await expect(calling).rejects.toMatchObject({ code: -32000, data: { reason: 'deadline-exceeded' } });
    expect(call.ctx.signal.aborted).toBe(true);
  });

  test("the session's own stream, when it was cut, is resumed and misses nothing (R12, R13)", async () => {
    const { mcp, heard, proxy, router, requests } = await start({}, true);
    const added = mcp.registerTool('one', {}, () => 'x');
    await eventually('the first change', () => heard.length === 1);
    proxy?.reset();
    await eventually('the server has seen it', async () => (await router.stats()).streams === 0, 2_000).catch(() => {});
    added.remove();
    await eventually('the change that was missed', () => heard.length === 2);
    await eventually('the stream is there again', async () => (await router.stats()).streams === 1);
    mcp.registerTool('two', {}, () => 'x');
    await eventually('the change after it', () => heard.length === 3);
    expect(requests.filter(({ method }) => method === 'GET').length).toBeLessThanOrEqual(3);
  });
});
