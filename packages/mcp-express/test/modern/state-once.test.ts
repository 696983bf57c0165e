import { describe, expect, test } from '@jest/globals';
import { openSession } from '../support/session.js';
import { authenticateByHeader, USER_HEADER } from '../support/start-server.js';
import { addGate } from '../support/test-tools.js';
import { accepted, askingServer, codeOf, start, textOf } from './alone.js';

const PARAMS = { name: 'greet', arguments: {} };
const ANSWERS = { 'elicitation-1': accepted({ name: 'Anna' }) };

async function once(options: object = {}) {
  const count = { entered: 0 };
  const mcp = askingServer(count);
  const gate = addGate(mcp);
  const server = await start({ mcp, options: { stateOnce: true, ...options }, before: [authenticateByHeader] });
  const client = server.client.as({ user: 'anna' });
  return { ...server, client, count, gate };
}

describe('where a state may be used once (R31)', () => {
  test('of 50 that use it at once one is served, and the handler is entered once (R31)', async () => {
    const { client, count } = await once();
    const first = await client.call('greet');
    count.entered = 0;
    const all = await Promise.all(Array.from({ length: 50 }, () => client.again(PARAMS, first, ANSWERS)));
    const codes = all.map((answer) => codeOf(answer).join(' '));
    expect(codes.filter((code) => code === '200 ')).toHaveLength(1);
    expect(codes.filter((code) => code === '400 -32602')).toHaveLength(49);
    expect(count.entered).toBe(1);
  });

  test('one that was refused because too much runs is not used up: Retry-After means what it says (R31)', async () => {
    const { client, gate } = await once({ maxCallsPerPrincipal: 1 });
    const first = await client.call('greet');
    const busy = client.call('gate');
    const running = await gate.begun();
    const refused = await client.again(PARAMS, first, ANSWERS);
    expect([refused.status, refused.json.error.data.reason]).toEqual([429, 'too-many-calls']);
    running.resolve('done');
    await busy;
    expect(textOf(await client.again(PARAMS, first, ANSWERS))).toBe('Hello Anna {}');
  });

  test('one that came with answers that are none is not used up either: nothing has run (R31)', async () => {
    const { client, count } = await once();
    const first = await client.call('greet');
    count.entered = 0;
    // null is absent: a round without answers.
    for (const wrong of [[], 'x', 5, { 'elicitation-1': 5 }]) {
      expect(codeOf(await client.again(PARAMS, first, wrong as object))[1]).toBe(-32602);
    }
    expect(count.entered).toBe(0);
    expect(textOf(await client.again(PARAMS, first, ANSWERS))).toBe('Hello Anna {}');
  });

  test('one that somebody else tried is not used up (R31)', async () => {
    const { client } = await once();
    const first = await client.call('greet');
    expect(codeOf(await client.again(PARAMS, first, ANSWERS, { user: 'mallory' }))).toEqual([400, -32602]);
    expect(codeOf(await client.again({ ...PARAMS, name: 'other' }, first, ANSWERS))).toEqual([400, -32602]);
    expect(textOf(await client.again(PARAMS, first, ANSWERS))).toBe('Hello Anna {}');
  });
});

describe('a state on what it was not made for (R31)', () => {
  test.each<[string, object]>([
    ['another tool', { name: 'other', arguments: {} }],
    ['a prompt of the same name', { name: 'greet' }],
    ['a resource', { uri: 'asks://greet' }],
    ['other arguments', { name: 'greet', arguments: { a: 1 } }],
  ])('%s: 400 and -32602, nothing is entered (R31)', async (_what, params) => {
    const { client, count } = await once();
    const first = await client.call('greet');
    count.entered = 0;
    expect(codeOf(await client.again(params, first, ANSWERS))).toEqual([400, -32602]);
    expect(count.entered).toBe(0);
  });

  test('is not looked at by methods that have no rounds (R31)', async () => {
    const { client } = await once();
    const answer = await client.ask('tools/list', { requestState: 'forged', inputResponses: 5 });
    expect(codeOf(answer)).toEqual([200, undefined]);
  });

  test('means nothing in a session: it is neither opened nor refused there (R20)', async () => {
    const { client, count, url } = await once();
    const session = await openSession(url, '2025-11-25', { [USER_HEADER]: 'anna' });
    const first = await client.call('greet');
    count.entered = 0;
    const params = { ...PARAMS, requestState: first.json.result.requestState, inputResponses: ANSWERS };
    const answer = await session.post({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
    // Its client did not declare that it can be asked: the answers of a client count for nothing there.
    expect(answer.json.result).toMatchObject({ isError: true });
    expect(count.entered).toBe(1);
  });
});
