import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { FixtureProcess } from '../support/program.js';
import { openSession, ping } from '../support/session.js';
import { eventually } from '../support/wait.js';

const WORKERS = 2;

/** A fixture whose workers share a file. */
async function serving(): Promise<FixtureProcess> {
  const store = `lmdb:${mkdtempSync(join(tmpdir(), 'workers-'))}`;
  const fixture = await FixtureProcess.start({ STORE: store, WORKERS: String(WORKERS), LEASE_MS: '900' });
  await eventually('all workers run', () => fixture.children().length === WORKERS);
  return fixture;
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('`serve` with several workers (R1, R38)', () => {
  test('a session is served by all of them, over a connection for each request', async () => {
    const { url } = await serving();
    const session = await openSession(url, undefined, { connection: 'close' });
    const answers = await Promise.all(Array.from({ length: 40 }, (_each, id) => session.post(ping(id))));
    expect(answers.map(({ status, json }) => [status, json.id])).toEqual(answers.map((_each, id) => [200, id]));
  });

  test('one that is killed is replaced, and its sessions go on', async () => {
    const fixture = await serving();
    const session = await openSession(fixture.url, undefined, { connection: 'close' });
    const [victim, other] = fixture.children() as [number, number];
    process.kill(victim, 'SIGKILL');
    await eventually('it is gone', () => !isAlive(victim));
    expect((await session.post(ping())).status).toBe(200);
    await eventually('there is another', () => fixture.children().length === WORKERS);
    expect(fixture.children()).toContain(other);
    expect(fixture.children()).not.toContain(victim);
  });

  test('SIGTERM lets calls finish, and ends every process (R12)', async () => {
    const fixture = await serving();
    const workers = fixture.children();
    const session = await openSession(fixture.url);
    const stream = await session.callStream('test_tool_with_progress', {}, 1, { progressToken: 1 });
    await stream.untilMessages(1);
    expect(await fixture.end('SIGTERM')).toBe(0);
    await stream.untilClosed();
    expect(stream.messages.at(-1)).toMatchObject({ id: 1, result: {} });
    expect(workers.filter(isAlive)).toEqual([]);
  });

  test('a store of one process is refused at start, and named', async () => {
    await expect(FixtureProcess.start({ STORE: 'memory', WORKERS: String(WORKERS) })).rejects.toThrow(
      'before it was ready',
    );
  });
});
