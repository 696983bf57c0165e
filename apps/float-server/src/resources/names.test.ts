import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Kit, openKit, TODAY } from '../tools/testing/kit.js';
import { findPerson, suggestPeople } from './names.js';
import type { View } from './view.js';

let kit: Kit;
let view: View;
beforeAll(async () => {
  kit = await openKit({ seed: false });
  view = { api: kit.api, today: TODAY };
  for (const name of ['Ann Lee', 'José Núñez', 'Liam O’Brien']) await kit.add('people', { name });
});
afterAll(() => kit.close());

test.each([
  ['', ['Ann Lee', 'José Núñez', 'Liam O’Brien']],
  ['jos', ['José Núñez']],
  ['nun', ['José Núñez']],
  ["o'b", ['Liam O’Brien']],
  ["Liam O'", ['Liam O’Brien']],
  ['brien', []],
  ['l', ['Liam O’Brien', 'Ann Lee']],
])('%p, as typed, is completed to %j', async (typed, names) => {
  expect(await suggestPeople(typed, view)).toEqual(names);
});

test.each(["liam  o'brien", 'JOSE NUNEZ', 'Lee, Ann'])('%p identifies a person in a URI', async (asked) => {
  expect(await findPerson(asked, view)).toMatchObject({ active: 1 });
});
