import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { SPECIFICATION } from './requirement.js';
import { REQUIREMENTS } from './requirements.js';

/**
 * SHOULDs and SHOULD NOTs that no test cites. May only go down. Among them, on purpose: that the server asks nothing before
 * `notifications/initialized`. A client that already calls tools is ready to be asked; not asking it would fail the call.
 */
const UNCITED_SHOULDS = 23;

const PACKAGE = resolve(import.meta.dirname, '../..');

/** The string that begins the arguments of `test(` and `it(`, or of the call of what `.each` and its like return. */
const TEST_NAME = /(?:\b(?:test|it)|\))\(\s*(["'`])((?:\\.|(?!\1)[^\\])*)\1,/g;
const CITATION = /\[([a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+(?:, [a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+)*)\]$/;
const ID = /^[a-z]+(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)+$/;

interface TestName {
  readonly file: string;
  readonly name: string;
  readonly cited: readonly string[];
}

function testNamesOf(folder: string): TestName[] {
  const files = readdirSync(join(PACKAGE, folder), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.test.ts'))
    .flatMap((file) => {
      const text = readFileSync(join(PACKAGE, folder, file), 'utf8');
      return [...text.matchAll(TEST_NAME)].map(([, , name = '']) => ({
        file: join(folder, file),
        name,
        cited: citedIn(name),
      }));
    });
}

function citedIn(name: string): string[] {
  return CITATION.exec(name)?.[1]?.split(', ') ?? [];
}

const names = [...testNamesOf('test'), ...testNamesOf('src')];
const cited = new Set(names.flatMap((each) => each.cited));
const uncited = REQUIREMENTS.filter(({ id, untested }) => untested === undefined && !cited.has(id));
const idsOf = (level: RegExp): string[] => uncited.filter((each) => level.test(each.level)).map(({ id }) => id);

describe('the requirements of the specification', () => {
  test('every MUST and MUST NOT is cited by a test, or says why it is not', () => {
    expect(idsOf(/^MUST/)).toEqual([]);
  });

  test('the SHOULDs that no test cites become fewer', () => {
    expect(idsOf(/^SHOULD/)).toHaveLength(UNCITED_SHOULDS);
  });

  test('a MAY stands here only where we rely on it, and then a test cites it', () => {
    expect(idsOf(/^MAY/)).toEqual([]);
  });

  test('what cannot be tested says so in a sentence, and no test cites it', () => {
    const untested = REQUIREMENTS.filter((each) => each.untested !== undefined);
    for (const each of untested) expect(each.untested).toMatch(/^[A-Z].{20,}\.$/);
    expect(untested.filter(({ id }) => cited.has(id)).map(({ id }) => id)).toEqual([]);
  });

  test('every cited id is one of them', () => {
    const known = new Set(REQUIREMENTS.map(({ id }) => id));
    const wrong = names.filter((each) => each.cited.some((id) => !known.has(id)));
    expect(wrong.map(({ file, name }) => `${file}: ${name}`)).toEqual([]);
  });

  test('every test of this folder cites one', () => {
    const here = names.filter(({ file }) => file.startsWith('test/spec/') && !file.endsWith('coverage.test.ts'));
    expect(here.filter((each) => each.cited.length === 0).map(({ file, name }) => `${file}: ${name}`)).toEqual([]);
  });

  test('ids are well formed, and none is there twice', () => {
    const ids = REQUIREMENTS.map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    expect(ids.filter((id) => !ID.test(id))).toEqual([]);
  });

  test('a link leads to a section of the newest revision it is about, and an id begins with its page', () => {
    const wrong = REQUIREMENTS.filter(({ id, link, revisions }) => {
      const start = `${SPECIFICATION}/${revisions.at(-1)}/`;
      const path =
        /^(?:basic|basic\/(?:lifecycle|transports|utilities\/[a-z]+)|(?:server|client)\/(?:utilities\/)?[a-z]+)(?:#[a-z0-9-]+)?$/;
      const rest = link.slice(start.length);
      const page = rest.replace(/#.*/, '').split('/').at(-1);
      return !link.startsWith(start) || !path.test(rest) || !id.startsWith(`${page}.`);
    });
    expect(wrong.map(({ id, link }) => `${id}: ${link}`)).toEqual([]);
  });
});
