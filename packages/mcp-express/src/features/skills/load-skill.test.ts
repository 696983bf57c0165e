import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ConfigurationError } from '../../protocol/errors.js';
import { loadSkill } from './load-skill.js';
import { compileSkill } from './skill.js';

const MANUAL = '---\nname: s\ndescription: d\n---\n';

let base: string;
let folder: string;

async function put(path: string, contents: string | Uint8Array = ''): Promise<string> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, contents);
  return file;
}

async function refusal(): Promise<string> {
  const error: unknown = await loadSkill(folder).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (!(error instanceof ConfigurationError)) throw new Error(`it was not refused: ${String(error)}`);
  expect(error.message).toContain(`The folder "${folder}" cannot be loaded as a skill: `);
  return error.message;
}

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'skills-'));
  folder = join(base, 'skill');
  await put('SKILL.md', MANUAL);
});

afterEach(() => rm(base, { recursive: true, force: true }));

describe('a skill in a folder', () => {
  test('is loaded with all files below', async () => {
    await put('a/b/c.md', 'deep');
    await put('logo.png', new Uint8Array([1, 2]));
    const { files, path } = await loadSkill(folder);
    expect(path).toBeUndefined();
    expect(Object.keys(files).sort()).toEqual(['SKILL.md', 'a/b/c.md', 'logo.png']);
    expect(String(files['a/b/c.md'])).toBe('deep');
    expect(compileSkill({ files, path: 'group/s' }).files.size).toBe(3);
  });

  test('is loaded without hidden files', async () => {
    await put('.env', 'SECRET=1');
    await put('.git/config');
    await put('a/.DS_Store');
    expect(Object.keys((await loadSkill(folder)).files)).toEqual(['SKILL.md']);
  });

  test('is loaded with links within the folder, and when it is a link itself', async () => {
    const file = await put('a/real.md', 'r');
    await symlink(file, join(folder, 'link.md'));
    await symlink(join(folder, 'a'), join(folder, 'b'));
    const alias = join(base, 'alias');
    await symlink(folder, alias);
    expect(Object.keys((await loadSkill(alias)).files).sort()).toEqual([
      'SKILL.md',
      'a/real.md',
      'b/real.md',
      'link.md',
    ]);
  });
});

describe('a refused folder, named in the error', () => {
  test('does not exist', async () => {
    folder = join(base, 'none');
    expect(await refusal()).toContain('ENOENT');
  });

  test('is a file', async () => {
    folder = await put('file');
    expect(await refusal()).toContain('ENOTDIR');
  });

  test('is not a skill', async () => {
    await rm(join(folder, 'SKILL.md'));
    expect(await refusal()).toContain('needs "files" with a "SKILL.md"');
    await put('SKILL.md', '# Title');
    expect(await refusal()).toContain('begins with front matter');
  });

  test.each([
    ['a file', 'secret'],
    ['a folder', 'other'],
    ['a folder whose name begins with its own', 'skill-2'],
  ])('has a link to %s outside', async (_what, target) => {
    await mkdir(join(base, 'other'));
    await mkdir(join(base, 'skill-2'));
    await writeFile(join(base, 'secret'), 'x');
    await symlink(join(base, target), join(folder, 'link'));
    expect(await refusal()).toContain('"link" is a symbolic link that leads out of it');
  });

  test('has a link to nowhere', async () => {
    await symlink(join(folder, 'none'), join(folder, 'link'));
    expect(await refusal()).toContain('ENOENT');
  });

  test('has a link to a parent folder', async () => {
    await put('a/x.md');
    await symlink(folder, join(folder, 'a', 'up'));
    expect(await refusal()).toContain('"a/up/" is a symbolic link to one of its parent folders');
  });

  test('has links that multiply folders', async () => {
    const levels = Array.from({ length: 10 }, (_, level) => join(folder, `${level}`));
    for (const level of levels) await mkdir(level);
    for (const [index, level] of levels.slice(1).entries()) {
      for (const name of ['x', 'y']) await symlink(level, join(levels[index]!, name));
    }
    expect(await refusal()).toContain('more than 512 folders');
  });

  test('has more than 512 files', async () => {
    await Promise.all(Array.from({ length: 512 }, (_, index) => put(`f${index}`)));
    expect(await refusal()).toContain('more than 512 files');
  });

  test('has more than 16 MiB, and is not read', async () => {
    await truncate(await put('big.bin'), 2 ** 40);
    expect(await refusal()).toContain('more than 16777216 bytes');
  });

  test('contains something other than files and folders', async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(join(folder, 'socket'), done));
    expect(await refusal()).toContain('"socket" is neither a file nor a folder');
    await new Promise((done) => server.close(done));
  });
});
