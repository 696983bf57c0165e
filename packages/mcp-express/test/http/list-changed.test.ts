import { describe, expect, test } from '@jest/globals';
import { openSession } from '../support/session.js';
import { startServer } from '../support/start-server.js';

const CHANGED = { jsonrpc: '2.0', method: 'notifications/tools/list_changed' };

describe('notifications/tools/list_changed (DESIGN 5, 7)', () => {
  test('every listening session is notified once per change, on its GET stream only', async () => {
    const { url, mcp } = await startServer();
    const sessions = await Promise.all(Array.from({ length: 10 }, () => openSession(url)));
    const streams = await Promise.all(sessions.map((session) => session.listen()));
    const tool = mcp.registerTool('new', {}, () => 'x');
    for (const stream of streams) expect(await stream.untilMessages(1)).toEqual([CHANGED]);
    tool.remove();
    for (const stream of streams) expect(await stream.untilMessages(2)).toEqual([CHANGED, CHANGED]);
  });

  test('many changes without a listener are announced once at the next GET: state, not history', async () => {
    const { url, mcp } = await startServer();
    const session = await openSession(url);
    for (let count = 0; count < 5; count += 1) mcp.registerTool(`new-${count}`, {}, () => 'x');
    const stream = await session.listen();
    await stream.untilMessages(1);
    mcp.registerTool('live', {}, () => 'x');
    await stream.untilMessages(2);
    expect(stream.messages).toEqual([CHANGED, CHANGED]);
    const listed = await session.post({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    expect(listed.json.result.tools.map(({ name }: { name: string }) => name)).toContain('live');
  });

  test('a change that was reverted before the next GET is not announced', async () => {
    const { url, mcp } = await startServer();
    const session = await openSession(url);
    mcp.registerTool('gone', {}, () => 'x').remove();
    const stream = await session.listen();
    mcp.registerTool('live', {}, () => 'x');
    await stream.untilMessages(1);
    expect(stream.messages).toEqual([CHANGED]);
  });
});
