/** The fixture of the conformance suite, as the official clients use it from end to end. */
import { describe, expect, test } from '@jest/globals';
import { serveFixture } from '../../fixture/src/serve-fixture.js';
import { fixtureServer } from '../../fixture/src/server.js';
import { onCleanup } from '../support/cleanup.js';
import { eventually } from '../support/wait.js';
import { CAPABLE, type Connected, DRIVERS } from './official-clients.js';

type Prepare = (client: Pick<Connected, 'onRequest' | 'onNotification'>) => void;

describe.each(DRIVERS)('the fixture with $name', ({ connect }) => {
  const start = async (prepare: Prepare = () => {}): Promise<Connected> => {
    const served = await serveFixture(fixtureServer(), { port: 0 });
    onCleanup(() => served.close({ graceMs: 0 }));
    return connect(`${served.url}/mcp`, { capabilities: CAPABLE, prepare });
  };

  test('asks its model, its user and for its roots (R16)', async () => {
    const { callTool } = await start(({ onRequest }) => {
      const content = { type: 'text', text: 'from the model' };
      onRequest('sampling/createMessage', () => ({ role: 'assistant', model: 'm', content }));
      onRequest('elicitation/create', () => ({
        action: 'accept',
        content: { username: 'al', email: 'al@example.com' },
      }));
      onRequest('roots/list', () => ({ roots: [{ uri: 'file:///home/al', name: 'home' }] }));
    });
    expect((await callTool('test_sampling', { prompt: 'Hi' })).content[0].text).toContain('from the model');
    expect((await callTool('test_elicitation', { message: 'Who?' })).content[0].text).toContain('al@example.com');
    expect((await callTool('test_roots')).content[0].text).toBe('file:///home/al');
  });

  test('tells it of progress, log messages and an updated resource (R25, R33)', async () => {
    const heard: string[] = [];
    const { client, callTool } = await start(({ onNotification }) => {
      onNotification('notifications/message', ({ params }) => heard.push(params.data));
      onNotification('notifications/resources/updated', ({ params }) => heard.push(params.uri));
    });
    const progress: number[] = [];
    await callTool('test_tool_with_progress', {}, { onprogress: (report) => progress.push(report.progress) });
    expect(progress).toEqual([0, 50, 100]);
    await client.setLoggingLevel('debug');
    await callTool('test_tool_with_logging');
    expect(heard).toEqual(['Tool started', 'Tool processing', 'Tool finished']);
    await client.subscribeResource({ uri: 'test://watched-resource' });
    await callTool('test_resource_update');
    await eventually('the update is told', () => heard.includes('test://watched-resource'));
  });

  test('completes its arguments, and gives resources and prompts', async () => {
    const { client } = await start();
    const ref = { type: 'ref/prompt', name: 'test_prompt_with_arguments' };
    const { completion } = await client.complete({ ref, argument: { name: 'arg1', value: 'test' } });
    expect(completion.values).toEqual(['test', 'testing', 'tested']);
    const { contents } = await client.readResource({ uri: 'test://template/42/data' });
    expect(JSON.parse(contents[0].text)).toEqual({ id: '42', data: 'Data of 42' });
    const { messages } = await client.getPrompt({ name: ref.name, arguments: { arg1: 'one', arg2: 'two' } });
    expect(messages[0].content.text).toBe('The arguments are one and two.');
  });

  test('lets it cancel a call, and come back to one whose stream was closed (R7, R17)', async () => {
    const { client, callTool } = await start();
    const cancel = new AbortController();
    const calling = callTool('test_cancellation', {}, { signal: cancel.signal });
    cancel.abort('enough');
    await expect(calling).rejects.toThrow();
    expect((await callTool('test_reconnection')).content[0].text).toContain('after the connection was closed');
    expect(await client.ping()).toEqual({});
  });
});
