import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ALL, MODERN, type Requirement, SPECIFICATION, TASKS_PAGE } from './requirement.js';
import { REQUIREMENTS } from './requirements.js';

/** The two ways of serving: in sessions, and requests that stand alone. What is asked of both is shown for both. */
const ERAS = ['sessions', 'alone'] as const;
type Era = (typeof ERAS)[number];

/**
 * SHOULDs and SHOULD NOTs that no test cites. May only go down. Among them, on purpose: that the server asks nothing before
 * `notifications/initialized`. A client that already calls tools is ready to be asked; not asking it would fail the call. Most others are the choices of an application.
 */
const UNCITED_SHOULDS: Readonly<Record<Era, number>> = { sessions: 23, alone: 10 };

const PACKAGE = resolve(import.meta.dirname, '../..');

/** The string that begins the arguments of `test(` and `it(`, or of the call of what `.each` and its like return. */
const TEST_NAME = /(?:\b(?:test|it)|\))\(\s*(["'`])((?:\\.|(?!\1)[^\\])*)\1,/g;
const CITATION = /\[([a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+(?:, [a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+)*)\]$/;
const ID = /^[a-z]+(?:-[a-z]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)+$/;

interface TestName {
  readonly file: string;
  readonly name: string;
  readonly cited: readonly string[];
  readonly era: Era;
}

/** Tests of requests that stand alone are in folders of their own. */
function eraOf(file: string): Era {
  return /(?:^|\/)modern\//.test(file) ? 'alone' : 'sessions';
}

function isOf(era: Era, { revisions }: Requirement): boolean {
  const theirs: readonly string[] = era === 'alone' ? MODERN : ALL;
  return revisions.some((revision) => theirs.includes(revision));
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
        era: eraOf(file),
      }));
    });
}

function citedIn(name: string): string[] {
  return CITATION.exec(name)?.[1]?.split(', ') ?? [];
}

const names = [...testNamesOf('test'), ...testNamesOf('src')];
const citedBy = (era: Era): Set<string> =>
  new Set(names.filter((each) => each.era === era).flatMap((each) => each.cited));
const cited = { sessions: citedBy('sessions'), alone: citedBy('alone') };

function uncited(era: Era, level: RegExp): string[] {
  const open = REQUIREMENTS.filter((each) => each.untested === undefined && isOf(era, each));
  return open.filter((each) => level.test(each.level) && !cited[era].has(each.id)).map(({ id }) => id);
}

describe('the requirements of the specification', () => {
  test.each(ERAS)('%s: every MUST and MUST NOT is cited by a test, or says why it is not', (era) => {
    expect(uncited(era, /^MUST/)).toEqual([]);
  });

  test.each(ERAS)('%s: the SHOULDs that no test cites become fewer', (era) => {
    expect(uncited(era, /^SHOULD/)).toHaveLength(UNCITED_SHOULDS[era]);
  });

  test.each(ERAS)('%s: a MAY stands here only where we rely on it, and then a test cites it', (era) => {
    expect(uncited(era, /^MAY/)).toEqual([]);
  });

  test('what cannot be tested says so in a sentence, and no test cites it', () => {
    const untested = REQUIREMENTS.filter((each) => each.untested !== undefined);
    for (const each of untested) expect(each.untested).toMatch(/^[A-Z].{20,}\.$/);
    const all = new Set([...cited.sessions, ...cited.alone]);
    expect(untested.filter(({ id }) => all.has(id)).map(({ id }) => id)).toEqual([]);
  });

  test('every cited id is one of them, and asks something of the way of serving that the test is about', () => {
    const knownIn = (era: Era) => new Set(REQUIREMENTS.filter((each) => isOf(era, each)).map(({ id }) => id));
    const known = { sessions: knownIn('sessions'), alone: knownIn('alone') };
    const wrong = names.filter((each) => each.cited.some((id) => !known[each.era].has(id)));
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
      if (link.startsWith(`${TASKS_PAGE}#`)) return !id.startsWith('tasks.');
      const start = `${SPECIFICATION}/${revisions.at(-1)}/`;
      const path =
        /^(?:basic|basic\/(?:lifecycle|versioning|transports|transports\/streamable-http|(?:utilities|patterns)\/[a-z]+)|(?:server|client)\/(?:utilities\/)?[a-z]+)(?:#[a-z0-9-]+)?$/;
      const rest = link.slice(start.length);
      const page = rest.replace(/#.*/, '').split('/').at(-1);
      return !link.startsWith(start) || !path.test(rest) || !id.startsWith(`${page}.`);
    });
    expect(wrong.map(({ id, link }) => `${id}: ${link}`)).toEqual([]);
  });
});
