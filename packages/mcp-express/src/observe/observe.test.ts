import { expect, test } from '@jest/globals';
import { callFacts } from './observe.js';

const ORIGIN = { principal: undefined, request: { ip: undefined } };
const factsOf = (method: string, params: object) =>
  callFacts({ jsonrpc: '2.0', id: 1, method, params: params as Record<string, unknown> }, ORIGIN);

test('the facts of a call have the arguments of a tool and the filter of a subscription', () => {
  expect(factsOf('tools/call', { name: 'find', arguments: { q: 'x' } }).arguments()).toEqual({ q: 'x' });
  const notifications = { resourceSubscriptions: ['shop://price'] };
  expect(factsOf('subscriptions/listen', { notifications }).arguments()).toEqual(notifications);
  expect(factsOf('tools/call', { name: 'find', arguments: 'x' }).arguments()).toBeUndefined();
  expect(factsOf('ping', {}).arguments()).toBeUndefined();
});
