import { describe, expect } from '@jest/globals';
import { memoryStore, type Observation } from 'mcp-express';
import { NEWEST, openSession } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { altered, Line } from '../support/stores.js';
import { addGate, testServer } from '../support/test-tools.js';
import { together } from '../support/together.js';
import { eventually } from '../support/wait.js';

const { test } = together();

/** A store that is back after a second or two takes what it refused before, if it is asked so often. */
const REFUSALS = 5;

const LEASE_MS = 600;

/** More than a node holds for a store that is away. Characters. */
const TOO_MUCH = 33 * 1024 * 1024;

const INTERRUPTED = [{ id: 1, error: { data: { reason: 'call-interrupted' } } }];

const doneWith = (text: string) => [{ id: 1, result: { content: [{ text }] } }];

test('an answer that comes while the store is away and nobody listens is there when both are back (R7, invariant 1)', async () => {
  const mcp = testServer();
  const gate = addGate(mcp);
  const inner = memoryStore();
  let isAway = false;
  let refused = 0;
  const unlessAway = async <T>(act: () => Promise<T>): Promise<T> => {
    isAway &&= refused < REFUSALS;
    if (!isAway) return act();
    refused += 1;
    throw new Error('away');
  };
  const store = altered(inner, {
    streams: {
      append: (...given) => unlessAway(() => inner.streams.append(...given)),
      end: (...given) => unlessAway(() => inner.streams.end(...given)),
    },
  });
  const { url } = await startServer({ mcp, options: { store } });
  const session = await openSession(url);
  const stream = await session.callStream('gate', {}, 1);
  const call = await gate.begun();
  await eventually('it can be resumed', () => stream.lastId !== undefined);
  stream.reset();
  isAway = true;
  call.resolve('done');
  await eventually('the store is back', () => !isAway);
  const resumed = await session.replay(String(stream.lastId));
  expect(resumed.messages).toMatchObject([{ id: 1 }]);
});

/** Two nodes with a line each to one store; a call runs on the first, and its client can come back by the other. */
async function twoNodes({ leaseMs = LEASE_MS, revision = NEWEST } = {}) {
  const shared = memoryStore();
  const mcp = testServer();
  const gate = addGate(mcp);
  const lines = [new Line(shared), new Line(shared)] as const;
  const failures: string[] = [];
  const observe = (event: Observation) => void (event.type === 'failure' && failures.push(event.where));
  const start = (line: Line) => startServer({ mcp, options: { store: line.store, leaseMs, retryMs: 10, observe } });
  const [runs, other] = [await start(lines[0]), await start(lines[1])];
  const session = await openSession(runs.url, revision);
  const opening = session.callStream('gate', {}, 1, { headers: { accept: 'text/event-stream' } });
  const call = await gate.begun();
  const stream = await opening;
  return { line: lines[0], stream, call, session, failures, there: session.via(other.url) };
}

describe('an answer while its node cannot reach the store (R7, invariant 1)', () => {
  test('is given to who is connected, and kept for a client whose connection was dead further out', async () => {
    const { line, stream, call, session, there } = await twoNodes({ leaseMs: 60_000 });
    await eventually('it can be resumed', () => stream.lastId !== undefined);
    line.cut();
    call.resolve('done');
    await stream.untilClosed();
    expect(stream.messages).toMatchObject(doneWith('done'));
    line.mend();
    for (const way of [there, session]) {
      const resumed = await way.resume(String(stream.lastId));
      await resumed.untilClosed();
      expect(resumed.messages).toMatchObject(doneWith('done'));
    }
  });

  test('is not given once another node may have told that the call was interrupted: both tell the same', async () => {
    const { line, stream, call, there } = await twoNodes();
    await eventually('it can be resumed', () => stream.lastId !== undefined);
    line.cut();
    const resumed = await there.replay(String(stream.lastId));
    expect(resumed.messages).toMatchObject(INTERRUPTED);
    call.resolve('done');
    await stream.untilClosed();
    expect(stream.messages).toEqual([]);
    expect(stream.text).toMatch(/: the answer is held back .*\n\nretry: 10\n\n$/);
    line.mend();
    const again = await there.replay(String(stream.lastId));
    expect(again.messages).toMatchObject(INTERRUPTED);
  });

  test('is the one of the log where the store is back while the connection is open', async () => {
    const { line, stream, call, there } = await twoNodes();
    await eventually('it can be resumed', () => stream.lastId !== undefined);
    line.cut();
    const resumed = await there.replay(String(stream.lastId));
    expect(resumed.messages).toMatchObject(INTERRUPTED);
    call.resolve('done');
    line.mend();
    await stream.untilClosed();
    expect(stream.messages).toMatchObject(INTERRUPTED);
  });

  test('is given to a client that has no event id to come back with: no other node can tell it anything', async () => {
    const { line, stream, call } = await twoNodes({ revision: '2025-06-18' });
    line.cut();
    const cutAt = performance.now();
    await eventually('the lease is over', () => performance.now() - cutAt > LEASE_MS);
    call.resolve('done');
    await stream.untilClosed();
    expect(stream.lastId).toBeUndefined();
    expect(stream.messages).toMatchObject(doneWith('done'));
    line.mend();
  });

  test('is held up to a bound: beyond it, whoever comes back is told that it could not be kept', async () => {
    const { line, stream, call, there, failures } = await twoNodes({ leaseMs: 60_000 });
    await eventually('it can be resumed', () => stream.lastId !== undefined);
    stream.reset();
    line.cut();
    call.resolve('x'.repeat(TOO_MUCH));
    await eventually('the store did not take it', () => failures.includes('storing an answer'));
    line.mend();
    const resumed = await there.replay(String(stream.lastId));
    expect(resumed.messages).toMatchObject([{ id: 1, error: { data: { reason: 'answer-not-kept' } } }]);
  });
});
