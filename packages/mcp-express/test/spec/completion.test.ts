import { describe, expect, test } from '@jest/globals';
import { type Completer, McpServer } from 'mcp-express';
import { type JsonBody, type RawAnswer, send } from '../support/raw-client.js';
import type { TestSession } from '../support/session.js';
import { authenticateByHeader, startServer, USER_HEADER } from '../support/start-server.js';
import { addGate } from '../support/test-tools.js';
import { ask, initializeWith, open } from './client.js';
import { ALL } from './requirement.js';
import { INFO, specServer, TONES } from './server.js';

const GREET = { type: 'ref/prompt', name: 'greet' };

function complete(session: TestSession, ref: unknown, name: unknown, value: unknown): Promise<RawAnswer> {
  return ask(session, 'completion/complete', { ref, argument: { name, value } });
}

/** A prompt whose argument `x` is completed by this. */
function completing(completer: Completer): McpServer {
  const mcp = specServer();
  const argsSchema = { type: 'object', properties: { x: { type: 'string' } } } as const;
  mcp.registerPrompt('completed', { argsSchema, complete: { x: completer } }, () => 'x');
  return mcp;
}

const COMPLETED = { type: 'ref/prompt', name: 'completed' };

describe('completion', () => {
  test.each(ALL)('%s: a server with completions declares them [completion.capability]', async (revision) => {
    const capabilitiesOf = async (mcp: McpServer) => {
      const { url } = await startServer({ mcp });
      return (await send(url, { body: initializeWith(revision) })).json.result.capabilities;
    };
    expect((await capabilitiesOf(specServer())).completions).toEqual({});
    expect((await capabilitiesOf(new McpServer(INFO))).completions).toBeUndefined();
  });

  test.each(ALL)('%s: a server without them answers -32601 [completion.error-capability]', async (revision) => {
    const mcp = new McpServer(INFO);
    mcp.registerPrompt('plain', {}, () => 'x');
    const { session } = await open({ revision, mcp });
    const { json } = await complete(session, { type: 'ref/prompt', name: 'plain' }, 'x', '');
    expect(json.error?.code).toBe(-32601);
  });

  test.each(ALL)('%s: what is completed must be there [completion.error-prompt]', async (revision) => {
    const { session } = await open({ revision });
    const refs = [
      { type: 'ref/prompt', name: 'none' },
      { type: 'ref/resource', uri: 'spec://none/{id}' },
      { type: 'ref/x' },
    ];
    for (const ref of refs) expect((await complete(session, ref, 'tone', '')).json.error.code).toBe(-32602);
  });

  test.each(ALL)(
    '%s: a request that lacks something, or has it wrong, is -32602 [completion.error-arguments, completion.validate-inputs]',
    async (revision) => {
      const { session } = await open({ revision });
      const wrong = [
        undefined,
        {},
        { ref: GREET },
        { ref: GREET, argument: {} },
        { ref: GREET, argument: { name: 'tone' } },
        { ref: GREET, argument: { name: 'tone', value: 5 } },
        { ref: GREET, argument: 'tone' },
        { ref: 'greet', argument: { name: 'tone', value: '' } },
        { argument: { name: 'tone', value: '' } },
        { ref: GREET, argument: { name: 'tone', value: '' }, context: 5 },
      ];
      for (const params of wrong) {
        expect((await ask(session, 'completion/complete', params)).json.error.code).toBe(-32602);
      }
    },
  );

  test.each(ALL)(
    '%s: what is too long to be completed is -32602, and no completer is asked [completion.validate-inputs]',
    async (revision) => {
      let calls = 0;
      const counting: Completer = () => {
        calls += 1;
        return [`call ${calls}`];
      };
      const { session } = await open({ revision, mcp: completing(counting) });
      const long = 'x'.repeat(4097);
      const known = Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`n${at}`, '']));
      const asked = [
        { argument: { name: 'x', value: long } },
        { argument: { name: 'x', value: '' }, context: { arguments: { other: 'x'.repeat(65_536) } } },
        { argument: { name: 'x', value: '' }, context: { arguments: { ['x'.repeat(65_537)]: '' } } },
        { argument: { name: 'x', value: '' }, context: { arguments: known } },
        { argument: { name: 'x', value: '' }, context: { arguments: { other: 5 } } },
        { argument: { name: 'x', value: '' }, context: { arguments: ['a'] } },
      ];
      for (const params of asked) {
        const { json } = await ask(session, 'completion/complete', { ref: COMPLETED, ...params });
        expect([json.error?.code, JSON.stringify(json).length < 400]).toEqual([-32602, true]);
      }
      expect(calls).toBe(0);
      const { json } = await complete(session, COMPLETED, 'x', long.slice(1));
      expect([json.result.completion.total, calls]).toEqual([1, 1]);
    },
  );

  test.each(ALL)('%s: a failure is -32603 and tells nothing [completion.error-internal]', async (revision) => {
    const mcp = completing(() => {
      throw new Error('The password of the database is hunter2.');
    });
    const { session } = await open({ revision, mcp });
    const { json, text } = await complete(session, COMPLETED, 'x', '');
    expect(json.error.code).toBe(-32603);
    expect(text).not.toContain('hunter2');
  });

  test.each(ALL)(
    '%s: suggestions keep the order they were given, 100 at most [completion.sorted]',
    async (revision) => {
      const values = Array.from({ length: 150 }, (_each, index) => `value ${(index * 7) % 150}`);
      const { session } = await open({ revision, mcp: completing(() => values) });
      const first = (await complete(session, GREET, 'tone', 'w')).json.result.completion;
      expect(first).toMatchObject({ values: TONES.slice(0, 3), hasMore: false });
      const { completion } = (await complete(session, COMPLETED, 'x', '')).json.result;
      expect(completion).toEqual({ values: values.slice(0, 100), total: 150, hasMore: true });
    },
  );

  test.each(ALL)('%s: only what a completer suggests is told [completion.no-disclosure]', async (revision) => {
    const { session } = await open({ revision });
    for (const name of ['name', 'none', '__proto__', 'constructor', 'toString']) {
      const { json } = await complete(session, GREET, name, '');
      expect(json.error?.code ?? json.result.completion.values).toEqual(json.error === undefined ? [] : -32602);
    }
    const templates = await complete(session, { type: 'ref/resource', uri: 'spec://notes/{id}' }, 'id', '1');
    expect(templates.json.result.completion.values).toEqual(['10', '11']);
  });

  test.each(ALL)('%s: requests are limited as calls are [completion.rate-limit]', async (revision) => {
    const mcp = specServer();
    const gate = addGate(mcp);
    const { session } = await open({ revision, mcp, options: { maxCallsPerSession: 1 } });
    const running = session.call('gate', {}, 'g');
    const call = await gate.begun();
    expect((await complete(session, GREET, 'tone', '')).status).toBe(429);
    call.resolve('done');
    await running;
    expect((await complete(session, GREET, 'tone', '')).status).toBe(200);
  });

  test.each(ALL)('%s: who is not the owner of the session gets none [completion.access-control]', async (revision) => {
    const { session } = await open({ revision, before: [authenticateByHeader], headers: { [USER_HEADER]: 'alice' } });
    const body: JsonBody = { ref: GREET, argument: { name: 'tone', value: 'w' } };
    expect((await ask(session, 'completion/complete', body)).json.result.completion.total).toBe(3);
    const request = { jsonrpc: '2.0', id: 1, method: 'completion/complete', params: body };
    const { status, text } = await session.post(request, { [USER_HEADER]: 'bob' });
    expect(status).toBe(404);
    for (const tone of TONES) expect(text).not.toContain(tone);
  });

  test.each(ALL)('%s: a completer knows who asks [completion.access-control]', async (revision) => {
    const mcp = completing((_value, _context, ctx) => (ctx.principal?.subject === 'root' ? ['secret'] : []));
    const suggested = async (user: string) => {
      const headers = { [USER_HEADER]: user };
      const { session } = await open({ revision, mcp, before: [authenticateByHeader], headers });
      return (await complete(session, COMPLETED, 'x', '')).json.result.completion.values;
    };
    expect([await suggested('alice'), await suggested('root')]).toEqual([[], ['secret']]);
  });
});
