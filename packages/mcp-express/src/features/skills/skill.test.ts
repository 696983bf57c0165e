import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { ConfigurationError } from '../../protocol/errors.js';
import { compileSkill, type SkillSource } from './skill.js';

const MANUAL = '---\nname: refunds\ndescription: Refund a customer\nmetadata: {version: "2"}\n---\n# Refunds – “how”\n';
const PIXEL = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0xff]);

const SOURCE: SkillSource = {
  path: 'acme/billing/refunds',
  files: {
    'templates/eu/letter one.txt': 'Dear',
    'scripts/run.py': 'print(1)\n',
    'SKILL.md': MANUAL,
    'assets/logo.png': PIXEL,
    'assets/data.bin': new Uint8Array([0xc3, 0x28]),
    'assets/LICENSE': 'free',
    'templates/a.md': '',
  },
};

const ROOT = 'skill://acme/billing/refunds';
const withFiles = (files: SkillSource['files']) => compileSkill({ files: { 'SKILL.md': MANUAL, ...files } });
const sha256 = (bytes: string | Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

describe('a compiled skill', () => {
  const skill = compileSkill(SOURCE);

  test('is identified by the URI of its SKILL.md', () => {
    expect(skill.key).toBe(`${ROOT}/SKILL.md`);
    expect(skill.root).toBe(ROOT);
    expect(compileSkill({ files: { 'SKILL.md': MANUAL } }).key).toBe('skill://refunds/SKILL.md');
  });

  test('lists every file once, SKILL.md first, with the digest and size of its bytes', () => {
    expect(skill.entry).toEqual({
      uri: skill.key,
      frontmatter: { name: 'refunds', description: 'Refund a customer', metadata: { version: '2' } },
      resources: [
        { uri: skill.key, digest: sha256(MANUAL), size: Buffer.byteLength(MANUAL) },
        { uri: `${ROOT}/assets/LICENSE`, digest: sha256('free'), size: 4 },
        { uri: `${ROOT}/assets/data.bin`, digest: sha256(new Uint8Array([0xc3, 0x28])), size: 2 },
        { uri: `${ROOT}/assets/logo.png`, digest: sha256(PIXEL), size: 6 },
        { uri: `${ROOT}/scripts/run.py`, digest: sha256('print(1)\n'), size: 9 },
        { uri: `${ROOT}/templates/a.md`, digest: sha256(''), size: 0 },
        { uri: `${ROOT}/templates/eu/letter%20one.txt`, digest: sha256('Dear'), size: 4 },
      ],
    });
    expect([...skill.files.keys()]).toEqual(skill.entry.resources.map(({ uri }) => uri));
  });

  test('does not depend on the order of its files', () => {
    const turned = compileSkill({ ...SOURCE, files: Object.fromEntries(Object.entries(SOURCE.files).reverse()) });
    expect(turned).toEqual(skill);
  });

  test('read contents have the listed size and digest', () => {
    for (const { uri, digest, size } of skill.entry.resources) {
      const { contents } = skill.files.get(uri)!;
      const bytes = 'text' in contents ? Buffer.from(contents.text) : Buffer.from(contents.blob, 'base64');
      expect([uri, bytes.length, sha256(bytes)]).toEqual([uri, size, digest]);
    }
  });

  test('a byte order mark is part of the contents', () => {
    const bytes = Buffer.from(`\uFEFF${MANUAL}`);
    const { entry, files, key } = compileSkill({ files: { 'SKILL.md': bytes } });
    expect(files.get(key)!.contents).toMatchObject({ text: `\uFEFF${MANUAL}` });
    expect(entry.resources[0]).toMatchObject({ digest: sha256(bytes), size: bytes.length });
  });

  test('a client that parses SKILL.md finds the front matter of the entry', () => {
    const { text } = skill.files.get(skill.key)!.contents as { text: string };
    expect(parse(text.split('---\n')[1] ?? '')).toEqual(skill.entry.frontmatter);
  });

  test('SKILL.md is listed under the name and description of the skill', () => {
    expect(skill.files.get(skill.key)).toEqual({
      uri: skill.key,
      name: 'refunds',
      description: 'Refund a customer',
      mimeType: 'text/markdown',
      size: Buffer.byteLength(MANUAL),
      contents: { uri: skill.key, mimeType: 'text/markdown', text: MANUAL },
    });
  });

  test.each([
    ['scripts/run.py', 'run.py', 'text/x-python', { text: 'print(1)\n' }],
    ['assets/logo.png', 'logo.png', 'image/png', { blob: PIXEL.toString('base64') }],
    ['assets/data.bin', 'data.bin', 'application/octet-stream', { blob: 'wyg=' }],
    ['assets/LICENSE', 'LICENSE', 'text/plain', { text: 'free' }],
    ['templates/eu/letter%20one.txt', 'letter one.txt', 'text/plain', { text: 'Dear' }],
  ])('%s is text or bytes by its type, or by its contents', (path, name, mimeType, contents) => {
    const uri = `${ROOT}/${path}`;
    expect(skill.files.get(uri)).toMatchObject({ uri, name, mimeType, contents: { uri, mimeType, ...contents } });
  });

  test('text that is not UTF-8 is served as bytes', () => {
    const { files } = withFiles({ 'latin.txt': Buffer.from([0xe4]) });
    expect(files.get('skill://refunds/latin.txt')).toMatchObject({
      mimeType: 'text/plain',
      contents: { blob: '5A==' },
    });
  });

  test('every folder lists its direct children', () => {
    expect([...skill.directories.keys()].sort()).toEqual([
      ROOT,
      `${ROOT}/assets`,
      `${ROOT}/scripts`,
      `${ROOT}/templates`,
      `${ROOT}/templates/eu`,
    ]);
    expect(skill.directories.get(ROOT)).toEqual([
      {
        uri: skill.key,
        name: 'refunds',
        description: 'Refund a customer',
        mimeType: 'text/markdown',
        size: Buffer.byteLength(MANUAL),
      },
      { uri: `${ROOT}/assets`, name: 'assets', mimeType: 'inode/directory' },
      { uri: `${ROOT}/scripts`, name: 'scripts', mimeType: 'inode/directory' },
      { uri: `${ROOT}/templates`, name: 'templates', mimeType: 'inode/directory' },
    ]);
    expect(skill.directories.get(`${ROOT}/templates`)).toEqual([
      { uri: `${ROOT}/templates/a.md`, name: 'a.md', mimeType: 'text/markdown', size: 0 },
      { uri: `${ROOT}/templates/eu`, name: 'eu', mimeType: 'inode/directory' },
    ]);
  });

  test('does not change when the source does', () => {
    const bytes = Buffer.from('before');
    const { files } = withFiles({ 'a.txt': bytes });
    bytes.fill('x');
    expect(files.get('skill://refunds/a.txt')!.contents).toMatchObject({ text: 'before' });
    expect(() => Object.assign(skill.entry, { uri: 'x' })).toThrow(TypeError);
    expect(() => (skill.entry.resources as unknown[]).push(1)).toThrow(TypeError);
  });
});

describe('an invalid skill is refused, and the error names it', () => {
  test.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /must be an object with "files"/],
    ['no files', {}, /^A skill needs "files" with a "SKILL.md"/],
    ['no SKILL.md', { path: 'a', files: { 'skill.md': MANUAL } }, /^Skill "a" needs "files" with a "SKILL.md"/],
    ['an unknown option', { files: { 'SKILL.md': MANUAL }, folder: 'a' }, /A skill has no option "folder"/],
    ['a SKILL.md of bytes', { path: 'a', files: { 'SKILL.md': PIXEL } }, /^Skill "a" has a SKILL.md that is not UTF-8/],
    ['contents that are neither', { files: { 'SKILL.md': 1 } }, /"SKILL.md", which is neither a string nor bytes/],
    ['no front matter', { path: 'a', files: { 'SKILL.md': '# A' } }, /^Skill "a" needs a SKILL.md that begins/],
  ])('%s', (_name, source, message) => {
    expect(() => compileSkill(source as SkillSource)).toThrow(message);
    expect(() => compileSkill(source as SkillSource)).toThrow(ConfigurationError);
  });

  test.each(['', 'other', 'refunds/other', 'refunds/'])('the path "%s" without the name at its end', (path) => {
    expect(() => compileSkill({ ...SOURCE, path })).toThrow(`Skill "${path}" has a path whose last segment is not`);
  });

  test.each([
    '/refunds',
    'a//refunds',
    '../refunds',
    'a/./refunds',
    'a b/refunds',
    'ä/refunds',
    'a%2Fb/refunds',
    'a:1/refunds',
  ])('the unsafe path "%s"', (path) => {
    expect(() => compileSkill({ ...SOURCE, path })).toThrow(/has the segment ".*" in its path/);
  });

  test.each(['../a', 'a/../../b', './a', 'a//b', '/etc/passwd', 'a/', '', 'a\\b', 'a\nb', 'a\0', '\ud800'])(
    'the file %j with an unsafe path',
    (path) => {
      expect(() => withFiles({ [path]: '' })).toThrow(/has the file ".*", whose path has/);
    },
  );

  test('a name that is both a file and a folder', () => {
    expect(() => withFiles({ a: '', 'a/b/c': '' })).toThrow('has both a file and a folder called "a"');
    expect(() => withFiles({ 'SKILL.md/x': '' })).toThrow('has both a file and a folder called "SKILL.md"');
  });

  test('more than 512 files', () => {
    const files = Object.fromEntries(Array.from({ length: 511 }, (_, index) => [`f${index}`, '']));
    expect(withFiles(files).entry.resources).toHaveLength(512);
    expect(() => withFiles({ ...files, more: '' })).toThrow(/has more than 512 files/);
  });

  test('more than 16 MiB', () => {
    const rest = 16 * 1024 * 1024 - Buffer.byteLength(MANUAL);
    expect(withFiles({ 'a.bin': Buffer.alloc(rest) }).files.size).toBe(2);
    expect(() => withFiles({ 'a.bin': Buffer.alloc(rest + 1) })).toThrow(/more than 16777216 bytes/);
  });
});
