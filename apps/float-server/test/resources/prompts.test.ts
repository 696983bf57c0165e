/** The prompts, through official clients of all revisions: the tools they name exist and accept the given arguments (issue 7). */
import { describe, expect, test } from '@jest/globals';
import type { Connected } from '../../../../packages/mcp-express/test/clients/official-clients.js';
import { ERAS, read, startFloat } from '../support/server.js';

interface Got {
  readonly text: string;
  readonly steps: readonly { tool: string; args: Record<string, unknown> }[];
  readonly embedded: { uri: string; mimeType: string; text: string };
}

async function get(connected: Connected, name: string, args: Record<string, string>): Promise<Got> {
  const { messages } = await connected.client.getPrompt({ name, arguments: args });
  const [{ content: said }, { content: attached }] = messages;
  const steps = [...String(said.text).matchAll(/^\d+\. (\S+) (\{.*\}) \(/gm)].map(([, tool = '', json = '']) => ({
    tool,
    args: JSON.parse(json) as Record<string, unknown>,
  }));
  return { text: said.text, steps, embedded: attached.resource };
}

async function complete(connected: Connected, name: string, argument: string, value: string): Promise<string[]> {
  const ref = { type: 'ref/prompt', name };
  const { completion } = await connected.client.complete({ ref, argument: { name: argument, value } });
  return completion.values;
}

describe.each(ERAS)('prompts, with %s', (_name, driver) => {
  test('are three, with their arguments', async () => {
    const { client } = await driver.connect((await startFloat()).mcpUrl);
    const { prompts } = await client.listPrompts();
    const shown = prompts.map(
      ({ name, arguments: args }: { name: string; arguments: { name: string; required: boolean }[] }) => [
        name,
        ...args.map((argument) => `${argument.name}${argument.required ? '' : '?'}`),
      ],
    );
    expect(shown).toEqual([
      ['weekly-planning-meeting', 'week?', 'department?'],
      ['project-health-check', 'project'],
      ['staff-new-project', 'needs', 'range', 'project?'],
    ]);
  });

  test('each step can be called as it stands, and the resource that comes along is what is read now', async () => {
    const connected = await driver.connect((await startFloat()).mcpUrl);
    const [department = ''] = await complete(connected, 'weekly-planning-meeting', 'department', '');
    const [project = ''] = await complete(connected, 'project-health-check', 'project', '');
    const [role = ''] = await complete(connected, 'staff-new-project', 'needs', '');
    const [, second = ''] = await complete(connected, 'staff-new-project', 'needs', `${role} 40, `);
    expect(second).toMatch(new RegExp(`^${role} 40, `));
    const all = [
      await get(connected, 'weekly-planning-meeting', {}),
      await get(connected, 'weekly-planning-meeting', { week: 'this-week', department }),
      await get(connected, 'project-health-check', { project }),
      await get(connected, 'staff-new-project', { needs: `${second} 20 h`, range: 'next 4 weeks', project: '' }),
    ];
    for (const { steps } of all) expect(steps.length).toBeGreaterThanOrEqual(4);
    const { tools } = await connected.client.listTools();
    const offered = new Set(tools.map(({ name }: { name: string }) => name));
    for (const { text, steps, embedded } of all) {
      expect(text).toMatch(/Change nothing by yourself/);
      expect(JSON.parse(embedded.text)).toEqual(await read(connected, embedded.uri));
      for (const { tool, args } of steps) {
        expect(offered.has(tool)).toBe(true);
        const { isError, content } = await connected.callTool(tool, args);
        expect([tool, isError ?? false, isError ? content : '']).toEqual([tool, false, '']);
      }
    }
  });

  test.each([
    ['weekly-planning-meeting', { week: 'soon' }, /"soon" is not a week/],
    ['project-health-check', {}, /project/],
    ['project-health-check', { project: 'Nothing of the kind' }, /No project is called/],
    ['staff-new-project', { needs: 'a designer', range: 'next month' }, /"a designer" is no need with hours/],
    ['staff-new-project', { needs: 'Designer 40', range: 'some day' }, /Examples:/],
  ])('unusable arguments of %s are explained: %j', async (name, args, message) => {
    const connected = await driver.connect((await startFloat()).mcpUrl);
    await expect(connected.client.getPrompt({ name, arguments: args })).rejects.toThrow(message);
  });
});

test('where the tools they build on are not offered, there are none', async () => {
  const [[, driver]] = ERAS as [(typeof ERAS)[number]];
  const { client } = await driver.connect((await startFloat({ FLOAT_TOOLSET: 'granular' })).mcpUrl);
  expect(client.getServerCapabilities()['prompts']).toBeUndefined();
});
