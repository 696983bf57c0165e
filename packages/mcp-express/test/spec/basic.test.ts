import { describe, expect, test } from '@jest/globals';
import type { JsonBody } from '../support/raw-client.js';
import { ping, toolCall } from '../support/session.js';
import { ask, isNotification, isRequest, isResponse, open, request } from './client.js';
import { ALL, FIRST, SINCE_2025_06_18, UNTIL_2025_06_18 } from './requirement.js';
import { specServer } from './server.js';
import { tour } from './tour.js';

const isId = (id: unknown): boolean => typeof id === 'string' || Number.isInteger(id);

/** Every `_meta` in a message, however deep. */
function metasIn(value: JsonBody): object[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = '_meta' in value ? [value._meta] : [];
  return [...own, ...Object.values(value).flatMap(metasIn)];
}

describe('what the server says', () => {
  test.each(ALL)(
    '%s: the messages and the lifecycle are served [basic.base-protocol, basic.json-rpc]',
    async (revision) => {
      const { exchanges, messages } = await tour(revision);
      expect(exchanges[0]?.response.result.protocolVersion).toBe(revision);
      for (const message of messages) {
        expect(message).toMatchObject({ jsonrpc: '2.0' });
        expect(Object.keys(message).filter((key) => !/^(jsonrpc|id|method|params|result|error)$/.test(key))).toEqual(
          [],
        );
        if ('method' in message) expect(typeof message.method).toBe('string');
      }
    },
  );

  test.each(ALL)(
    '%s: its requests have ids that are strings or integers, never null and never twice [basic.request-id-type, basic.request-id-null, basic.request-id-reuse]',
    async (revision) => {
      const ids = (await tour(revision)).messages.filter(isRequest).map(({ id }) => id);
      expect(ids).toHaveLength(revision === '2025-03-26' ? 2 : 3);
      for (const id of ids) expect(isId(id)).toBe(true);
      expect(new Set(ids).size).toBe(ids.length);
    },
  );

  test.each(ALL)('%s: a response has the id of its request, type and all [basic.response-id]', async (revision) => {
    for (const { sent, response } of (await tour(revision)).exchanges) expect(response.id).toBe(sent.id);
  });

  test.each(ALL)('%s: a response has a result or an error [basic.result-or-error]', async (revision) => {
    for (const message of (await tour(revision)).messages.filter(isResponse)) {
      expect(Object.keys(message).filter((key) => key === 'result' || key === 'error')).toHaveLength(1);
      if ('result' in message) expect(message.result).toBeInstanceOf(Object);
    }
  });

  test.each(UNTIL_2025_06_18)('%s: a response has not both [basic.result-and-error]', async (revision) => {
    for (const message of (await tour(revision)).messages)
      expect('result' in message && 'error' in message).toBe(false);
  });

  test.each(ALL)(
    '%s: an error has an integer code and a message [basic.error-shape, basic.error-code-integer]',
    async (revision) => {
      const errors = (await tour(revision)).messages.filter((message) => 'error' in message);
      expect(errors.length).toBeGreaterThanOrEqual(6);
      for (const { error } of errors) {
        expect(Number.isInteger(error.code)).toBe(true);
        expect(error.message).toEqual(expect.stringMatching(/\S/));
      }
    },
  );

  test.each(ALL)('%s: a notification has no id [basic.notification-no-id]', async (revision) => {
    const notifications = (await tour(revision)).messages.filter(
      ({ method }) => typeof method === 'string' && method.startsWith('notifications/'),
    );
    expect(new Set(notifications.map(({ method }) => method)).size).toBe(4);
    for (const notification of notifications) expect(isNotification(notification)).toBe(true);
  });
});

describe('what the server takes', () => {
  test.each(ALL)(
    '%s: what is not JSON-RPC 2.0 is refused, with an error that is [basic.json-rpc, basic.error-shape]',
    async (revision) => {
      const { session } = await open({ revision });
      const wrong = ['{', 'null', '"ping"', { id: 1, method: 'ping' }, { jsonrpc: '1.0', id: 1, method: 'ping' }];
      for (const body of wrong) {
        const { status, json } = await session.post(body);
        expect([status, json.jsonrpc, json.id ?? null]).toEqual([400, '2.0', null]);
        expect(json.error).toMatchObject({ code: body === '{' ? -32700 : -32600, message: expect.any(String) });
      }
    },
  );

  test.each(ALL)(
    '%s: a request whose id is null, or no string or integer, is refused [basic.request-id-null, basic.request-id-type]',
    async (revision) => {
      const { session } = await open({ revision });
      for (const id of [null, 1.5, true, [1], {}]) {
        const { status, json } = await session.post({ jsonrpc: '2.0', id, method: 'ping' });
        expect([status, json.error.code]).toEqual([400, -32600]);
      }
    },
  );

  test.each(ALL)(
    '%s: a notification is not answered, whatever it is about [basic.notification-no-response]',
    async (revision) => {
      const { session } = await open({ revision });
      for (const method of ['notifications/initialized', 'notifications/no-such', 'tools/call', 'ping']) {
        const { status, text } = await session.post({ jsonrpc: '2.0', method, params: { name: 'fail' } });
        expect([status, text]).toEqual([202, '']);
      }
    },
  );

  test.each(FIRST)('%s: each request of a batch is answered [basic.batch-receive]', async (revision) => {
    const { session } = await open({ revision });
    const { json } = await session.post([
      ping('a'),
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      toolCall('echo', { text: 'b' }, 'b'),
    ]);
    expect(json.map(({ id }: JsonBody) => id).sort()).toEqual(['a', 'b']);
    for (const message of json) expect(message.result).toBeDefined();
  });
});

describe('_meta', () => {
  test.each(SINCE_2025_06_18)(
    '%s: whatever stands at reserved keys, a request is served as without [basic.meta-no-assumptions]',
    async (revision) => {
      const { session } = await open({ revision });
      const reserved = ['progressToken', 'io.modelcontextprotocol/related-task', 'dev.mcp/x', 'com.mcp.tools/y'];
      for (const value of [null, true, 7.5, 'text', [], { a: 1 }, { taskId: 5 }]) {
        const _meta = Object.fromEntries(reserved.map((key) => [key, value]));
        const { status, json } = await ask(session, 'tools/call', { name: 'echo', arguments: { text: 'x' }, _meta });
        expect([status, json.result.content]).toEqual([200, [{ type: 'text', text: 'x' }]]);
      }
    },
  );

  test.each(SINCE_2025_06_18)(
    '%s: keys we send are those the application gave, and well formed [basic.meta-key-prefix, basic.meta-key-label, basic.meta-key-name]',
    async (revision) => {
      const given = { 'com.example.spec/a-b_c.d': 1 };
      const mcp = specServer();
      mcp.registerTool('meta', { _meta: given }, () => ({ content: [], _meta: given }));
      const { session } = await open({ revision, mcp });
      const listed = await ask(session, 'tools/list');
      const called = await session.post(request('tools/call', { name: 'meta' }));
      expect([...metasIn(listed.json), ...metasIn(called.json)]).toEqual([given, given]);
      expect((await tour(revision)).messages.flatMap(metasIn)).toEqual([]);
    },
  );
});
