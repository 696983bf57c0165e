import { describe, expect, test } from '@jest/globals';
import { ping } from '../support/session.js';
import { addGate } from '../support/test-tools.js';
import { eventually } from '../support/wait.js';
import { ABLE, answerTo, dialogue, isResponse, messagesOfCall, open, untilAsked } from './client.js';
import { ALL } from './requirement.js';
import { specServer } from './server.js';

const SSE_ONLY = { accept: 'text/event-stream' };
const PROMPT = { messages: [{ role: 'user', content: { type: 'text', text: 'Hi' } }], maxTokens: 5 };
const COMPLETION = { role: 'assistant', model: 'm', content: { type: 'text', text: 'Hi' } };
const FORM = { message: 'Who?', requestedSchema: { type: 'object', properties: { name: { type: 'string' } } } };

async function running(revision: string) {
  const mcp = specServer();
  const gate = addGate(mcp);
  const opened = await open({ revision, mcp, capabilities: ABLE });
  const stream = await opened.session.callStream('gate', {}, 'g', { progressToken: 't', headers: SSE_ONLY });
  return { ...opened, stream, call: await gate.begun() };
}

const cancelled = (params: unknown) => ({ jsonrpc: '2.0', method: 'notifications/cancelled', params });
const cancellationsIn = (messages: readonly { method?: string }[]) =>
  messages.filter(({ method }) => method === 'notifications/cancelled');

describe('a request that the client cancels', () => {
  test.each(ALL)('%s: its handler is told to stop [cancellation.stop-processing]', async (revision) => {
    const { session, call } = await running(revision);
    await session.cancel('g', 'changed my mind');
    await call.aborted;
    expect(call.ctx.signal.reason).toBe('changed my mind');
  });

  test.each(ALL)('%s: it is not answered, and its stream ends [cancellation.no-response]', async (revision) => {
    const { session, stream, call } = await running(revision);
    await session.cancel('g');
    call.resolve('too late');
    expect(await stream.untilClosed()).toBe('end');
    expect(stream.messages.filter(isResponse)).toEqual([]);
  });

  test.each(ALL)('%s: nothing of it is left [cancellation.free-resources]', async (revision) => {
    const { session, stream, router } = await running(revision);
    expect(await router.stats()).toMatchObject({ calls: 1, streams: 1 });
    await session.cancel('g');
    await stream.untilClosed();
    await eventually('nothing runs', async () => {
      const { calls, streams } = await router.stats();
      return calls + streams === 0;
    });
  });

  test.each(ALL)(
    '%s: a cancellation after the answer changes nothing [cancellation.races, cancellation.invalid-ignored]',
    async (revision) => {
      const { session, stream, call } = await running(revision);
      call.resolve('done');
      await stream.untilClosed();
      const { status, text } = await session.cancel('g');
      expect([status, text]).toEqual([202, '']);
      expect((await session.post(ping('g'))).json).toMatchObject({ id: 'g', result: {} });
    },
  );

  test.each(ALL)(
    '%s: whichever of answer and cancellation is first, there is one end [cancellation.races]',
    async (revision) => {
      for (const first of ['answer', 'cancellation']) {
        const { session, stream, call } = await running(revision);
        const cancelling = first === 'cancellation' ? session.cancel('g') : undefined;
        call.resolve('done');
        await (cancelling ?? session.cancel('g'));
        expect(await stream.untilClosed()).toBe('end');
        expect(stream.messages.filter(isResponse).length).toBeLessThanOrEqual(1);
        expect((await session.post(ping())).status).toBe(200);
      }
    },
  );

  test.each(ALL)(
    '%s: malformed cancellations, and those of unknown requests, are ignored [cancellation.invalid-ignored]',
    async (revision) => {
      const { session, call, stream } = await running(revision);
      for (const params of [
        undefined,
        {},
        { requestId: null },
        { requestId: {} },
        { requestId: 'other' },
        { requestId: 7 },
      ]) {
        const { status, text } = await session.post(cancelled(params));
        expect([status, text]).toEqual([202, '']);
      }
      expect(call.ctx.signal.aborted).toBe(false);
      call.resolve('done');
      await stream.untilClosed();
      expect(stream.messages).toMatchObject([{ id: 'g', result: {} }]);
    },
  );
});

describe('a request that the server cancels', () => {
  test.each(ALL)(
    '%s: it is one of its own, still unanswered [cancellation.same-direction, cancellation.in-progress]',
    async (revision) => {
      const { session } = await open({ revision, capabilities: ABLE, options: { clientRequestTimeoutMs: 30 } });
      const [asked, withdrawn] = await messagesOfCall(session, 'sample', { what: PROMPT });
      expect(withdrawn).toMatchObject({ method: 'notifications/cancelled', params: { requestId: asked?.id } });
    },
  );

  test.each(ALL)('%s: one that was answered is not cancelled [cancellation.in-progress]', async (revision) => {
    const { session } = await open({ revision, capabilities: ABLE });
    const { result, messages } = await dialogue(session, 'sample', { what: PROMPT }, COMPLETION);
    expect(result.isError).toBeUndefined();
    expect(cancellationsIn(messages)).toEqual([]);
  });

  test.each(ALL)(
    '%s: one that was answered with an error is not cancelled [cancellation.in-progress]',
    async (revision) => {
      const { session } = await open({ revision, capabilities: ABLE });
      const { stream, asked } = await untilAsked(session, 'sample', { what: PROMPT });
      await session.post({ jsonrpc: '2.0', id: asked.id, error: { code: -1, message: 'The user said no.' } });
      await stream.untilClosed();
      expect(stream.messages.at(-1)?.result.isError).toBe(true);
      expect(cancellationsIn(stream.messages)).toEqual([]);
    },
  );

  test.each(ALL.slice(1))('%s: nor is one whose answer is not valid [cancellation.in-progress]', async (revision) => {
    const { session } = await open({ revision, capabilities: ABLE });
    const answer = { action: 'accept', content: { name: 5 } };
    const { result, messages } = await dialogue(session, 'elicit', { what: FORM }, answer);
    expect(result.isError).toBe(true);
    expect(cancellationsIn(messages)).toEqual([]);
  });

  test.each(ALL)(
    '%s: an answer that comes afterwards is dropped [cancellation.ignore-late-response]',
    async (revision) => {
      const { session } = await open({ revision, capabilities: ABLE, options: { clientRequestTimeoutMs: 30 } });
      const { stream, asked } = await untilAsked(session, 'sample', { what: PROMPT });
      await stream.untilClosed();
      const { status, text } = await answerTo(session, asked, COMPLETION);
      expect([status, text]).toEqual([202, '']);
      expect((await session.post(ping())).json.result).toEqual({});
    },
  );
});
