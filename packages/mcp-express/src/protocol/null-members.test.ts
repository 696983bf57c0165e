import { describe, expect, test } from '@jest/globals';
import { META } from './meta.js';
import { withoutNullsInMessage } from './null-members.js';

describe('members that are null', () => {
  test('are removed where the protocol has optional members', () => {
    const client = { name: 'c', version: '1', title: null, icons: null };
    const capabilities = { sampling: null, elicitation: { form: {}, url: null }, extensions: { a: null, b: {} } };
    expect(
      withoutNullsInMessage({
        jsonrpc: '2.0',
        id: 1,
        method: 'm',
        params: {
          cursor: null,
          _meta: {
            progressToken: null,
            mine: null,
            [META.clientInfo]: client,
            [META.clientCapabilities]: capabilities,
          },
          clientInfo: client,
          capabilities,
          context: { arguments: null },
          notifications: { toolsListChanged: null, taskIds: null, promptsListChanged: true },
        },
      }),
    ).toEqual({
      jsonrpc: '2.0',
      id: 1,
      method: 'm',
      params: {
        _meta: {
          [META.clientInfo]: { name: 'c', version: '1' },
          [META.clientCapabilities]: { elicitation: { form: {} }, extensions: { b: {} } },
        },
        clientInfo: { name: 'c', version: '1' },
        capabilities: { elicitation: { form: {} }, extensions: { b: {} } },
        context: {},
        notifications: { promptsListChanged: true },
      },
    });
  });

  test.each<[string, object, object]>([
    ['error beside a result', { id: 1, result: { a: 1 }, error: null }, { id: 1, result: { a: 1 } }],
    ['result beside an error', { id: 1, result: null, error: { code: 1 } }, { id: 1, error: { code: 1 } }],
    ['method of a response', { id: 1, method: null, result: {} }, { id: 1, result: {} }],
    ['params', { method: 'm', params: null }, { method: 'm' }],
    ['members of a result', { id: 1, result: { content: null, _meta: { a: null } } }, { id: 1, result: { _meta: {} } }],
  ])('%s', (_what, given, left) => {
    expect(withoutNullsInMessage(given as Record<string, unknown>)).toEqual(left);
  });

  test.each<[string, object]>([
    ['in the arguments of a tool', { params: { name: 't', arguments: { a: null, _meta: { b: null } } } }],
    ['in the context of a completion', { params: { context: { arguments: { a: null } } } }],
    ['in a value under the key of a vendor', { params: { _meta: { 'com.example/x': { y: null } } } }],
    ['in an experimental capability', { params: { capabilities: { experimental: { x: { y: null } } } } }],
    ['in the content of a form', { result: { action: 'accept', content: { note: null } } }],
    ['as an item of an array', { params: { notifications: { taskIds: [null] } } }],
    ['as an id, which a request must have', { id: null, method: 'm' }],
    ['under names of prototype members', JSON.parse('{"params":{"__proto__":{"a":null},"toString":{"a":null}}}')],
  ])('stay %s, without a copy', (_what, message) => {
    const before = JSON.stringify(message);
    expect(withoutNullsInMessage(message as Record<string, unknown>)).toBe(message);
    expect(JSON.stringify(message)).toBe(before);
  });

  test('the argument is not modified', () => {
    const message = { params: { cursor: null, _meta: { a: null } } };
    withoutNullsInMessage(message);
    expect(message).toEqual({ params: { cursor: null, _meta: { a: null } } });
  });
});
