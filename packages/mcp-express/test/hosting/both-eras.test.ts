/** Servers of the official SDK 1.x and 2.x, hosted unchanged, with the official clients of both eras (R51, R52). */
import { describe, expect, test } from '@jest/globals';
import { hostSdk } from 'mcp-express/sdk';
import { CAPABLE, type Connected, DRIVERS, MODERN_DRIVERS } from '../clients/official-clients.js';
import type { JsonBody } from '../support/raw-client.js';
import { startServer } from '../support/start-server.js';
import { eventually } from '../support/wait.js';
import { aborted } from './observed.js';
import { serverV1 } from './servers-v1.js';
import { serverV2 } from './servers-v2.js';

const HOSTED = [
  { version: '1.x', build: serverV1, name: 'hosted-v1' },
  { version: '2.x', build: serverV2, name: 'hosted-v2' },
];
const CLIENTS = [DRIVERS[0], DRIVERS[1], MODERN_DRIVERS[1]].flatMap((driver) => driver ?? []);
const CASES = HOSTED.flatMap((hosted) => CLIENTS.map((driver) => ({ ...hosted, driver, client: driver.name })));

function answering({ onRequest }: Pick<Connected, 'onRequest'>): void {
  onRequest('sampling/createMessage', () => ({
    role: 'assistant',
    model: 'm',
    content: { type: 'text', text: 'hey' },
  }));
  onRequest('elicitation/create', () => ({ action: 'accept', content: { name: 'Al' } }));
  onRequest('roots/list', () => ({ roots: [{ uri: 'file:///home/al' }] }));
}

const textOf = (result: JsonBody): string => result.content[0].text;

describe('a hosted server of the SDK (R51, R52)', () => {
  test.each(CASES)('$version answers $client', async ({ build, name, driver }) => {
    const { url } = await startServer({ mcp: hostSdk(build) });
    const logs: string[] = [];
    const { client, callTool, errors } = await driver.connect(url, {
      capabilities: CAPABLE,
      prepare: (prepared) => {
        answering(prepared);
        prepared.onNotification('notifications/message', ({ params }) => logs.push(params.data));
      },
    });
    expect(client.getServerVersion()).toMatchObject({ name, version: '1.2.3' });
    expect(client.getInstructions()).toBe('Use the tools.');
    expect(client.getServerCapabilities()).toMatchObject({ tools: { listChanged: true }, logging: {} });
    const tools = (await client.listTools()).tools.map((tool: { name: string }) => tool.name);
    // The last one exists for clients with the capability `sampling` only.
    expect(tools).toEqual(expect.arrayContaining(['echo', 'ask', 'for-capable-clients']));
    expect(textOf(await callTool('echo', { value: 'v' }))).toBe('v');
    expect((await callTool('sum', { a: 1, b: 2 })).structuredContent).toEqual({ sum: 3 });
    expect(await callTool('fail')).toMatchObject({ isError: true, content: [{ text: 'it failed' }] });
    expect(textOf(await callTool('ask'))).toBe('accept Al');
    if (name === 'hosted-v2') expect(textOf(await callTool('ask-by-result'))).toBe('accept Al');
    expect(textOf(await callTool('sample'))).toContain('hey');
    expect(textOf(await callTool('roots'))).toContain('file:///home/al');
    const progress: number[] = [];
    await callTool('report', {}, { onprogress: (report) => progress.push(report.progress) });
    expect(progress).toEqual([1]);
    expect((await client.listResources()).resources).toMatchObject([{ uri: 'memo://note' }]);
    expect((await client.listResourceTemplates()).resourceTemplates).toHaveLength(1);
    expect((await client.readResource({ uri: 'memo://al/page' })).contents[0].text).toBe('of al');
    expect((await client.listPrompts()).prompts).toMatchObject([{ name: 'greet' }]);
    const prompt = await client.getPrompt({ name: 'greet', arguments: { who: 'Bo' } });
    expect(prompt.messages[0].content.text).toBe('Hello Bo');
    const ref = { type: 'ref/resource', uri: 'memo://{name}/page' };
    expect((await client.complete({ ref, argument: { name: 'name', value: 'a' } })).completion.values).toContain('al');
    const cancelling = new AbortController();
    const before = aborted.length;
    const waiting = callTool('wait', {}, { signal: cancelling.signal });
    await callTool('echo', { value: 'meanwhile' });
    cancelling.abort();
    await expect(waiting).rejects.toThrow();
    await eventually('the signal of the handler fires', () => aborted.length > before);
    expect(errors).toEqual([]);
  });

  test.each(HOSTED)('$version sends messages after a call, to the session of the call alone', async ({ build }) => {
    const { url } = await startServer({ mcp: hostSdk(build) });
    const received: string[][] = [[], []];
    const clients = await Promise.all(
      received.map((seen) =>
        (CLIENTS[0] as (typeof CLIENTS)[number]).connect(url, {
          capabilities: CAPABLE,
          prepare: ({ onNotification }) => {
            onNotification('notifications/message', ({ params }) => seen.push(params.data));
            onNotification('notifications/tools/list_changed', () => seen.push('tools changed'));
          },
        }),
      ),
    );
    const [first] = clients as [Connected, Connected];
    await first.callTool('later');
    await eventually('the log message', () => received[0]?.includes('after the call'));
    const count = (await first.client.listTools()).tools.length;
    await first.callTool('grow');
    await eventually('the change, in both sessions', () => received.every((seen) => seen.includes('tools changed')));
    expect((await first.client.listTools()).tools).toHaveLength(count + 1);
    expect(received[1]).toEqual(['tools changed']);
  });
});
