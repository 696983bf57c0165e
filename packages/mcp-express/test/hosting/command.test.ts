/** The command `mcp-express serve -- COMMAND` (R53). */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { openWire } from '../features/wire-session.js';
import { onCleanup } from '../support/cleanup.js';
import { eventually, within } from '../support/wait.js';

const MAIN = resolve(import.meta.dirname, '../../dist/cli/main.js');
const FIXTURE = resolve(import.meta.dirname, '../../fixture/dist/stdio.js');

function command(...args: string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  onCleanup(() => child.kill('SIGKILL'));
  return child;
}

test('serves a command, and leaves no process behind', async () => {
  const child = command('serve', '--port', '0', '--path', '/fixture', '--', process.execPath, FIXTURE);
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stderr });
  let url: string | undefined;
  lines.on('line', (line) => {
    url ??= /served at (\S+)/.exec(line)?.[1];
  });
  const endpoint = await eventually('the URL', () => url);
  expect(endpoint).toMatch(/\/fixture$/);
  const session = await openWire(endpoint);
  expect((await session.tool('test_simple_text')).content[0].text).toBe('A simple text.');
  child.kill('SIGTERM');
  expect(await within('it exits', exited)).toEqual([0, null]);
});

test('explains its mistakes', async () => {
  const explained = async (...args: string[]): Promise<[number, string]> => {
    const child = command(...args);
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    return [code as number, said];
  };
  const all = await Promise.all([
    explained('serv'),
    explained('serve'),
    explained('serve', '--prot', '1', '--', 'x'),
    explained('serve', '--host', '0.0.0.0', '--', 'x'),
  ]);
  expect(all.map(([code]) => code)).toEqual([2, 2, 2, 2]);
  const said = all.map(([, message]) => message);
  expect(said[0]).toContain('Did you mean "serve"?');
  expect(said[1]).toContain('needs a command after "--"');
  expect(said[2]).toContain("'--prot'");
  expect(said[3]).toContain('or --anonymous if that is meant');
});
