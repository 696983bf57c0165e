import { describe, expect, test } from '@jest/globals';
import { ResourceTemplate, type RouterOptions } from 'mcp-express';
import { META, start } from '../spec/modern/client.js';
import type { JsonBody, SseStream } from '../support/raw-client.js';
import { authenticateByHeader, USER_HEADER } from '../support/start-server.js';
import { testServer } from '../support/test-tools.js';
import { eventually } from '../support/wait.js';

const ACK = 'notifications/subscriptions/acknowledged';
const LISTENERS = 30;
const UPDATES = 1_000;
const CHANGES = 50;

/** A server with as many resources as a test names. */
function serving(options: RouterOptions = {}) {
  const mcp = testServer();
  mcp.registerResource('items', new ResourceTemplate('test://items/{n}'), {}, () => 'x');
  return start({ mcp, options, before: [authenticateByHeader] });
}

type Started = Awaited<ReturnType<typeof serving>>;

const uri = (n: number): string => `test://items/${n}`;
const URIS = Array.from({ length: UPDATES }, (_each, n) => uri(n));

/** What a stream was told, in order, in few words. */
const toldOn = ({ messages }: SseStream): string[] => messages.map(({ method, params }) => params?.uri ?? method);

/** Tells of everything there is, and gives what a listener is to hear of it. */
async function tellAll({ router }: Started): Promise<string[]> {
  const told: string[] = [];
  for (const [n, each] of URIS.entries()) {
    void router.notify.resourceUpdated(each);
    told.push(each);
    if (n % (UPDATES / CHANGES) !== 0) continue;
    await router.notify.toolsChanged();
    told.push('notifications/tools/list_changed');
  }
  return told;
}

const untilListeners = ({ router }: Started, count: number): Promise<true> =>
  eventually(`${count} listen`, async () => (await router.stats()).listeners === count);

async function expectNothingLeft({ router }: Started): Promise<void> {
  await eventually('nothing is left', async () => {
    const { calls, streams, listeners } = await router.stats();
    return calls + streams + listeners === 0;
  });
}

describe('30 that listen (R30)', () => {
  test('each hear everything once and in order, after the acknowledgement, with their own id', async () => {
    const started = await serving();
    const notifications = { toolsListChanged: true, resourceSubscriptions: URIS };
    const ids = Array.from({ length: LISTENERS }, (_each, n) => (n % 2 === 0 ? n : `listener-${n}`));
    const streams = await Promise.all(ids.map((id) => started.client.listen(notifications, { id })));
    await untilListeners(started, LISTENERS);
    const expected = [ACK, ...(await tellAll(started))];
    await Promise.all(streams.map((stream) => stream.untilMessages(expected.length)));
    // Whatever would be there twice would be there before the answers that end the streams.
    await started.router.close({ graceMs: 0 });
    for (const [index, stream] of streams.entries()) {
      expect(await stream.untilClosed()).toBe('end');
      const frames = stream.messages.slice(0, -1);
      expect(frames.map(({ method, params }) => params.uri ?? method)).toEqual(expected);
      expect(new Set(frames.map(({ params }) => params._meta[META.subscription]))).toEqual(new Set([ids[index]]));
      expect(stream.messages.at(-1)).toMatchObject({ id: ids[index], result: { resultType: 'complete' } });
    }
    await expectNothingLeft(started);
  });

  test('of different things each hear of theirs alone', async () => {
    const started = await serving();
    const streams = await Promise.all(
      Array.from({ length: LISTENERS }, (_each, n) => {
        const own = URIS.filter((_uri, index) => index % LISTENERS === n);
        return started.client.listen({ resourceSubscriptions: own }, { id: n });
      }),
    );
    await untilListeners(started, LISTENERS);
    await tellAll(started);
    await started.router.close({ graceMs: 0 });
    for (const [n, stream] of streams.entries()) {
      await stream.untilClosed();
      expect(toldOn(stream).slice(1, -1)).toEqual(URIS.filter((_uri, index) => index % LISTENERS === n));
    }
  });

  test('are ended by the router that closes, each with its own result', async () => {
    const started = await serving();
    const streams = await Promise.all(
      Array.from({ length: LISTENERS }, (_each, id) => started.client.listen({ toolsListChanged: true }, { id })),
    );
    await started.router.close();
    for (const [id, stream] of streams.entries()) {
      expect(await stream.untilClosed()).toBe('end');
      expect(stream.messages.slice(1)).toMatchObject([
        { id, result: { resultType: 'complete', _meta: { [META.subscription]: id } } },
      ]);
    }
    await expectNothingLeft(started);
  });
});

describe('a stream of a listener (R30)', () => {
  test('is given back when the client goes, however it goes', async () => {
    const started = await serving({ maxListenersPerPrincipal: 3 });
    for (const leave of ['destroy', 'reset', 'destroy'] as const) {
      const streams = await Promise.all([1, 2, 3].map((id) => started.client.listen({}, { id, user: 'bob' })));
      await untilListeners(started, 3);
      for (const stream of streams) stream[leave]();
      await expectNothingLeft(started);
    }
  });

  test('says something now and then, so that proxies keep it', async () => {
    const { client } = await serving({ keepAliveMs: 5 });
    const stream = await client.listen({ toolsListChanged: true });
    const comments = (): number => stream.text.split('\n').filter((line) => line.startsWith(':')).length;
    const before = comments();
    await stream.until('five comments', () => comments() >= before + 5);
    expect(stream.messages).toHaveLength(1);
  });
});

describe('how many one principal may have (R45)', () => {
  async function refused(started: Started, asking: object): Promise<JsonBody> {
    const answer = await started.client.ask('subscriptions/listen', { notifications: {} }, asking);
    expect([answer.status, answer.json.error.data.reason]).toEqual([429, 'too-many-streams']);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    return answer;
  }

  test('the 5th of 4 is refused with 429 and Retry-After, while the first of another opens', async () => {
    const started = await serving({ maxListenersPerPrincipal: 4 });
    const { client } = started;
    const bobs = await Promise.all(
      [1, 2, 3, 4].map((id) => client.listen({ toolsListChanged: true }, { id, user: 'bob' })),
    );
    await refused(started, { user: 'bob' });
    const alices = await client.listen({ toolsListChanged: true }, { user: 'alice' });
    await started.router.notify.toolsChanged();
    for (const stream of [...bobs, alices]) await stream.untilMessages(2);
    bobs[0]?.destroy();
    await untilListeners(started, 4);
    await client.listen({}, { user: 'bob' });
    await refused(started, { user: 'bob' });
  });

  test('however many are opened at once', async () => {
    const started = await serving({ maxListenersPerPrincipal: 4 });
    const opened = await Promise.allSettled(
      Array.from({ length: 40 }, (_each, id) => started.client.listen({}, { id, user: 'bob' })),
    );
    expect(opened.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
    await untilListeners(started, 4);
  });

  test('who did not sign in is counted by address', async () => {
    const started = await serving({ maxListenersPerPrincipal: 1 });
    await started.client.listen({});
    await refused(started, {});
    await started.client.listen({}, { user: 'bob' });
  });
});

test('streams do not outlive the token they were opened with, and end in an orderly way (R45)', async () => {
  const expiresAt = (Date.now() + 500) / 1_000;
  const started = await serving({
    principal: (request) => {
      const subject = request.get(USER_HEADER) ?? 'nobody';
      return { subject, ...(subject === 'bob' ? { expiresAt } : {}) };
    },
  });
  const stays = await started.client.listen({ toolsListChanged: true }, { id: 'a', user: 'alice' });
  const ids = Array.from({ length: LISTENERS }, (_each, id) => id);
  const end = await Promise.all(ids.map((id) => started.client.listen({}, { id, user: 'bob' })));
  expect(await Promise.all(end.map((stream) => stream.untilClosed()))).toEqual(ids.map(() => 'end'));
  expect(Date.now() / 1_000).toBeGreaterThanOrEqual(expiresAt - 0.01);
  expect(end.map(({ messages }) => messages[1]?.id)).toEqual(ids);
  for (const { messages } of end) expect(messages[1].result.resultType).toBe('complete');
  await untilListeners(started, 1);
  await started.router.notify.toolsChanged();
  expect(await stays.untilMessages(2)).toHaveLength(2);
});
