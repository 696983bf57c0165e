import { describe, expect, test } from '@jest/globals';
import { send } from '../../support/raw-client.js';
import { addGate } from '../../support/test-tools.js';
import { eventually } from '../../support/wait.js';
import { isResponse } from '../client.js';
import { specServer } from '../server.js';
import { ABLE, requestAlone, start, textOf } from './client.js';

async function running() {
  const mcp = specServer();
  const gate = addGate(mcp);
  const started = await start({ mcp, capabilities: ABLE });
  const stream = await started.client.callStream('gate', {}, { id: 'g', meta: { progressToken: 't' } });
  return { ...started, gate, stream, call: await gate.begun() };
}

describe('a request whose client is gone', () => {
  test('its handler is told to stop [cancellation.stop-processing, cancellation.disconnect]', async () => {
    const { stream, call } = await running();
    expect(call.ctx.signal.aborted).toBe(false);
    stream.destroy();
    await call.aborted;
  });

  test('it is not answered, and nothing of it is left [cancellation.no-response, cancellation.free-resources]', async () => {
    const { stream, call, router } = await running();
    stream.destroy();
    await call.aborted;
    await eventually('nothing is left', async () => {
      const { calls, streams } = await router.stats();
      return calls + streams === 0;
    });
    call.resolve('too late');
    expect(stream.messages.filter(isResponse)).toEqual([]);
  });

  test('whichever of answer and disconnection is first, all others are served [cancellation.races]', async () => {
    for (const first of ['answer', 'disconnection']) {
      const { client, stream, call, router } = await running();
      if (first === 'disconnection') stream.destroy();
      call.resolve('done');
      if (first === 'answer') stream.destroy();
      await stream.untilClosed();
      await eventually('nothing is left', async () => (await router.stats()).calls === 0);
      expect((await client.call('who')).status).toBe(200);
    }
  });
});

describe('notifications/cancelled', () => {
  test('whatever it names, it is taken and ignored [cancellation.invalid-ignored, cancellation.races]', async () => {
    const { stream, call, url } = await running();
    for (const params of [{}, { requestId: null }, { requestId: 'other' }, { requestId: 7 }]) {
      const { headers, body } = requestAlone('notifications/cancelled', params);
      const { id: _none, ...notification } = body;
      const { status, text } = await send(url, { headers, body: notification });
      expect([status, text]).toEqual([202, '']);
    }
    expect(call.ctx.signal.aborted).toBe(false);
    call.resolve('done');
    await stream.untilClosed();
    expect(stream.messages).toMatchObject([{ id: 'g', result: {} }]);
  });

  test('that of another client cancels nothing [cancellation.invalid-ignored]', async () => {
    const { stream, call, url } = await running();
    const { headers, body } = requestAlone('notifications/cancelled', { requestId: 'g' });
    const { id: _none, ...notification } = body;
    expect((await send(url, { headers, body: notification })).status).toBe(202);
    expect(call.ctx.signal.aborted).toBe(false);
    call.resolve('done');
    await stream.untilClosed();
    expect(stream.messages).toHaveLength(1);
  });

  test('the server sends none: not for a late call, not for a question, not when it stops [cancellation.nothing-else, cancellation.server-reference]', async () => {
    const mcp = specServer();
    mcp.registerTool('late', { timeoutMs: 5 }, () => new Promise<string>(() => {}));
    const gate = addGate(mcp);
    const { client, router } = await start({ mcp, capabilities: ABLE, options: { clientRequestTimeoutMs: 5 } });
    const listening = await client.listen({ toolsListChanged: true });
    const late = await client.callStream('late');
    const asking = await client.callStream('roots');
    const running = await client.callStream('gate');
    await gate.begun();
    await late.untilClosed();
    await asking.untilClosed();
    await router.close({ graceMs: 0 });
    for (const stream of [listening, late, asking, running]) {
      await stream.untilClosed();
      expect(stream.messages.map(({ method }) => method)).not.toContain('notifications/cancelled');
      expect(stream.messages.filter(isResponse)).toHaveLength(1);
    }
  });
});

test('one cancelled request does not end others of its id [cancellation.races]', async () => {
  const { client, gate, stream, call } = await running();
  const other = client.call('gate', {}, { id: 'g' });
  const theirs = await gate.begun();
  stream.destroy();
  await call.aborted;
  theirs.resolve('done');
  expect(textOf(await other)).toBe('done');
});

test('why a request ended is told to who observes, not to its handler alone [cancellation.log-reasons]', async () => {
  const ended: object[] = [];
  const mcp = specServer();
  const gate = addGate(mcp);
  const { client } = await start({
    mcp,
    options: { observe: (event) => event.type === 'call-ended' && ended.push(event) },
  });
  const stream = await client.callStream('gate');
  const call = await gate.begun();
  stream.destroy();
  await call.aborted;
  await eventually('it was told', () => ended.length === 1);
  expect(ended).toMatchObject([{ method: 'tools/call', name: 'gate', outcome: 'cancelled' }]);
  expect(String(call.ctx.signal.reason)).toMatch(/client/i);
});
