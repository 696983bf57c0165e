import { afterEach, describe, expect, test } from '@jest/globals';
import { settled, standingClock } from '../../float/testing/clocks.js';
import { API_KEY, type Harness, openHarness, TODAY } from '../../float/testing/harness.js';
import { Accounts } from '../../tokens/accounts.js';
import { Interest } from './interest.js';
import { Sightings } from './sightings.js';
import { Watcher } from './watcher.js';

const INTERVAL = 60_000;
const PEOPLE = 'float://people';

let harness: Harness;
let watcher: Watcher;
afterEach(async () => {
  watcher.close();
  await harness.close();
});

interface Scene {
  readonly interest: Interest;
  readonly account: string;
  readonly clock: ReturnType<typeof standingClock>;
  readonly told: string[];
  readonly failures: unknown[];
  /** Resolves when everything that was begun is done: `seen` does not grow any more. */
  quiet(): Promise<void>;
}

async function open(): Promise<Scene> {
  harness = await openHarness();
  const clock = standingClock();
  const interest = new Interest(10);
  const told: string[] = [];
  const failures: unknown[] = [];
  const open = () => harness.client({ cache: false, retry: { attempts: 1 } });
  const accounts = new Accounts({ shared: API_KEY, open });
  watcher = new Watcher({
    accounts,
    interest,
    sightings: new Sightings(100),
    today: () => TODAY,
    intervalMs: INTERVAL,
    clock,
    sweep: async () => {},
    changed: (_account, uri) => void told.push(uri),
    failed: (cause) => void failures.push(cause),
  });
  const quiet = async () => {
    while (watcher.isLooking) await settled();
  };
  return { interest, account: accounts.of(undefined).key, clock, told, failures, quiet };
}

describe('the watcher', () => {
  test('asks Float in each interval while somebody is subscribed, and not before or after', async () => {
    const { interest, account, clock, quiet } = await open();
    await clock.advance(3 * INTERVAL);
    expect(harness.seen).toEqual([]);
    interest.add(account, PEOPLE);
    await quiet();
    // Once, to know what it looks like now.
    expect(harness.seen).toEqual(['GET /people']);
    await clock.advance(INTERVAL);
    await quiet();
    const asked = harness.seen.length;
    expect(asked).toBeGreaterThan(1);
    await clock.advance(INTERVAL);
    await quiet();
    expect(harness.seen.length).toBeGreaterThan(asked);
    interest.remove(account, PEOPLE);
    // The one that was waited for; it finds nobody.
    await clock.advance(INTERVAL);
    await quiet();
    const before = harness.seen.length;
    await clock.advance(10 * INTERVAL);
    await quiet();
    expect(harness.seen).toHaveLength(before);
    // The next subscription starts it again.
    interest.add(account, PEOPLE);
    await clock.advance(INTERVAL);
    await quiet();
    expect(harness.seen.length).toBeGreaterThan(before);
  });

  test('tells of what looks otherwise, once, and of nothing else', async () => {
    const { interest, account, clock, told, quiet } = await open();
    const [person] = await harness.float.listAll('people');
    const uris = [PEOPLE, `${PEOPLE}/${person!.people_id}`, 'float://projects'];
    for (const uri of uris) interest.add(account, uri);
    await quiet();
    await clock.advance(INTERVAL);
    await quiet();
    expect(told).toEqual([]);
    await harness.float.update('people', person!.people_id, { email: 'new@studio.example' });
    await clock.advance(INTERVAL);
    await quiet();
    await clock.advance(INTERVAL);
    await quiet();
    // The list does not show addresses.
    expect(told).toEqual([uris[1]]);
  });

  test('a change that could not be seen, because Float was away, is told when it is back', async () => {
    const { interest, account, clock, told, failures, quiet } = await open();
    interest.add(account, 'float://projects');
    await quiet();
    await clock.advance(INTERVAL);
    await quiet();
    const [project] = await harness.float.listAll('projects', { active: 1 });
    await harness.float.update('projects', project!.project_id, { name: 'Renamed while away' });
    // The table is seen to have changed; then the list cannot be read.
    harness.sandbox.faults.add({ does: 'status', status: 500, path: '/projects', skip: 1, times: 1 });
    await clock.advance(INTERVAL);
    await quiet();
    expect([failures.length, told]).toEqual([1, []]);
    await clock.advance(INTERVAL);
    await quiet();
    expect(told).toEqual(['float://projects']);
  });

  test('beyond the limit nothing is looked after, and nothing breaks', async () => {
    const { interest, account, quiet } = await open();
    const people = await harness.float.listAll('people');
    const uris = Array.from(
      { length: 15 },
      (_, index) => `${PEOPLE}/${people[index % people.length]!.people_id}?${index}`,
    );
    for (const uri of uris) interest.add(account, uri);
    await quiet();
    expect(interest.of(account)).toHaveLength(10);
    for (const uri of uris) interest.remove(account, uri);
    expect(interest.accounts).toEqual([]);
  });
});
