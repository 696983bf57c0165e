import { describe, expect, test } from '@jest/globals';
import { type Principal, ResourceTemplate } from 'mcp-express';
import { start } from '../spec/modern/client.js';
import type { SseStream } from '../support/raw-client.js';
import { authenticateByHeader } from '../support/start-server.js';
import { testServer } from '../support/test-tools.js';

const ALL = { toolsListChanged: true, promptsListChanged: true, resourcesListChanged: true };
const PRIVATE = 'test://alice/private';
const FAMILY = 'test://alice/files/1';
const OPEN = 'test://open';

const only =
  (...subjects: readonly string[]) =>
  (principal?: Principal): boolean =>
    subjects.includes(principal?.subject ?? '');

/** A server with things of Alice's alone, and some of everybody's. */
async function serving() {
  const mcp = testServer();
  mcp.registerResource('private', PRIVATE, { visible: only('alice') }, () => 'x');
  const files = new ResourceTemplate('test://alice/files/{n}');
  mcp.registerResource('files', files, { visible: only('alice') }, () => 'x');
  mcp.registerResource('open', OPEN, {}, () => 'x');
  mcp.registerPrompt('open', {}, () => 'x');
  const started = await start({ mcp, before: [authenticateByHeader] });
  const [alice, bob] = [started.client.as({ user: 'alice' }), started.client.as({ user: 'bob' })];
  return { ...started, alice, bob };
}

const toldOn = ({ messages }: SseStream): string[] =>
  messages.slice(1).map(({ method, params }) => method.replace('notifications/', '') + (params.uri ?? ''));

describe('a resource of Alice (R45)', () => {
  test.each([
    ['a fixed one', PRIVATE, 'test://alice/pirate'],
    ['one of a family', FAMILY, 'test://alice/ships/1'],
  ])('%s is left out of what Bob is granted, as an unknown one is, byte for byte', async (_what, hidden, unknown) => {
    const { alice, bob } = await serving();
    const asked = async (uri: string): Promise<SseStream> => bob.listen({ resourceSubscriptions: [uri, OPEN] });
    const [his, none] = [await asked(hidden), await asked(unknown)];
    expect(his.messages[0].params.notifications).toEqual({ resourceSubscriptions: [OPEN] });
    expect(his.text).toBe(none.text);
    const [hisAlone, noneAlone] = [
      await bob.listen({ resourceSubscriptions: [hidden] }),
      await bob.listen({ resourceSubscriptions: [unknown] }),
    ];
    expect(hisAlone.messages[0].params.notifications).toEqual({});
    expect(hisAlone.text).toBe(noneAlone.text);
    const hers = await alice.listen({ resourceSubscriptions: [hidden] });
    expect(hers.messages[0].params.notifications).toEqual({ resourceSubscriptions: [hidden] });
  });

  test('is nothing that Bob hears of when it changes, nor who is nobody', async () => {
    const { client, alice, bob, router } = await serving();
    const notifications = { ...ALL, resourceSubscriptions: [PRIVATE, FAMILY, OPEN] };
    const [hers, his, nobodys] = [
      await alice.listen(notifications),
      await bob.listen(notifications),
      await client.listen(notifications),
    ];
    for (let count = 0; count < 50; count += 1) {
      await router.notify.resourceUpdated(PRIVATE);
      await router.notify.resourceUpdated(FAMILY);
    }
    await router.notify.resourceUpdated(OPEN);
    await hers.untilMessages(102);
    for (const stream of [his, nobodys]) {
      await stream.untilMessages(2);
      expect(toldOn(stream)).toEqual([`resources/updated${OPEN}`]);
      expect(stream.text).not.toContain('alice');
    }
  });
});

describe('a change of what Alice alone sees (R45)', () => {
  test('of any list, made and taken back, is told to her alone', async () => {
    const { alice, bob, mcp } = await serving();
    const [hers, his] = [await alice.listen(ALL), await bob.listen(ALL)];
    const visible = only('alice');
    const registered = [
      mcp.registerTool('new', { visible }, () => 'x'),
      mcp.registerPrompt('new', { visible }, () => 'x'),
      mcp.registerResource('new', 'test://alice/new', { visible }, () => 'x'),
      mcp.registerResource('news', new ResourceTemplate('test://alice/news/{n}'), { visible }, () => 'x'),
    ];
    await hers.untilMessages(4);
    for (const { remove } of registered) remove();
    await hers.untilMessages(7);
    mcp.registerTool('for-all', {}, () => 'x');
    const lists = ['tools', 'resources', 'prompts'].map((list) => `${list}/list_changed`);
    await hers.untilMessages(8);
    expect(toldOn(hers)).toEqual([...lists, ...lists, 'tools/list_changed']);
    await his.untilMessages(2);
    expect(toldOn(his)).toEqual(['tools/list_changed']);
  });

  test('is told to all of her streams and to none of 10 others', async () => {
    const { client, alice, mcp } = await serving();
    const hers = await Promise.all([1, 2, 3].map((id) => alice.listen(ALL, { id })));
    const others = await Promise.all(
      Array.from({ length: 10 }, (_each, id) => client.listen(ALL, { id, user: `tenant-${id}` })),
    );
    mcp.registerTool('new', { visible: only('alice', 'tenant-3') }, () => 'x');
    mcp.registerPrompt('for-all', {}, () => 'x');
    for (const stream of hers) {
      await stream.untilMessages(3);
      expect(toldOn(stream)).toEqual(['tools/list_changed', 'prompts/list_changed']);
    }
    for (const [index, stream] of others.entries()) {
      await stream.untilMessages(index === 3 ? 3 : 2);
      expect(toldOn(stream)).toEqual([...(index === 3 ? ['tools/list_changed'] : []), 'prompts/list_changed']);
    }
  });
});

describe('what may be seen changes while somebody listens (R45)', () => {
  /** A server whose team sees more, and can be changed. */
  async function withTeam() {
    const started = await serving();
    const { mcp } = started;
    const team = new Set(['bob']);
    const visible = (principal?: Principal): boolean => team.has(principal?.subject ?? '');
    mcp.registerResource('team', 'test://team', { visible }, () => 'x');
    mcp.registerTool('team', { visible }, () => 'x');
    return { ...started, team };
  }

  test('who may not see a resource any more is not told of it, and is again once it may', async () => {
    const { bob, router, team } = await withTeam();
    const stream = await bob.listen({ resourceSubscriptions: ['test://team', OPEN] });
    const update = async (): Promise<void> => {
      await router.notify.resourceUpdated('test://team');
      await router.notify.resourceUpdated(OPEN);
    };
    await update();
    team.delete('bob');
    await update();
    team.add('bob');
    await update();
    await stream.untilMessages(6);
    const [teams, open] = ['resources/updatedtest://team', `resources/updated${OPEN}`];
    expect(toldOn(stream)).toEqual([teams, open, open, teams, open]);
  });

  test('what was not granted is not told later either', async () => {
    const { alice, router, team } = await withTeam();
    const stream = await alice.listen({ resourceSubscriptions: ['test://team', OPEN] });
    expect(stream.messages[0].params.notifications).toEqual({ resourceSubscriptions: [OPEN] });
    team.add('alice');
    await router.notify.resourceUpdated('test://team');
    await router.notify.resourceUpdated(OPEN);
    await stream.untilMessages(2);
    expect(toldOn(stream)).toEqual([`resources/updated${OPEN}`]);
  });

  test('a list that became another for a listener is told of with the next change, once', async () => {
    const { alice, bob, mcp, team } = await withTeam();
    const [hers, his] = [await alice.listen(ALL), await bob.listen(ALL)];
    team.add('alice');
    mcp.registerPrompt('first', {}, () => 'x');
    mcp.registerPrompt('second', {}, () => 'x');
    await hers.untilMessages(4);
    expect(toldOn(hers).sort()).toEqual(['prompts/list_changed', 'resources/list_changed', 'tools/list_changed']);
    await his.untilMessages(2);
    expect(toldOn(his)).toEqual(['prompts/list_changed']);
  });

  test('what is thrown when it is asked who may see is nobody, and ends nothing', async () => {
    const { bob, mcp, router } = await serving();
    let broken = false;
    const visible = (): boolean => {
      if (broken) throw new Error('broken');
      return true;
    };
    mcp.registerResource('fragile', 'test://fragile', { visible }, () => 'x');
    const stream = await bob.listen({ resourceSubscriptions: ['test://fragile', OPEN] });
    broken = true;
    await router.notify.resourceUpdated('test://fragile');
    await router.notify.resourceUpdated(OPEN);
    await stream.untilMessages(2);
    expect(toldOn(stream)).toEqual([`resources/updated${OPEN}`]);
  });
});
