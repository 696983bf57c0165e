/** The official clients of both eras start the fixture as a child process, and drive it over stdio (R54). */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { CAPABLE, type Connected, DRIVERS, MODERN_DRIVERS } from '../clients/official-clients.js';
import { onCleanup } from '../support/cleanup.js';
import { eventually, within } from '../support/wait.js';

const FIXTURE = resolve(import.meta.dirname, '../../fixture/dist/stdio.js');
const ENV = { PATH: process.env['PATH'] ?? '' };
const SERVER = { command: process.execPath, args: [FIXTURE], env: ENV, stderr: 'ignore' } as const;

function answering({ onRequest }: Pick<Connected, 'onRequest'>): void {
  const content = { type: 'text', text: 'from the model' };
  onRequest('sampling/createMessage', () => ({ role: 'assistant', model: 'm', content }));
  onRequest('elicitation/create', () => ({ action: 'accept', content: { username: 'al', email: 'al@example.com' } }));
  onRequest('roots/list', () => ({ roots: [{ uri: 'file:///home/al' }] }));
}

describe('serveStdio, with the official clients (R54)', () => {
  test.each([DRIVERS[0], ...MODERN_DRIVERS])(
    '$name lists, calls, answers client requests, and receives progress and changes',
    async (driver) => {
      const changed: unknown[] = [];
      const { client, callTool, errors, listen } = await (driver as NonNullable<typeof driver>).connect(
        { ...SERVER, args: [FIXTURE] },
        {
          capabilities: CAPABLE,
          prepare: (prepared) => {
            answering(prepared);
            prepared.onNotification('notifications/tools/list_changed', (notification) => changed.push(notification));
          },
        },
      );
      const names = (await client.listTools()).tools.map(({ name }: { name: string }) => name);
      expect(names).toContain('test_elicitation');
      expect((await callTool('test_elicitation', { message: 'Name?' })).content[0].text).toContain('al@example.com');
      expect((await callTool('test_sampling', { prompt: 'Hi' })).content[0].text).toContain('from the model');
      expect((await callTool('test_roots')).content[0].text).toBe('file:///home/al');
      const progress: number[] = [];
      // The clients drop progress that they read together with the response, so the call waits for a sign of them.
      const onprogress = (report: { progress: number }): void => {
        progress.push(report.progress);
        void callTool('test_release');
      };
      await callTool('test_progress_until_released', {}, { onprogress });
      expect(progress).toEqual([50]);
      expect((await callTool('test_console')).content[0].text).toBe('Written.');
      const cancelling = new AbortController();
      const cancelled = callTool('test_cancellation', {}, { signal: cancelling.signal });
      cancelling.abort();
      await expect(cancelled).rejects.toThrow();
      await listen({ toolsListChanged: true });
      await callTool('test_trigger_tool_change');
      await eventually('the client receives the change', () => changed.length > 0);
      await within('the client ends the server', client.close(), 1_900);
      // A line on stdout that is no message would be an error of the client.
      expect(errors).toEqual([]);
    },
  );

  test('a process ends with code 0 after EOF and after SIGTERM, and writes messages of MCP only', async () => {
    const piped = spawn(process.execPath, [FIXTURE], { stdio: 'pipe', env: ENV });
    const held = spawn(process.execPath, [FIXTURE], { stdio: 'pipe', env: ENV });
    onCleanup(() => [piped, held].map((child) => child.kill('SIGKILL')));
    const lines = [
      {
        id: 1,
        method: 'initialize',
        params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'c', version: '1' } },
      },
      { id: 2, method: 'tools/call', params: { name: 'test_tool_with_logging' } },
      { id: 3, method: 'tools/call', params: { name: 'test_console' } },
    ].map((message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    const [stdout, stderr] = [text(piped.stdout), text(piped.stderr)];
    const exits = [piped, held].map((child) => once(child, 'exit'));
    piped.stdin.end(lines.join(''));
    held.stdin.write(lines[0]);
    await once(held.stdout, 'data');
    held.kill('SIGTERM');
    expect(await within('both processes exit', Promise.all(exits))).toEqual([
      [0, null],
      [0, null],
    ]);
    const messages = (await stdout).trim().split('\n');
    const parsed = messages.map((line) => JSON.parse(line) as { id?: number });
    // The call that was running at the end of the input is answered.
    expect(
      parsed
        .map(({ id }) => id)
        .filter((id) => id !== undefined)
        .sort(),
    ).toEqual([1, 2, 3]);
    expect(await stderr).toBe('not a message of MCP\n');
  });
});
