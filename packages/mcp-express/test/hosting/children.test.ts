/** Servers on stdio behind HTTP: sessions, attribution, deaths, faults, and no process left behind (R53). */
import { resolve } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { type HostedServer, type HostStdioOptions, hostStdio } from 'mcp-express/stdio';
import { CAPABLE, type Connected, DRIVERS, MODERN_DRIVERS } from '../clients/official-clients.js';
import { openWire } from '../features/wire-session.js';
import { onCleanup } from '../support/cleanup.js';
import { type RawAnswer, send } from '../support/raw-client.js';
import { initializeRequest } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { eventually, within } from '../support/wait.js';

const FIXTURE = resolve(import.meta.dirname, '../../fixture/dist/stdio.js');

/** Answers `initialize`, and runs `code` for every other message, which it has as `m`; `say` writes a message. */
function scripted(code: string): Pick<HostStdioOptions, 'command' | 'args'> {
  const program = `
    const say = (message) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n');
    const text = (value) => ({ content: [{ type: 'text', text: String(value) }] });
    const info = { capabilities: { tools: {} }, serverInfo: { name: 'scripted', version: '1' } };
    require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
      const m = JSON.parse(line);
      if (m.method === 'initialize') say({ id: m.id, result: { protocolVersion: '2025-11-25', ...info } });
      else { ${code} }
    });`;
  return { command: process.execPath, args: ['-e', program] };
}

function hosted(options: HostStdioOptions): HostedServer {
  const server = hostStdio({ onStderr: () => {}, ...options });
  onCleanup(() => server.close());
  return server;
}

function opening(url: string): Promise<RawAnswer> {
  return send(url, { body: initializeRequest('2025-11-25') });
}

/** False once a process has ended; its entry may remain until its parent has read the exit code. */
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('a server on stdio behind HTTP (R53)', () => {
  const fixture = hostStdio({ command: process.execPath, args: [FIXTURE], onStderr: () => {} });
  afterAll(() => fixture.close());

  test.each([DRIVERS[0], MODERN_DRIVERS[1]].flatMap((driver) => driver ?? []))(
    '$name lists, calls, answers client requests, receives progress, and cancels',
    async ({ connect }) => {
      const { url } = await startServer({ mcp: fixture });
      const { client, callTool, errors } = await connect(url, { capabilities: CAPABLE, prepare: answering });
      expect((await client.listTools()).tools.length).toBeGreaterThan(5);
      expect((await callTool('test_elicitation', { message: 'Name?' })).content[0].text).toContain('al@example.com');
      expect((await callTool('test_sampling', { prompt: 'Hi' })).content[0].text).toContain('from the model');
      const progress: number[] = [];
      await callTool('test_tool_with_progress', {}, { onprogress: (report) => progress.push(report.progress) });
      expect(progress).toEqual([0, 50, 100]);
      const cancelling = new AbortController();
      const cancelled = callTool('test_cancellation', {}, { signal: cancelling.signal });
      cancelling.abort();
      await expect(cancelled).rejects.toThrow();
      expect((await callTool('test_simple_text')).content[0].text).toBe('A simple text.');
      expect(errors).toEqual([]);
    },
  );

  test('its variables are those of the allow-list, and its stderr is redacted', async () => {
    process.env['P3_SECRET'] = 'hidden';
    process.env['P3_PASSED'] = 'passed';
    onCleanup(() => {
      delete process.env['P3_SECRET'];
      delete process.env['P3_PASSED'];
    });
    const lines: string[] = [];
    const mcp = hosted({
      ...scripted(
        `console.error('Authorization: Bearer abcdefghijklmnop'); if (m.id) say({ id: m.id, result: text([process.env.P3_SECRET, process.env.P3_PASSED, process.env.OWN, typeof process.env.PATH]) });`,
      ),
      env: { OWN: 'own' },
      passEnv: ['P3_PASSED'],
      onStderr: (line) => lines.push(line),
    });
    const session = await openWire((await startServer({ mcp })).url);
    expect((await session.tool('x')).content[0].text).toBe(',passed,own,string');
    await eventually('a line of stderr', () => lines.some((line) => line.startsWith('Authorization')));
    expect(lines.join('\n')).not.toContain('abcdefghijklmnop');
  });
});

describe('children that fail (R53)', () => {
  test('one that dies answers its calls at once and is started again, with its forks gone', async () => {
    const fork = `require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' }).pid`;
    const mcp = hosted({
      ...scripted(`
        if (m.params?.name === 'die') process.exit(3);
        else if (m.params?.name === 'fork') say({ id: m.id, result: text(${fork}) });
        else if (m.id !== undefined && m.params?.name !== 'hang') say({ id: m.id, result: text(process.pid) });`),
    });
    const session = await openWire((await startServer({ mcp })).url);
    const first = (await session.tool('pid')).content[0].text;
    const forked = Number((await session.tool('fork')).content[0].text);
    expect(runs(forked)).toBe(true);
    const hanging = session.ask('tools/call', { name: 'hang' });
    const dying = session.ask('tools/call', { name: 'die' });
    for (const answer of await within('both calls fail', Promise.all([hanging, dying]))) {
      expect(answer.error.message).toContain('ended before it answered');
    }
    expect((await session.tool('pid')).content[0].text).not.toBe(first);
    await eventually('the fork ends', () => !runs(forked));
  });

  test('a command that is missing, ends at once or does not speak MCP is a clear error', async () => {
    const messageOf = async (options: HostStdioOptions): Promise<string> => {
      const { url } = await startServer({ mcp: hosted({ startTimeoutMs: 10_000, ...options }) });
      return (await within('an answer', opening(url))).json.error.message;
    };
    const node = process.execPath;
    expect(await messageOf({ command: 'no-such-program' })).toBe('Internal error');
    expect(await messageOf({ command: node, args: ['-e', 'process.exit(1)'] })).toContain('ended before it answered');
    const flood = "setInterval(() => { for (let i = 0; i < 2000; i++) console.log('rubbish') }, 1)";
    expect(await messageOf({ command: node, args: ['-e', flood] })).toContain('ended before it answered');
    const silent = { command: node, args: ['-e', 'process.stdin.resume()'], startTimeoutMs: 300 };
    expect(await messageOf(silent)).toContain('did not start within 300 ms');
  });

  test('rubbish between messages, a second answer, and a late one reach no client', async () => {
    const mcp = hosted({
      ...scripted(`
        process.stdout.write('debug output\\n{"jsonrpc":"2.0"}\\n');
        if (m.id !== undefined) { say({ id: m.id, result: text(1) }); say({ id: m.id, result: text(2) }); say({ id: 'x', error: { code: 1, message: 'none' } }); }`),
    });
    const session = await openWire((await startServer({ mcp })).url);
    for (let n = 0; n < 3; n += 1) expect((await session.tool('x')).content[0].text).toBe('1');
  });

  test('requests that belong to no one session get an error, and reach no client', async () => {
    const ask = `say({ id: 'q', method: 'elicitation/create', params: { message: 'secret of another', requestedSchema: { type: 'object', properties: {} } } });`;
    const mcp = hosted({
      ...scripted(`
        if (m.id === 'q') { say({ id: globalThis.asker, result: text(m.error?.message ?? m.result.action) }); }
        else if (m.params?.name === 'ask') { globalThis.asker = m.id; ${ask} }
        else if (m.params?.name === 'pid') say({ id: m.id, result: text(process.pid) });`),
      children: 'one',
    });
    const { url, router } = await startServer({ mcp });
    const [one, two] = await Promise.all([
      openWire(url, { capabilities: CAPABLE }),
      openWire(url, { capabilities: CAPABLE }),
    ]);
    expect((await one.tool('pid')).content).toEqual((await two.tool('pid')).content);
    const waiting = two.ask('tools/call', { name: 'hang' });
    await eventually('the call of the other session runs', async () => (await router.stats()).calls === 1);
    expect((await one.tool('ask')).content[0].text).toContain('belongs to no session');
    await mcp.close();
    expect((await waiting).error.data.reason).toBe('hosted-error');
  });

  test('abandoned sessions leave at most the allowed processes, and none after the end', async () => {
    // It ignores the end of its input and SIGTERM.
    const stubborn = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);";
    const { command, args = [] } = scripted(`say({ id: m.id, result: text(process.pid) });`);
    const mcp = hosted({ command, args: ['-e', `${stubborn}${args[1]}`], maxChildren: 2 });
    const { url } = await startServer({ mcp });
    const pids: number[] = [];
    for (let n = 0; n < 4; n += 1) pids.push(Number((await (await openWire(url)).tool('x')).content[0].text));
    expect(mcp.instances).toBe(2);
    expect(new Set(pids).size).toBe(4);
    await mcp.close();
    await eventually('no process is left', () => !pids.some(runs));
  });

  test('wrong options are named', () => {
    const wrong = (options: object) => () => hostStdio(options as HostStdioOptions);
    expect(wrong({})).toThrow('"command" must be the name or path of a program');
    expect(wrong({ command: 'x', args: 'y' })).toThrow('"args" must be an array of strings');
    expect(wrong({ command: 'x', children: 'all' })).toThrow('"children" must be "session", "shared" or "one"');
    expect(wrong({ command: 'x', environment: {} })).toThrow('has no option "environment"');
    expect(wrong({ command: 'x', maxChildren: 0 })).toThrow('"maxChildren" must be a whole number of at least 1');
  });
});

function answering({ onRequest }: Pick<Connected, 'onRequest'>): void {
  const content = { type: 'text', text: 'from the model' };
  onRequest('sampling/createMessage', () => ({ role: 'assistant', model: 'm', content }));
  onRequest('elicitation/create', () => ({ action: 'accept', content: { username: 'al', email: 'al@example.com' } }));
  onRequest('roots/list', () => ({ roots: [{ uri: 'file:///home/al' }] }));
}
