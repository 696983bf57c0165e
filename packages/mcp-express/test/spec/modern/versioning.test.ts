import { describe, expect, test } from '@jest/globals';
import { McpServer } from 'mcp-express';
import { ping } from '../../support/session.js';
import { addGate } from '../../support/test-tools.js';
import { join } from '../client.js';
import { ALL } from '../requirement.js';
import { INFO, specServer } from '../server.js';
import { ABLE, META, REVISION, refusalOf, start, textOf, WITH_TASKS } from './client.js';

const EXTENSION = /^[a-z](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z](?:[a-z0-9-]*[a-z0-9])?)*\/[a-z0-9](?:[\w.-]*[a-z0-9])?$/i;

describe('versions', () => {
  test.each(['2026-07-29', '1900-01-01', '2024-11-05', 'draft', '', ...ALL])(
    'a request of the version %p, in header and body, is -32022 with those that are served [versioning.unsupported, streamable-http.version-unsupported]',
    async (version) => {
      const mcp = specServer();
      const gate = addGate(mcp);
      const { client } = await start({ mcp });
      const asking = { headers: { 'mcp-protocol-version': version }, meta: { [META.version]: version } };
      const answer = await client.call('gate', {}, asking);
      expect(refusalOf(answer)).toEqual([400, -32022]);
      expect(answer.json.error.data).toMatchObject({ requested: version });
      expect(answer.json.error.data.supported).toContain(REVISION);
      expect(gate.calls).toHaveLength(0);
    },
  );

  test('sessions and requests that stand alone are served side by side [versioning.dual-era]', async () => {
    const { client, url } = await start();
    const session = await join(url);
    const [alone, inSession] = await Promise.all([client.call('who'), session.call('who')]);
    expect(JSON.parse(textOf(alone)).revision).toBe(REVISION);
    expect(JSON.parse(textOf(inSession)).revision).toBe('2025-11-25');
    expect((await client.ask('tools/list', {}, { headers: { 'mcp-session-id': session.id } })).status).toBe(200);
    expect((await session.post(ping())).json.result).toEqual({});
  });
});

describe('server/discover', () => {
  test('it tells versions, capabilities, instructions and who the server is [versioning.discover, discover.implemented, discover.server-info]', async () => {
    const { client } = await start({ mcp: specServer({ instructions: 'Read the notes.' }) });
    const { result } = (await client.ask('server/discover')).json;
    expect(result).toMatchObject({
      resultType: 'complete',
      capabilities: { tools: {}, resources: {}, prompts: {} },
      instructions: 'Read the notes.',
      _meta: { [META.server]: INFO },
    });
    expect(result.supportedVersions).toContain(REVISION);
  });

  test('each version it tells can be asked in [discover.implemented]', async () => {
    const { client, url } = await start();
    const { supportedVersions } = (await client.ask('server/discover')).json.result;
    for (const version of supportedVersions) {
      if (version !== REVISION) expect((await join(url, { revision: version })).revision).toBe(version);
    }
  });

  test('it follows what is registered [discover.implemented]', async () => {
    const mcp = new McpServer(INFO);
    const { client } = await start({ mcp });
    const capabilities = async () => (await client.ask('server/discover')).json.result.capabilities;
    expect(Object.keys(await capabilities())).not.toContain('prompts');
    mcp.registerPrompt('new', {}, () => 'x');
    expect(Object.keys(await capabilities())).toContain('prompts');
  });
});

describe('extensions', () => {
  test('those it names have a prefix and a name [versioning.extension-ids]', async () => {
    const mcp = specServer();
    mcp.registerTool('job', { task: {} }, () => 'done');
    const { client } = await start({ mcp });
    const names = Object.keys((await client.ask('server/discover')).json.result.capabilities.extensions);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect(name).toMatch(EXTENSION);
  });

  test('a client that has none is served without, or refused with an error [versioning.extension-fallback]', async () => {
    const mcp = specServer();
    mcp.registerTool('job', { task: {} }, () => 'done');
    mcp.registerTool('job-only', { task: { required: true } }, () => 'done');
    const { client } = await start({ mcp, capabilities: ABLE });
    expect(textOf(await client.call('job'))).toBe('done');
    expect(refusalOf(await client.call('job-only'))).toEqual([400, -32021]);
    expect(refusalOf(await client.ask('tasks/get', { taskId: 'x' }))).toEqual([400, -32021]);
  });

  test('one that the server does not know, or does not have, changes nothing [versioning.extension-fallback]', async () => {
    const unknown = { extensions: { 'com.example/unknown': { deep: [1] }, ...WITH_TASKS.extensions } };
    const { client } = await start({ capabilities: unknown });
    expect(textOf(await client.call('echo', { text: 'x' }))).toBe('x');
    expect((await client.ask('server/discover')).json.result.capabilities.extensions).toBeUndefined();
  });
});
