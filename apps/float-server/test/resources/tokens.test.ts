/** Float tokens of people's own, through clients that sign in with keys (issue 7). */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { onCleanup } from '../../../../packages/mcp-express/test/support/cleanup.js';
import { startFloat } from '../support/server.js';
import { openTeam } from '../support/team.js';

const folder = mkdtempSync(join(tmpdir(), 'float-tokens-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SUBJECTS = ['ann', 'bob', 'eve'];
const hashOf = (key: string) => createHash('sha256').update(key).digest('hex');
const HASHES = SUBJECTS.map((subject) => `${subject}=${hashOf(`mcp-key-of-${subject}`)}`).join(',');

function tokensFile(tokens: Readonly<Record<string, string>>): string {
  const path = join(folder, `${Object.values(tokens).join('-')}.json`);
  const entries = Object.entries(tokens).map(([subject, token]) => ({ subject, token }));
  writeFileSync(path, JSON.stringify({ tokens: entries }), { mode: 0o600 });
  return path;
}

async function signIn(url: string, subject: string): Promise<Client> {
  const client = new Client({ name: subject, version: '1' });
  const headers = { authorization: `Bearer mcp-key-of-${subject}` };
  const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } });
  onCleanup(() => client.close());
  await client.connect(transport as Transport);
  return client;
}

async function peopleOf(client: Client): Promise<string[]> {
  const { structuredContent } = await client.callTool({ name: 'find-people', arguments: { limit: 200 } });
  return (structuredContent as { records: { name: string }[] }).records.map(({ name }) => name);
}

test('each sees the team of their own token, and nothing that was kept for another', async () => {
  // One address, and the token decides whose team is behind it, as at Float.
  const team = await openTeam({ tokens: ['float-of-ann', 'float-of-bob'] });
  await team.planner('float-of-ann').create('people', { name: 'Zoe Only-Ann' });
  const started = await startFloat({
    API_KEY_HASHES: HASHES,
    FLOAT_TOKENS_FILE: tokensFile({ ann: 'float-of-ann', bob: 'float-of-bob' }),
    FLOAT_API_URL: team.url,
    FLOAT_POLL_SECONDS: '0',
  });
  const [ann, bob, eve] = await Promise.all(SUBJECTS.map((subject) => signIn(started.mcpUrl, subject)));
  // Twice, so that the second answer may come from the cache.
  for (let round = 0; round < 2; round += 1) {
    expect(await peopleOf(ann!)).toContain('Zoe Only-Ann');
    expect(await peopleOf(bob!)).not.toContain('Zoe Only-Ann');
  }
  const body = async (client: Client) =>
    (await client.readResource({ uri: 'float://people' })).contents[0] as { text: string };
  expect((await body(ann!)).text).toContain('Zoe Only-Ann');
  expect((await body(bob!)).text).not.toContain('Zoe Only-Ann');
  const ref = { type: 'ref/resource' as const, uri: 'float://people/{person}' };
  const zoe = async (client: Client) =>
    (await client.complete({ ref, argument: { name: 'person', value: 'Zoe' } })).completion.values;
  expect([await zoe(ann!), await zoe(bob!)]).toEqual([['Zoe Only-Ann'], []]);

  // A caller without a token gets an error from every method.
  const refused = /this server has no Float token for "eve"/;
  const called = await eve!.callTool({ name: 'find-people', arguments: {} });
  expect(called).toMatchObject({ isError: true, content: [{ text: expect.stringMatching(refused) }] });
  await expect(eve!.readResource({ uri: 'float://people' })).rejects.toThrow(refused);
  await expect(eve!.getPrompt({ name: 'weekly-planning-meeting' })).rejects.toThrow(refused);
  expect(started.lines.join('')).not.toMatch(/float-of-(ann|bob)|mcp-key-of/);
});

test('a write notifies subscribers of the same account', async () => {
  const team = await openTeam({ tokens: ['float-of-ann', 'float-of-bob'] });
  const started = await startFloat({
    API_KEY_HASHES: HASHES,
    FLOAT_TOKENS_FILE: tokensFile({ ann: 'float-of-ann', bob: 'float-of-bob', eve: 'float-of-ann' }),
    FLOAT_API_URL: team.url,
    FLOAT_POLL_SECONDS: '0',
  });
  const [ann, eve] = await Promise.all(['ann', 'eve'].map((subject) => signIn(started.mcpUrl, subject)));
  const uri = 'float://people';
  const told = new Promise<string>((resolve) => {
    ann!.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => resolve(params.uri));
  });
  await ann!.readResource({ uri });
  await ann!.subscribeResource({ uri });
  // Of the same account: they have the same token.
  const args = { resource: 'person', fields: { name: 'Kim New' } };
  const saved = await eve!.callTool({ name: 'save-record', arguments: args });
  expect(saved).toMatchObject({ structuredContent: expect.any(Object) });
  expect(await told).toBe(uri);
});

test('shared: callers without a token of their own use the common one', async () => {
  const team = await openTeam({ tokens: ['float-of-ann', 'float-of-all'] });
  await team.planner('float-of-all').create('people', { name: 'Zoe Of-All' });
  const started = await startFloat({
    API_KEY_HASHES: HASHES,
    FLOAT_TOKENS_FILE: tokensFile({ ann: 'float-of-ann' }),
    FLOAT_WITHOUT_TOKEN: 'shared',
    FLOAT_API_KEY: 'float-of-all',
    FLOAT_API_URL: team.url,
  });
  expect(await peopleOf(await signIn(started.mcpUrl, 'ann'))).not.toContain('Zoe Of-All');
  expect(await peopleOf(await signIn(started.mcpUrl, 'eve'))).toContain('Zoe Of-All');
});
