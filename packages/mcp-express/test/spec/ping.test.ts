import { expect, test } from '@jest/globals';
import { ping } from '../support/session.js';
import { addGate } from '../support/test-tools.js';
import { joinSilently, open } from './client.js';
import { ALL } from './requirement.js';
import { specServer } from './server.js';
import { tour } from './tour.js';

test.each(ALL)('%s: a ping is answered with an empty result [ping.empty-result]', async (revision) => {
  const { session } = await open({ revision });
  for (const id of ['123', 123]) {
    expect((await session.post(ping(id))).json).toEqual({ jsonrpc: '2.0', id, result: {} });
  }
  expect((await session.post({ ...ping(), params: {} })).json.result).toEqual({});
});

test.each(ALL)('%s: it is answered while calls run, and before initialized [ping.empty-result]', async (revision) => {
  const mcp = specServer();
  const gate = addGate(mcp);
  const { session, url } = await open({ revision, mcp });
  const stream = await session.callStream('gate', {}, 'g', { headers: { accept: 'text/event-stream' } });
  const call = await gate.begun();
  expect((await session.post(ping())).json.result).toEqual({});
  call.resolve('done');
  await stream.untilClosed();
  const early = await joinSilently(url, { revision });
  expect((await early.post(ping())).json.result).toEqual({});
});

test.each(ALL)('%s: the server sends none of its own [ping.not-excessive]', async (revision) => {
  const { messages } = await tour(revision);
  expect(messages.filter(({ method }) => method === 'ping')).toEqual([]);
});
