/** The program as a process: output, signals and exit codes. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
/** As a user runs it. */
const PROGRAM = here('../dist/main.js');
const running = new Set<ChildProcess>();

interface Program {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  /** Exit code and signal. */
  readonly ended: Promise<unknown[]>;
}

beforeAll(() => {
  if (existsSync(PROGRAM)) return;
  throw new Error('float-server is not built: run `npm test`, or `npx tsc -b apps/float-server`');
});
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
});

function run(env: Record<string, string>): Program {
  const { PATH } = process.env;
  const child = spawn(process.execPath, [PROGRAM], { env: { PATH, ...env } as NodeJS.ProcessEnv });
  running.add(child);
  const [out, err]: string[][] = [[], []] as [string[], string[]];
  child.stdout.on('data', (chunk: Buffer) => out!.push(String(chunk)));
  child.stderr.on('data', (chunk: Buffer) => err!.push(String(chunk)));
  return { child, out: () => out!.join(''), err: () => err!.join(''), ended: once(child, 'close') };
}
async function ready(program: Program): Promise<string> {
  await said(program, program.child.stdout!, () => program.out().includes('curl'));
  return /http:\S+\/mcp/.exec(program.out())?.[0] ?? '';
}
/** @throws when the program ends before it has printed it. */
async function said(program: Program, stream: Readable, isSaid: () => boolean): Promise<void> {
  const ended = program.ended.then((how) => {
    throw new Error(`it ended (${how.join(', ')}) with: ${program.err()}`);
  });
  ended.catch(() => {});
  while (!isSaid()) await Promise.race([once(stream, 'data'), ended]);
}

describe('the program', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    'prints its URL and a client configuration, and stops on %s',
    async (signal) => {
      const program = run({ PORT: '0' });
      const endpoint = await ready(program);
      const [line] = program.out().split('\n');
      expect(line).toBe(
        `float-server is ready at ${endpoint}, with data from the built-in sandbox (set FLOAT_API_KEY for Float).`,
      );
      const [, snippet] = /:\n(\{\n[\s\S]*?\n\})\n/.exec(program.out()) ?? [];
      expect(JSON.parse(snippet!)).toEqual({ mcpServers: { float: { type: 'http', url: endpoint } } });
      const [, body] = /-d '(.*)'\n$/.exec(program.out()) ?? [];
      const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
      const answer = await fetch(endpoint, { method: 'POST', headers, body: body! });
      expect(await answer.json()).toMatchObject({ result: { serverInfo: { name: 'float' } } });
      program.child.kill(signal);
      expect(await program.ended).toEqual([0, null]);
      expect(program.err()).toContain('"message":"stopped"');
    },
  );

  test.each([
    ['SIGTERM', 'SIGTERM'],
    ['SIGINT', 'SIGTERM'],
  ] as const)('a second signal ends the graceful stop by %s at once (%s)', async (first, second) => {
    const program = run({ PORT: '0' });
    const { port } = new URL(await ready(program));
    // A request whose body never ends is waited for.
    const socket = connect(Number(port), '127.0.0.1').on('error', () => {});
    socket.write(
      'POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
    );
    await once(socket, 'connect');
    program.child.kill(first);
    await said(program, program.child.stderr!, () => program.err().includes('"message":"stopping"'));
    program.child.kill(second);
    expect(await program.ended).toEqual([1, null]);
    expect(program.err()).not.toContain('"message":"stopped"');
    socket.destroy();
  });

  test('a signal sent on its first line is handled', async () => {
    // Six at once, so that some are not scheduled right after they have printed it.
    const programs = Array.from({ length: 6 }, () => run({ PORT: '0', STORE: 'memory' }));
    for (const program of programs) {
      program.child.stdout!.once('data', () => void program.child.kill('SIGTERM'));
    }
    for (const program of programs) expect(await program.ended).toEqual([0, null]);
  });

  test('wrong configuration: exit code 1, nothing on stdout, and the variable is named', async () => {
    const program = run({ PORT: 'http' });
    expect(await program.ended).toEqual([1, null]);
    expect(program.err()).toBe('Wrong configuration: PORT must be a whole number from 0 to 65535; it is "http".\n');
    expect(program.out()).toBe('');
  });

  test('a busy port: exit code 1 and what to do', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const program = run({ PORT: String(port), STORE: 'memory' });
    expect(await program.ended).toEqual([1, null]);
    expect(program.err()).toContain(`127.0.0.1:${port} is in use by another program`);
    other.close();
  });
});
