import { describe, expect, test } from '@jest/globals';
import { ConfigurationError, McpError } from '../../protocol/errors.js';
import { compileSkill, type SkillSource } from './skill.js';
import { SkillCatalog } from './skill-catalog.js';

const manual = (name: string) => `---\nname: ${name}\ndescription: About ${name}\n---\n`;

function skill(path: string, files: SkillSource['files'] = {}) {
  return compileSkill({ path, files: { 'SKILL.md': manual(path.split('/').at(-1) ?? ''), ...files } });
}

function shelf(...skills: ReturnType<typeof skill>[]): SkillCatalog {
  return skills.reduce((all, one) => all.with(one), new SkillCatalog(2));
}

function refusal(run: () => unknown): { code: string; data: unknown } {
  try {
    run();
  } catch (error) {
    if (error instanceof McpError) return { code: error.code, data: error.data };
    throw error;
  }
  throw new Error('it was not refused');
}

const names = (resources: readonly { readonly name: string }[] | undefined) => resources?.map(({ name }) => name);

describe('a catalog of skills', () => {
  const [a, b, c] = [skill('a'), skill('b'), skill('c', { 'x/1.md': '', 'x/2.md': '', 'x/3.md': '', 'y.md': '' })];

  test('is empty at first', () => {
    expect(shelf().listPage(undefined)).toEqual({ skills: [] });
    expect(shelf().directoryAt('skill://a')).toBeUndefined();
  });

  test('is immutable: adding and removing create another', () => {
    const two = shelf(a, b);
    expect(two.with(c).entries).toEqual([a.entry, b.entry, c.entry]);
    expect(two.without(a).entries).toEqual([b.entry]);
    expect(two.entries).toEqual([a.entry, b.entry]);
    expect(two.without(c).entries).toEqual(two.entries);
  });

  test('finds skills, files and directories by URI', () => {
    const all = shelf(a, c);
    expect(all.find('skill://c/SKILL.md')).toBe(c);
    expect(all.find('skill://c')).toBeUndefined();
    expect(all.fileAt('skill://c/x/1.md')).toBe(c.files.get('skill://c/x/1.md'));
    expect(all.fileAt('skill://c/x')).toBeUndefined();
    expect([...all.files.keys()]).toEqual([...a.files.keys(), ...c.files.keys()]);
    expect(names(all.directoryAt('skill://c/x'))).toEqual(['1.md', '2.md', '3.md']);
    expect(all.directoryAt('skill://c/x/1.md')).toBeUndefined();
    expect(all.directoryAt('skill://c/')).toBeUndefined();
  });

  test('lists complete skills in pages', () => {
    const all = shelf(a, b, c);
    const first = all.listPage(undefined);
    expect(first).toEqual({ skills: [a.entry, b.entry], nextCursor: expect.any(String) });
    expect(all.listPage(first.nextCursor)).toEqual({ skills: [c.entry] });
  });

  test('a cursor stays valid when other skills are added or removed', () => {
    const { nextCursor } = shelf(a, b, c).listPage(undefined);
    expect(shelf(b, c).listPage(nextCursor)).toEqual({ skills: [c.entry] });
    expect(refusal(() => shelf(a, c).listPage(nextCursor))).toEqual({ code: 'invalid-params', data: undefined });
  });

  test('a cursor stays valid when its skill and earlier ones are removed (R35)', () => {
    const d = skill('d');
    const before = shelf(a, b, c);
    const { nextCursor } = before.listPage(undefined);
    expect(before.without(b).listPage(nextCursor)).toEqual({ skills: [c.entry] });
    expect(before.without(b).without(a).with(d).listPage(nextCursor)).toEqual({ skills: [c.entry, d.entry] });
    expect(before.without(b).without(c).listPage(nextCursor)).toEqual({ skills: [] });
    expect(before.without(b).without(c).with(b).with(c).listPage(nextCursor)).toEqual({ skills: [c.entry] });
  });

  test('a cursor in a folder of skills stays valid when its folder is removed', () => {
    const [one, two, three, four] = [skill('g/x/one'), skill('g/y/two'), skill('g/z'), skill('g/x/four')];
    const before = shelf(one, two, three, four);
    const { resources, nextCursor } = before.readDirectory('skill://g', undefined);
    expect(names(resources)).toEqual(['x', 'y']);
    expect(names(before.without(two).readDirectory('skill://g', nextCursor).resources)).toEqual(['z']);
    const first = new SkillCatalog(1).with(one).with(two).with(three).with(four);
    const afterX = first.readDirectory('skill://g', undefined).nextCursor;
    const withoutX = first.without(one).without(four);
    expect(names(withoutX.readDirectory('skill://g', afterX).resources)).toEqual(['y']);
    expect(refusal(() => withoutX.readDirectory('skill://g', 'never given out')).code).toBe('invalid-params');
  });

  test('gets a single skill', () => {
    expect(shelf(a, b).get(b.key)).toEqual({ skill: b.entry });
  });

  test.each(['skill://d/SKILL.md', 'skill://c', 'skill://c/y.md', '', 'constructor'])('no skill is at %j', (uri) => {
    expect(refusal(() => shelf(c).get(uri))).toEqual({ code: 'invalid-params', data: { uri } });
  });

  test('reads a directory in pages', () => {
    const all = shelf(c);
    const first = all.readDirectory('skill://c/x', undefined);
    expect(names(first.resources)).toEqual(['1.md', '2.md']);
    const second = all.readDirectory('skill://c/x', first.nextCursor);
    expect(second).toEqual({
      resources: [{ uri: 'skill://c/x/3.md', name: '3.md', mimeType: 'text/markdown', size: 0 }],
    });
    expect(refusal(() => all.readDirectory('skill://c', first.nextCursor)).code).toBe('invalid-params');
  });

  test.each(['skill://c/SKILL.md', 'skill://c/z', 'skill://', 'skill://c/x/'])('no directory is at %j', (uri) => {
    expect(refusal(() => shelf(c).readDirectory(uri, undefined))).toEqual({ code: 'invalid-params', data: { uri } });
  });

  test('refuses two skills with the same URI', () => {
    expect(() => shelf(a, skill('a', { 'other.md': '' }))).toThrow(ConfigurationError);
    expect(() => shelf(a, skill('a'))).toThrow('Skill skill://a is registered already');
  });
});

describe('grouped skills', () => {
  const all = shelf(
    skill('acme/billing/refunds'),
    skill('acme/support/refunds'),
    skill('acme/billing/taxes'),
    skill('x'),
  );

  test('may share a name', () => {
    expect(all.entries.map(({ uri }) => uri)).toHaveLength(4);
  });

  test('have groups that can be read as directories', () => {
    expect(all.directoryAt('skill://acme')).toEqual([
      { uri: 'skill://acme/billing', name: 'billing', mimeType: 'inode/directory' },
      { uri: 'skill://acme/support', name: 'support', mimeType: 'inode/directory' },
    ]);
    expect(names(all.directoryAt('skill://acme/billing'))).toEqual(['refunds', 'taxes']);
    expect(names(all.directoryAt('skill://acme/billing/taxes'))).toEqual(['taxes']);
  });
});

describe('a skill within another', () => {
  const inner = skill('outer/group/inner', { 'ref.md': 'r' });
  const outer = skill('outer', { 'a.md': '', 'group/inner/SKILL.md': manual('inner'), 'group/inner/ref.md': 'r' });
  const orders: [string, SkillCatalog][] = [
    ['before', shelf(inner, outer)],
    ['after', shelf(outer, inner)],
  ];

  test.each(orders)('has its files in both entries when registered %s it', (_when, all) => {
    expect(all.entries).toHaveLength(2);
    expect([...all.files.keys()].sort()).toEqual([...outer.files.keys()].sort());
    expect(all.get(outer.key).skill.resources).toHaveLength(4);
  });

  test.each(orders)('is listed under its own name when registered %s it', (_when, all) => {
    expect(all.fileAt(inner.key)).toMatchObject({ name: 'inner', description: 'About inner' });
    expect(all.directoryAt(inner.root)?.[0]).toMatchObject({ name: 'inner', description: 'About inner' });
    expect(names(all.directoryAt('skill://outer'))).toEqual(['outer', 'a.md', 'group']);
    expect(names(all.directoryAt('skill://outer/group'))).toEqual(['inner']);
  });

  test('is a plain file of the outer skill when it is not registered', () => {
    const all = shelf(outer, inner).without(inner);
    expect(all.fileAt(inner.key)?.name).toBe('SKILL.md');
    expect(all.fileAt(inner.key)).not.toHaveProperty('description');
    expect(refusal(() => all.get(inner.key)).code).toBe('invalid-params');
  });

  test.each([
    ['other contents', skill('outer/group/inner', { 'ref.md': 'other' })],
    ['an additional file', skill('outer/group/inner', { 'ref.md': 'r', 'more.md': '' })],
    ['a missing file', skill('outer/group/inner')],
    ['another file', skill('outer/group/inner', { 'fer.md': 'r' })],
    ['a place where the outer has nothing', skill('outer/other')],
    ['a place where the outer has a file', skill('outer/a.md/x')],
  ])('is refused with %s', (_name, other) => {
    const message = `Skill ${other.root} lies within skill skill://outer, which does not have exactly the same files there`;
    expect(() => shelf(outer, other)).toThrow(message);
    expect(() => shelf(other, outer)).toThrow(message);
  });

  test('is not a skill with the same prefix', () => {
    expect(shelf(skill('out'), outer, skill('outermost')).entries).toHaveLength(3);
  });
});
