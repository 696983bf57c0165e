/** One fixture, one endpoint, and every official client: each gets all of it by the means of its era (R20). */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Served } from 'mcp-express';
import { serveFixture } from '../../fixture/src/serve-fixture.js';
import { fixtureServer } from '../../fixture/src/server.js';
import { eventually } from '../support/wait.js';
import { CAPABLE, type Connected, DRIVERS, MODERN_DRIVERS, MODERN_REVISION } from './official-clients.js';

const SAID = { type: 'text', text: 'from the model' };
const FILLED_IN = { username: 'al', email: 'al@example.com' };

/** What a person and a model would answer. */
function answering({ onRequest }: Pick<Connected, 'onRequest'>): void {
  onRequest('sampling/createMessage', () => ({ role: 'assistant', model: 'm', content: SAID }));
  onRequest('elicitation/create', () => ({ action: 'accept', content: FILLED_IN }));
  onRequest('roots/list', () => ({ roots: [{ uri: 'file:///home/al' }] }));
}

describe('all official clients on one endpoint of one process (R20)', () => {
  let served: Served;

  beforeAll(async () => {
    served = await serveFixture(fixtureServer(), { port: 0 });
  });

  afterAll(() => served.close({ graceMs: 0 }));

  test.each([...DRIVERS, ...MODERN_DRIVERS])(
    '$name lists, calls, is asked, and hears of progress and changes',
    async ({ connect }) => {
      const changed: unknown[] = [];
      const { client, callTool, errors, listen } = await connect(`${served.url}/mcp`, {
        capabilities: CAPABLE,
        prepare: (prepared) => {
          answering(prepared);
          prepared.onNotification('notifications/tools/list_changed', (notification) => changed.push(notification));
        },
      });
      const names = (await client.listTools()).tools.map(({ name }: { name: string }) => name);
      expect(names).toContain('test_elicitation');
      expect((await callTool('test_elicitation', { message: 'Who?' })).content[0].text).toContain('al@example.com');
      expect((await callTool('test_sampling', { prompt: 'Hi' })).content[0].text).toContain('from the model');
      expect((await callTool('test_roots')).content[0].text).toBe('file:///home/al');
      const progress: number[] = [];
      await callTool('test_tool_with_progress', {}, { onprogress: (report) => progress.push(report.progress) });
      expect(progress).toEqual([0, 50, 100]);
      await listen({ toolsListChanged: true });
      await callTool('test_trigger_tool_change');
      await eventually('the change is told', () => changed.length > 0);
      expect(errors).toEqual([]);
    },
  );

  test.each(MODERN_DRIVERS)('$name is served without a session, in each of its requests', async ({ connect }) => {
    const { callTool, requests, answers } = await connect(`${served.url}/mcp`, { capabilities: CAPABLE });
    await callTool('test_simple_text');
    expect(requests.map(({ method }) => method)).toEqual(requests.map(() => 'POST'));
    expect(requests.map(({ headers }) => headers.get('mcp-protocol-version'))).toEqual(
      requests.map(() => MODERN_REVISION),
    );
    expect(answers.map(({ headers }) => headers.get('mcp-session-id'))).toEqual(answers.map(() => null));
  });

  test('all of them at once: each hears of its own progress only (R4, R20)', async () => {
    const drivers = [...DRIVERS, ...MODERN_DRIVERS];
    const clients = await Promise.all(
      [...drivers, ...drivers].map(({ connect }) =>
        connect(`${served.url}/mcp`, { capabilities: CAPABLE, prepare: answering }),
      ),
    );
    const heard = await Promise.all(
      clients.map(async ({ callTool }) => {
        const progress: number[] = [];
        for (let round = 0; round < 5; round += 1) {
          await callTool('test_tool_with_progress', {}, { onprogress: (report) => progress.push(report.progress) });
          expect((await callTool('test_elicitation', { message: 'Who?' })).content[0].text).toContain('al@');
        }
        return progress;
      }),
    );
    const once = [0, 50, 100];
    expect(heard).toEqual(clients.map(() => [...once, ...once, ...once, ...once, ...once]));
  });
});

describe.each(MODERN_DRIVERS)('the fixture with $name', ({ connect }) => {
  let served: Served;

  beforeAll(async () => {
    served = await serveFixture(fixtureServer(), { port: 0 });
  });

  afterAll(() => served.close({ graceMs: 0 }));

  const start = (prepare: (client: Pick<Connected, 'onRequest' | 'onNotification'>) => void = answering) =>
    connect(`${served.url}/mcp`, { capabilities: CAPABLE, prepare });

  test('asks in several rounds, and for several things in one (R31)', async () => {
    const asked: string[] = [];
    const { callTool, client } = await start(({ onRequest }) => {
      answering({ onRequest });
      onRequest('elicitation/create', ({ params }) => {
        asked.push(params.message);
        return { action: 'accept', content: { name: 'Ada', color: 'green', context: 'tea', ok: true } };
      });
    });
    const prefix = 'test_input_required_result_';
    const text = async (kind: string) => (await callTool(`${prefix}${kind}`)).content[0].text;
    expect(await text('multi_round')).toBe('Ada likes green.');
    expect(asked).toEqual(['What is your name?', 'Your favourite color?']);
    expect(await text('multiple_inputs')).toBe('Got accept, assistant and 1 roots.');
    expect(await text('request_state')).toContain('"step":"confirming"');
    const prompt = await client.getPrompt({ name: `${prefix}prompt` });
    expect(prompt.messages[0].content.text).toBe('Write about tea.');
  });

  test('gives resources, prompts and completions', async () => {
    const { client } = await start();
    const ref = { type: 'ref/prompt', name: 'test_prompt_with_arguments' };
    const { completion } = await client.complete({ ref, argument: { name: 'arg1', value: 'test' } });
    expect(completion.values).toEqual(['test', 'testing', 'tested']);
    const { contents } = await client.readResource({ uri: 'test://template/42/data' });
    expect(JSON.parse(contents[0].text)).toEqual({ id: '42', data: 'Data of 42' });
    expect(await client.listResources()).toMatchObject({ resources: expect.any(Array) });
  });

  test('tells of an updated resource, and lets it cancel a call (R17, R33)', async () => {
    const updated: string[] = [];
    const { callTool, listen, client } = await start(({ onNotification }) =>
      onNotification('notifications/resources/updated', ({ params }) => updated.push(params.uri)),
    );
    await listen({ resourceSubscriptions: ['test://watched-resource'] });
    await callTool('test_resource_update');
    await eventually('the update is told', () => updated.includes('test://watched-resource'));
    const cancel = new AbortController();
    const calling = callTool('test_cancellation', {}, { signal: cancel.signal });
    cancel.abort('enough');
    await expect(calling).rejects.toThrow();
    expect((await client.listTools()).tools.length).toBeGreaterThan(10);
  });
});
