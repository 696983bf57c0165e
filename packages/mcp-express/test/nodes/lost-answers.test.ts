/** What `npm run chaos` has found, reduced. */
import { expect, test } from '@jest/globals';
import { memoryStore } from 'mcp-express';
import { openSession } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { altered } from '../support/stores.js';
import { addGate, testServer } from '../support/test-tools.js';
import { eventually } from '../support/wait.js';

/** A store that is back after a second or two takes what it refused before, if it is asked so often. */
const REFUSALS = 5;

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
