/** The user decides, if the client supports elicitation. */
import { afterAll, beforeEach, expect, test } from '@jest/globals';
import { type Kit, openKit, textOf } from '../testing/kit.js';

let kit: Kit;
beforeEach(async () => {
  await kit?.close();
  kit = await openKit({ seed: false });
  await kit.add('clients', { name: 'Acme' });
});
afterAll(() => kit.close());

test.each([{}, { confirm: true }])('accepted, it is deleted (%j)', async (confirm) => {
  kit.user.answer = 'accept';
  const result = await kit.call('delete-record', { kind: 'client', record: 'Acme', ...confirm });
  expect(result.structuredContent).toMatchObject({ deleted: true });
  expect(kit.user.asked).toEqual([expect.stringMatching(/^This would delete for ever: #\d+ Acme\n/)]);
  expect(await kit.api.listAll('clients')).toEqual([]);
});

test.each([
  ['decline', {}],
  ['cancel', {}],
  ['decline', { confirm: true }],
] as const)('%s %j changes nothing', async (says, confirm) => {
  kit.user.answer = says;
  const result = await kit.call('delete-record', { kind: 'client', record: 'Acme', ...confirm });
  expect([result.structuredContent, textOf(result)]).toEqual([
    expect.objectContaining({ deleted: false }),
    expect.stringContaining('NOTHING WAS CHANGED: the user said no.'),
  ]);
  expect(kit.requests.filter((request) => request.startsWith('DELETE'))).toEqual([]);
  expect(await kit.api.listAll('clients')).toHaveLength(1);
});

test('confirm: false returns a preview without asking', async () => {
  kit.user.answer = 'accept';
  const result = await kit.call('delete-record', { kind: 'client', record: 'Acme', confirm: false });
  expect([result.structuredContent, kit.user.asked]).toEqual([expect.objectContaining({ deleted: false }), []]);
});
