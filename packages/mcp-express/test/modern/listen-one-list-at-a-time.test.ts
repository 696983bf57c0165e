import { expect, test } from '@jest/globals';
import { McpServer } from 'mcp-express';
import { start } from './alone.js';

const NAMES = { tools: 'notifications/tools/list_changed', prompts: 'notifications/prompts/list_changed' };

test('what is said of one list is not taken for news of another that changed for this listener too (R45)', async () => {
  const mcp = new McpServer({ name: 'roles', version: '1' });
  let isHelper = false;
  mcp.registerTool('always', {}, () => 'here');
  mcp.registerPrompt('always', {}, () => 'here');
  mcp.registerPrompt('helpers', { visible: () => isHelper }, () => 'help');
  const { client, router } = await start({ mcp });
  const stream = await client.listen({ toolsListChanged: true, promptsListChanged: true });
  const methods = () => stream.messages.slice(1).map(({ method }) => method);

  // Nothing says so, but from now on the list of prompts is another one.
  isHelper = true;
  await router.notify.toolsChanged();
  await stream.untilMessages(2);
  expect(methods()).toEqual([NAMES.tools]);

  // The next change of the catalog finds that the prompts were never told of.
  mcp.registerTool('more', {}, () => 'more');
  await stream.until('both are told', () => methods().length >= 3);
  expect(methods().sort()).toEqual([NAMES.prompts, NAMES.tools, NAMES.tools]);
});
