import { describe, expect, test } from '@jest/globals';
import type { SseStream } from '../support/raw-client.js';
import type { TestSession } from '../support/session.js';
import { addGate } from '../support/test-tools.js';
import { open } from './client.js';
import { ALL, NEWEST_ONLY } from './requirement.js';
import { specServer } from './server.js';

const SSE_ONLY = { accept: 'text/event-stream' };

/** A call that has said two things, and what was cut from its client after the first. */
async function cut(revision: string, tool = 'gate') {
  const mcp = specServer();
  const gate = addGate(mcp);
  const { session } = await open({ revision, mcp });
  const stream = await session.callStream(tool, {}, 'g', { progressToken: 't', headers: SSE_ONLY });
  const call = await gate.begun();
  await call.ctx.progress(1);
  await stream.untilMessages(1);
  stream.reset();
  await call.ctx.progress(2);
  return { mcp, gate, session, stream, call };
}

/** Two calls one after the other, each with its own stream. */
async function twoCalls(session: TestSession): Promise<SseStream[]> {
  const streams: SseStream[] = [];
  for (const id of ['one', 'two']) {
    const options = { progressToken: id, headers: SSE_ONLY };
    const stream = await session.callStream('progress', { values: [1, 2, 3] }, id, options);
    await stream.untilClosed();
    streams.push(stream);
  }
  return streams;
}

describe('event ids', () => {
  test.each(ALL)('%s: none comes twice in a session [transports.event-id.unique]', async (revision) => {
    const { session, mcp } = await open({ revision });
    const own = await session.listen();
    mcp.registerTool('new', {}, () => 'x');
    await own.untilMessages(1);
    const ids = [own, ...(await twoCalls(session))].flatMap((stream) => stream.ids);
    expect(ids.length).toBeGreaterThanOrEqual(9);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/./);
  });

  test.each(NEWEST_ONLY)(
    '%s: each leads back to its stream by itself [transports.event-id.names-stream]',
    async (revision) => {
      const { session } = await open({ revision });
      for (const stream of await twoCalls(session)) {
        for (const [index, id] of stream.ids.entries()) {
          const rest = stream.events.slice(index + 1).map(({ data }) => data);
          if (rest.length === 0) expect((await session.get({ 'last-event-id': id })).status).toBe(405);
          else expect((await session.replay(id)).events.map(({ data }) => data)).toEqual(rest);
        }
      }
    },
  );

  test.each(ALL)(
    '%s: one of another session, or of none, leads nowhere [transports.replay-own-stream]',
    async (revision) => {
      const { session, url } = await open({ revision });
      const other = await open({ revision });
      const [stream] = await twoCalls(session);
      for (const id of [...(stream?.ids ?? []), 'made-up', '0', 'made-up.1']) {
        const answer = await other.session.get({ 'last-event-id': id, accept: 'text/event-stream' });
        expect([answer.status, answer.headers['content-type']]).toEqual([400, 'application/json']);
      }
      expect(url).not.toBe(other.url);
    },
  );
});

describe('resuming', () => {
  test.each(ALL)(
    '%s: a stream of a POST goes on after the event that is named, and ends with the response [transports.resume, transports.replay-own-stream]',
    async (revision) => {
      const { session, stream, call } = await cut(revision);
      const resumed = await session.resume(String(stream.lastId));
      await resumed.untilMessages(1);
      await call.ctx.progress(3);
      call.resolve('done');
      expect(await resumed.untilClosed()).toBe('end');
      expect(resumed.messages).toMatchObject([{ params: { progress: 2 } }, { params: { progress: 3 } }, { id: 'g' }]);
    },
  );

  test.each(ALL)(
    '%s: nothing of another stream of the session is replayed [transports.replay-own-stream]',
    async (revision) => {
      const { session, stream, call, gate } = await cut(revision);
      const other = await session.callStream('gate', {}, 'other', { progressToken: 'o', headers: SSE_ONLY });
      const second = await gate.begun();
      await second.ctx.progress(1);
      const resumed = await session.resume(String(stream.lastId));
      second.resolve('other');
      await other.untilClosed();
      call.resolve('done');
      await resumed.untilClosed();
      expect(resumed.messages.map((each) => each.params?.progressToken ?? each.id)).toEqual(['t', 'g']);
      expect(other.messages.map((each) => each.params?.progressToken ?? each.id)).toEqual(['o', 'other']);
    },
  );

  test.each(ALL)(
    '%s: what was resumed goes to the newer connection alone [transports.resume, transports.no-broadcast]',
    async (revision) => {
      const { session, stream, call } = await cut(revision);
      const id = String(stream.lastId);
      const [first, second] = [await session.resume(id), await session.resume(id)];
      await second.untilMessages(1);
      await first.untilClosed();
      call.resolve('done');
      await second.untilClosed();
      expect(second.messages).toMatchObject([{ params: { progress: 2 } }, { id: 'g' }]);
      expect(first.messages.filter((each) => each.id === 'g')).toEqual([]);
    },
  );
});
