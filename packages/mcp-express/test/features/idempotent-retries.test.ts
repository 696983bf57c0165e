import { describe, expect, test } from '@jest/globals';
import { McpError, type McpServer, type RouterOptions } from 'mcp-express';
import { ABLE, Modern, nextRound } from '../spec/modern/client.js';
import { begin, type RawAnswer } from '../support/raw-client.js';
import { type Headers, openSession, toolCall } from '../support/session.js';
import { authenticateByHeader, startServer, USER_HEADER } from '../support/start-server.js';
import { addGate, testServer } from '../support/test-tools.js';
import { eventually } from '../support/wait.js';

const KEY: Headers = { 'idempotency-key': '8e03978e-40d5-43dd-bc93-6894a57f9324' };
const AS_JSON: Headers = { accept: 'application/json' };
const COPIES = 19;

const as = (user: string): Headers => ({ [USER_HEADER]: user });
const textOf = ({ json }: RawAnswer): string => json.result.content[0].text;
const refusalOf = ({ status, json }: RawAnswer) => [status, json.error?.code, json.error?.data?.reason];

/** A tool that says how often it ran, and one that fails in the words of the protocol. */
function addCounters(mcp: McpServer): { runs: number } {
  const count = { runs: 0 };
  mcp.registerTool('count', { inputSchema: { type: 'object' } }, () => {
    count.runs += 1;
    return `run ${count.runs}`;
  });
  mcp.registerTool('fail', {}, () => {
    count.runs += 1;
    throw new McpError('invalid-params', `refused ${count.runs}`, { data: { field: 'amount' } });
  });
  return count;
}

async function serving(options: RouterOptions = {}, user = '') {
  const mcp = testServer();
  const [count, gate] = [addCounters(mcp), addGate(mcp)];
  const server = await startServer({ mcp, options, before: [authenticateByHeader] });
  const session = await openSession(server.url, undefined, as(user));
  return { ...server, count, gate, session, client: new Modern(server.url, { user }) };
}

describe('a call of a session, sent again with its idempotency key (R36)', () => {
  test('is answered as it was the first time, under its new id; without a key it runs again', async () => {
    const { session, count } = await serving();
    const first = await session.call('count', { a: 1, b: 2 }, 1, { headers: KEY });
    const again = await session.call('count', { b: 2, a: 1 }, 2, { headers: KEY });
    expect([textOf(first), textOf(again), again.json.id]).toEqual(['run 1', 'run 1', 2]);
    expect(textOf(await session.call('count', { a: 1, b: 2 }, 3))).toBe('run 2');
    expect(count.runs).toBe(2);
  });

  test('20 at once, the first of which loses its connection: one run, and the same result for all others', async () => {
    const { session, gate, router } = await serving();
    const lost = begin(session.url, { body: toolCall('gate', { n: 5 }, 0), headers: { ...session.headers, ...KEY } });
    lost.on('error', () => {});
    const call = await gate.begun();
    lost.destroy();
    const headers = { ...KEY, ...AS_JSON };
    const others = Array.from({ length: COPIES }, (_each, i) => session.call('gate', { n: 5 }, i + 1, { headers }));
    await eventually('all have arrived', async () => (await router.stats()).calls === COPIES + 1);
    call.resolve('paid');
    expect((await Promise.all(others)).map(textOf)).toEqual(Array.from({ length: COPIES }, () => 'paid'));
    expect(textOf(await session.call('gate', { n: 5 }, 99, { headers }))).toBe('paid');
    expect(gate.calls).toHaveLength(1);
  });

  test('other arguments or another tool under the key are refused, and run nothing', async () => {
    const { session, count } = await serving();
    await session.call('count', { a: 1 }, 1, { headers: KEY });
    for (const [tool, args] of [
      ['count', { a: 2 }],
      ['count', {}],
      ['echo', { text: 'x' }],
    ] as const) {
      const answer = await session.call(tool, args, 2, { headers: KEY });
      expect(refusalOf(answer)).toEqual([200, -32602, 'idempotency-key-reused']);
    }
    expect(count.runs).toBe(1);
  });

  test('a key belongs to its principal, in whichever session, and to nobody else', async () => {
    const { url, session, count } = await serving({}, 'anna');
    const [later, other] = [
      await openSession(url, undefined, as('anna')),
      await openSession(url, undefined, as('boris')),
    ];
    expect(textOf(await session.call('count', {}, 1, { headers: KEY }))).toBe('run 1');
    expect(textOf(await later.call('count', {}, 1, { headers: KEY }))).toBe('run 1');
    expect(textOf(await other.call('count', {}, 1, { headers: KEY }))).toBe('run 2');
    expect(count.runs).toBe(2);
  });

  test('of those who did not sign in, to its session', async () => {
    const { url, session } = await serving();
    const stranger = await openSession(url);
    expect(textOf(await session.call('count', {}, 1, { headers: KEY }))).toBe('run 1');
    expect(textOf(await stranger.call('count', {}, 1, { headers: KEY }))).toBe('run 2');
  });

  test('a key in `_meta` goes before the header, with the quotes of a structured field or without', async () => {
    const { session } = await serving();
    const keyed = (idempotencyKey: unknown) => ({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'count', arguments: {}, _meta: { idempotencyKey } },
    });
    expect(textOf(await session.post(keyed('a'), KEY))).toBe('run 1');
    expect(textOf(await session.post(keyed('"a"')))).toBe('run 1');
    expect(textOf(await session.call('count', {}, 1, { headers: { 'idempotency-key': '"a"' } }))).toBe('run 1');
    for (const bad of ['', '""', 'a b', 'ä', 7, {}, 'x'.repeat(256)]) {
      expect(refusalOf(await session.post(keyed(bad)))).toEqual([200, -32602, 'invalid-params']);
    }
  });

  test('an error that the tool answered with is its answer, with its data', async () => {
    const { session, count } = await serving();
    const [first, again] = [
      await session.call('fail', {}, 1, { headers: KEY }),
      await session.call('fail', {}, 1, { headers: KEY }),
    ];
    expect(first.json.error).toMatchObject({ code: -32602, message: 'refused 1', data: { field: 'amount' } });
    expect(again.json).toEqual(first.json);
    expect(count.runs).toBe(1);
  });

  test('what was cancelled and stopped may be begun again', async () => {
    const { session, gate } = await serving();
    void session.call('gate', {}, 1, { headers: KEY }).catch(() => {});
    const call = await gate.begun();
    await session.cancel(1);
    await call.aborted;
    const again = session.call('gate', {}, 2, { headers: { ...KEY, ...AS_JSON } });
    call.reject(new Error('stopped'));
    (await gate.begun()).resolve('the second run');
    expect(textOf(await again)).toBe('the second run');
  });

  test('what was cancelled and went on all the same is the answer', async () => {
    const { session, gate } = await serving();
    void session.call('gate', {}, 1, { headers: KEY }).catch(() => {});
    const call = await gate.begun();
    await session.cancel(1);
    await call.aborted;
    const again = session.call('gate', {}, 2, { headers: { ...KEY, ...AS_JSON } });
    call.resolve('done all the same');
    expect(textOf(await again)).toBe('done all the same');
    expect(gate.calls).toHaveLength(1);
  });

  test('many keys of one principal: beyond the limit 429, and what is kept is still answered', async () => {
    const { session } = await serving({ maxKeyedCallsPerPrincipal: 3 }, 'anna');
    const call = (key: string) => session.call('count', {}, 1, { headers: { 'idempotency-key': key } });
    for (const key of ['a', 'b', 'c']) await call(key);
    expect(refusalOf(await call('d'))).toEqual([200, -32000, 'too-many-keyed-calls']);
    expect(textOf(await call('a'))).toBe('run 1');
  });

  test('an answer is kept for its time', async () => {
    const { session } = await serving({ idempotencyTtlMs: 300 });
    const call = async () => textOf(await session.call('count', {}, 1, { headers: KEY }));
    expect(await call()).toBe('run 1');
    await eventually('it has expired', async () => (await call()) === 'run 2');
  });

  test('with `idempotencyTtlMs: 0` keys are not looked at', async () => {
    const { session } = await serving({ idempotencyTtlMs: 0 });
    for (const run of [1, 2]) expect(textOf(await session.call('count', {}, 1, { headers: KEY }))).toBe(`run ${run}`);
  });
});

describe('a call that stands alone, sent again with its idempotency key (R36)', () => {
  test('20 at once, the first of which loses its connection: one run, and the same result for all others', async () => {
    const { url, gate, client, router } = await serving({}, 'anna');
    const lost = client.as({ headers: KEY }).call('gate', { n: 5 });
    void lost.catch(() => {});
    const call = await gate.begun();
    const others = Array.from({ length: COPIES }, (_each, id) => client.call('gate', { n: 5 }, { id, headers: KEY }));
    await eventually('all have arrived', async () => (await router.stats()).calls === COPIES + 1);
    call.resolve('paid');
    expect((await Promise.all(others)).map((answer) => answer.text.includes('"paid"'))).toEqual(others.map(() => true));
    expect(gate.calls).toHaveLength(1);
    expect(url).toBe(client.url);
  });

  test('the key with other arguments is 409, and another principal has keys of its own', async () => {
    const { client } = await serving({}, 'anna');
    expect(textOf(await client.call('count', { a: 1 }, { headers: KEY }))).toBe('run 1');
    expect(refusalOf(await client.call('count', { a: 2 }, { headers: KEY }))).toEqual([
      409,
      -32602,
      'idempotency-key-reused',
    ]);
    expect(textOf(await client.as({ user: 'boris' }).call('count', { a: 2 }, { headers: KEY }))).toBe('run 2');
  });

  test('a call that asks is asked again, until it is answered; then the answer stands', async () => {
    const mcp = testServer();
    let done = 0;
    mcp.registerTool('confirm', {}, async (ctx) => {
      await ctx.elicit({ message: 'Sure?', requestedSchema: { type: 'object', properties: {} } });
      done += 1;
      return `done ${done}`;
    });
    const { url } = await startServer({ mcp });
    const client = new Modern(url, { capabilities: ABLE, headers: KEY });
    const params = { name: 'confirm', arguments: {} };
    const [first, again] = [await client.ask('tools/call', params), await client.ask('tools/call', params)];
    expect([first.json.result.resultType, again.json.result.resultType]).toEqual(['input_required', 'input_required']);
    const [key] = Object.keys(first.json.result.inputRequests) as [string];
    const second = nextRound(params, first, { [key]: { action: 'accept', content: {} } });
    const answers = [await client.ask('tools/call', second), await client.ask('tools/call', second)];
    expect(answers.map(textOf)).toEqual(['done 1', 'done 1']);
    expect(textOf(await client.ask('tools/call', params))).toBe('done 1');
  });
});
