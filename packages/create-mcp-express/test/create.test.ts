import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createProject } from '../src/create-project.js';

const MCP_EXPRESS = resolve(import.meta.dirname, '../../mcp-express');
const MAIN = resolve(import.meta.dirname, '../dist/main.js');

/** Without the settings under which tests run. */
const { NODE_OPTIONS: _options, NODE_ENV: _env, ...ENV } = process.env;

const run = (command: string, args: readonly string[], cwd: string) =>
  promisify(execFile)(command, args, { cwd, env: ENV, timeout: 240_000 });

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'create-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function filesOf(folder: string): Map<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]));
}

describe('a project', () => {
  const variants = [
    { auth: false, redis: false },
    { auth: true, redis: false },
    { auth: false, redis: true },
    { auth: true, redis: true },
  ];

  test.each(variants)('is complete with auth $auth, redis $redis', async (options) => {
    const { name, folder } = await createProject(join(newFolder(), 'my-server'), options);
    const files = filesOf(folder);
    expect(name).toBe('my-server');
    for (const [path, text] of files) expect([path, /\{\{|\}\}|\n\n\n/.exec(text)?.[0]]).toEqual([path, undefined]);
    expect(files.has('.gitignore') && files.has('.dockerignore') && files.has('Dockerfile')).toBe(true);
    expect([files.has('src/keys.ts'), files.get('src/main.ts')?.includes('readKeys')]).toEqual([
      options.auth,
      options.auth,
    ]);
    expect([files.has('compose.yaml'), files.get('src/main.ts')?.includes('redis://')]).toEqual([
      options.redis,
      options.redis,
    ]);
    const { dependencies } = JSON.parse(files.get('package.json') ?? '') as { dependencies: Record<string, string> };
    expect(dependencies['mcp-express']).toBe('^0.1.0');
    expect([dependencies['redis'] !== undefined, dependencies['lmdb'] !== undefined]).toEqual([
      options.redis,
      !options.redis,
    ]);
  });

  test('is not written over files', async () => {
    const folder = join(newFolder(), 'taken');
    mkdirSync(folder);
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    await expect(createProject(folder)).rejects.toThrow('has files already');
    await expect(createProject(join(folder, 'notes.txt'))).rejects.toThrow('is a file');
    expect([...filesOf(folder).keys()]).toEqual(['notes.txt']);
  });

  test.each(['My Server', '.hidden', 'a'.repeat(101), 'naïve'])('is not named %p', async (name) => {
    const folder = newFolder();
    await expect(createProject(join(folder, name))).rejects.toThrow('cannot be the name of a package');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('the command', () => {
  const fails = async (...args: string[]): Promise<string> => {
    const { code, stderr } = (await run(process.execPath, [MAIN, ...args], newFolder()).catch((cause) => cause)) as {
      code: number;
      stderr: string;
    };
    expect(code).toBe(1);
    return stderr;
  };

  test('explains itself', async () => {
    const { stdout } = await run(process.execPath, [MAIN, '--help'], newFolder());
    expect(stdout).toContain('npm create mcp-express FOLDER');
  });

  test('names wrong arguments, without a stack', async () => {
    expect(await fails()).toContain('Name the folder of the project');
    expect(await fails('a', 'b')).toContain('Name one folder, not also b');
    const unknown = await fails('a', '--reddis');
    expect(unknown).toContain("'--reddis'");
    expect(unknown).not.toContain('    at ');
  });
});

test('a project with keys installs from the packed package, passes its tests, starts, and answers requests with a key (R66)', async () => {
  const folder = newFolder();
  mkdirSync(join(folder, 'packed'));
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', join(folder, 'packed')], MCP_EXPRESS);
  const [tarball = ''] = readdirSync(join(folder, 'packed'));
  const spec = `file:${join(folder, 'packed', tarball)}`;
  const made = await run(process.execPath, [MAIN, 'my-server', '--auth', '--mcp-express', spec], folder);
  expect(made.stdout).toContain('npm run new-key -- alice');

  const project = join(folder, 'my-server');
  await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline'], project);
  const installed = readdirSync(join(project, 'node_modules/mcp-express'), { recursive: true }) as string[];
  expect(installed.filter((file) => file.endsWith('.map'))).toEqual([]);
  const { stdout } = await run('npm', ['test'], project);
  expect(stdout).toMatch(/pass 3\b/);
  expect(stdout).toMatch(/fail 0\b/);

  const key = (await run('npm', ['run', '--silent', 'new-key', '--', 'alice'], project)).stdout.trim();
  expect(readFileSync(join(project, 'keys.json'), 'utf8')).not.toContain(key);
  await run('npm', ['run', 'build'], project);
  const server = spawn(process.execPath, ['dist/main.js'], {
    cwd: project,
    env: { ...ENV, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  cleanups.push(() => server.kill('SIGKILL'));
  const [line] = (await once(createInterface({ input: server.stdout }), 'line')) as [string];
  const url = /ready at (\S+)/.exec(line)?.[1] ?? '';
  const initialize = (headers: Record<string, string>): Promise<Response> =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'initialize',
        params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
      }),
    });
  expect((await initialize({})).status).toBe(401);
  const answer = await initialize({ authorization: `Bearer ${key}` });
  expect(await answer.json()).toMatchObject({ result: { serverInfo: { name: 'my-server' } } });
  server.kill('SIGTERM');
  expect(await once(server, 'exit')).toEqual([0, null]);
}, 300_000);
