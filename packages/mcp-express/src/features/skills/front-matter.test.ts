import { describe, expect, test } from '@jest/globals';
import { ConfigurationError } from '../../protocol/errors.js';
import { readFrontMatter } from './front-matter.js';

const read = (yaml: string) => readFrontMatter(`---\n${yaml}\n---\nBody\n`, 'Skill "s"');
const HEAD = 'name: s\ndescription: Does it';

describe('the front matter of a SKILL.md', () => {
  test('is JSON with all fields of the file', () => {
    const yaml = `${HEAD}\nlicense: MIT\nallowed-tools: [Read, "Bash(git:*)"]\nmetadata:\n  version: "1.0"\n  day: 2026-01-02\n  deep: {list: [1, 2.5, true, null]}\n  __proto__: {x: 1}`;
    const frontmatter = read(yaml);
    expect(JSON.parse(JSON.stringify(frontmatter))).toEqual({
      name: 's',
      description: 'Does it',
      license: 'MIT',
      'allowed-tools': ['Read', 'Bash(git:*)'],
      metadata: {
        version: '1.0',
        day: '2026-01-02',
        deep: { list: [1, 2.5, true, null] },
        ['__proto__']: { x: 1 },
      },
    });
  });

  test('cannot be changed afterwards', () => {
    const { metadata } = read(`${HEAD}\nmetadata: {a: {b: 1}}`) as { metadata?: { a: { b: number } } };
    expect(() => Object.assign(metadata!.a, { b: 2 })).toThrow(TypeError);
  });

  test.each([
    ['Windows line ends', '---\r\nname: s\r\ndescription: Does it\r\n---\r\nBody'],
    ['a byte order mark', `\uFEFF---\n${HEAD}\n---\n`],
    ['no body and no last line end', `---\n${HEAD}\n---`],
    ['spaces after the closing fence', `---\n${HEAD}\n---  \nBody`],
    ['another fence in the body', `---\n${HEAD}\n---\nBody\n---\nmore: yes\n---\n`],
  ])('is found with %s', (_name, text) => {
    expect(readFrontMatter(text, 'S')).toEqual({ name: 's', description: 'Does it' });
  });

  test.each([
    ['nothing', ''],
    ['only a body', '# Title\n'],
    ['text before', `\n---\n${HEAD}\n---\n`],
    ['no closing fence', `---\n${HEAD}\n`],
    ['more on the line of the closing fence', `---\n${HEAD}\n---- \n`],
  ])('is missing where there is %s', (_name, text) => {
    expect(() => readFrontMatter(text, 'Skill "s"')).toThrow(
      /^Skill "s" needs a SKILL.md that begins with front matter/,
    );
  });

  test.each([['a', 'abc', 'a-1', '1-a-2', 'a'.repeat(64)]])('accepts the names %s …', (...names) => {
    for (const name of names) expect(read(`name: "${name}"\ndescription: d`).name).toBe(name);
  });

  test.each(['', 'A', '-a', 'a-', 'a--b', 'a_b', 'a.b', 'a/b', 'ä', 'a b', 'a'.repeat(65), 'a\\nb'])(
    'refuses the name "%s"',
    (name) => {
      expect(() => read(`name: "${name}"\ndescription: d`)).toThrow(/needs a "name" of 1 to 64/);
    },
  );

  test.each([
    ['no name', 'description: d', /needs a "name"/],
    ['a name that is not a string', 'name: 12\ndescription: d', /needs a "name"/],
    ['no description', 'name: s', /needs a "description"/],
    ['a blank description', 'name: s\ndescription: " "', /needs a "description"/],
    ['a description of 1025 characters', `name: s\ndescription: ${'d'.repeat(1025)}`, /1 to 1024 characters/],
    ['a list', '- a', /must be a mapping/],
    ['only a string', 'a', /must be a mapping/],
    ['broken YAML', `${HEAD}\na: [1`, /is not plain YAML/],
    ['a description with a colon in it', 'name: s\ndescription: Use it: always', /is not plain YAML.*line 3/s],
    ['a key twice', `${HEAD}\nname: t`, /keys must be unique/],
    ['a key that is not a string', `${HEAD}\n? [a]\n: 1`, /all keys must be strings/],
    ['an unknown tag', `${HEAD}\na: !run x`, /Unresolved tag: !run/],
    ['an alias', `${HEAD}\na: &x 1\nb: *x`, /Alias resolution is disabled/],
    ['a second document', '%YAML 1.2\n--- {name: s, description: d}\n...\n--- {}', /is not plain YAML/],
    ['bytes', `${HEAD}\na: !!binary aGk=`, /value at "a" that JSON does not carry/],
    ['a date of YAML 1.1', '%YAML 1.1\n--- {name: s, description: d, a: {b: 2026-01-02}}', /value at "a.b"/],
    ['an infinite number', `${HEAD}\na: [.inf]`, /value at "a.0"/],
    ['a number beyond 53 bits', `${HEAD}\na: 12345678901234567890`, /value at "a"/],
    ['a lone surrogate', `${HEAD}\na: "\\ud800"`, /value at "a"/],
    ['a lone surrogate in a key', `${HEAD}\n"\\ud800": 1`, /key that is not valid Unicode/],
    ['extreme nesting', `${HEAD}\na: ${'['.repeat(20_000)}`, /is not plain YAML/],
  ])('is refused with %s', (_name, yaml, message) => {
    expect(() => read(yaml)).toThrow(message);
    expect(() => read(yaml)).toThrow(/^Skill "s"/);
    expect(() => read(yaml)).toThrow(ConfigurationError);
  });

  test('exponential aliases are refused immediately', () => {
    const levels = Array.from({ length: 30 }, (_, level) => `a${level + 1}: &a${level + 1} [*a${level}, *a${level}]`);
    expect(() => read(`${HEAD}\na0: &a0 [x]\n${levels.join('\n')}`)).toThrow(/is not plain YAML/);
  });
});
