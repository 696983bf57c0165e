import { afterEach, describe, expect, test } from '@jest/globals';
import { manualClock, settled } from '../../../../../packages/float-api/test/support/clocks.js';
import {
  API_KEY,
  type Harness,
  openHarness,
  TODAY,
} from '../../../../../packages/float-sandbox/test/support/harness.js';
import { Accounts } from '../../tokens/accounts.js';
import { Fingerprints } from './fingerprints.js';
import { SubscriptionRegistry } from './subscription-registry.js';
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
  readonly subscriptions: SubscriptionRegistry;
  readonly account: string;
  readonly clock: ReturnType<typeof manualClock>;
  readonly updated: string[];
  readonly failures: unknown[];
  /** Resolves when no check is running, so that `seen` does not grow any more. */
  quiet(): Promise<void>;
}

async function open(): Promise<Scene> {
  harness = await openHarness();
  const clock = manualClock();
  const subscriptions = new SubscriptionRegistry(10);
  const updated: string[] = [];
  const failures: unknown[] = [];
  const open = () => harness.client({ cache: false, retry: { attempts: 1 } });
  const accounts = new Accounts({ shared: API_KEY, open });
  watcher = new Watcher({
    accounts,
    subscriptions,
    fingerprints: new Fingerprints(100),
    today: () => TODAY,
    intervalMs: INTERVAL,
    clock,
    onChange: (_account, uri) => void updated.push(uri),
    onError: (cause) => void failures.push(cause),
  });
  const quiet = async () => {
    while (watcher.isChecking) await settled();
  };
  return { subscriptions, account: accounts.of(undefined).key, clock, updated, failures, quiet };
}

describe('the watcher', () => {
  test('checks in each interval while there are subscriptions, not before or after', async () => {
    const { subscriptions, account, clock, quiet } = await open();
    await clock.advance(3 * INTERVAL);
    expect(harness.seen).toEqual([]);
    subscriptions.add(account, PEOPLE);
    await quiet();
    // Once, for the initial fingerprint.
    expect(harness.seen).toEqual(['GET /people']);
    await clock.advance(INTERVAL);
    await quiet();
    const asked = harness.seen.length;
    expect(asked).toBeGreaterThan(1);
    await clock.advance(INTERVAL);
    await quiet();
    expect(harness.seen.length).toBeGreaterThan(asked);
    subscriptions.remove(account, PEOPLE);
    // The pending check finds no subscription.
    await clock.advance(INTERVAL);
    await quiet();
    const before = harness.seen.length;
    await clock.advance(10 * INTERVAL);
    await quiet();
    expect(harness.seen).toHaveLength(before);
    // The next subscription starts it again.
    subscriptions.add(account, PEOPLE);
    await clock.advance(INTERVAL);
    await quiet();
    expect(harness.seen.length).toBeGreaterThan(before);
  });

  test('reports each changed resource once, and no other', async () => {
    const { subscriptions, account, clock, updated, quiet } = await open();
    const [person] = await harness.float.listAll('people');
    const uris = [PEOPLE, `${PEOPLE}/${person!.people_id}`, 'float://projects'];
    for (const uri of uris) subscriptions.add(account, uri);
    await quiet();
    await clock.advance(INTERVAL);
    await quiet();
    expect(updated).toEqual([]);
    await harness.float.update('people', person!.people_id, { email: 'new@studio.example' });
    await clock.advance(INTERVAL);
    await quiet();
    await clock.advance(INTERVAL);
    await quiet();
    // The list does not show addresses.
    expect(updated).toEqual([uris[1]]);
  });

  test('a change missed while Float was unreachable is reported afterwards', async () => {
    const { subscriptions, account, clock, updated, failures, quiet } = await open();
    subscriptions.add(account, 'float://projects');
    await quiet();
    await clock.advance(INTERVAL);
    await quiet();
    const [project] = await harness.float.listAll('projects', { active: 1 });
    await harness.float.update('projects', project!.project_id, { name: 'Renamed while away' });
    // The table is seen to have changed; then the list cannot be read.
    harness.sandbox.faults.add({ does: 'status', status: 500, path: '/projects', skip: 1, times: 1 });
    await clock.advance(INTERVAL);
    await quiet();
    expect([failures.length, updated]).toEqual([1, []]);
    await clock.advance(INTERVAL);
    await quiet();
    expect(updated).toEqual(['float://projects']);
  });

  test('resources beyond the limit are ignored', async () => {
    const { subscriptions, account, quiet } = await open();
    const people = await harness.float.listAll('people');
    const uris = Array.from(
      { length: 15 },
      (_, index) => `${PEOPLE}/${people[index % people.length]!.people_id}?${index}`,
    );
    for (const uri of uris) subscriptions.add(account, uri);
    await quiet();
    expect(subscriptions.of(account)).toHaveLength(10);
    for (const uri of uris) subscriptions.remove(account, uri);
    expect(subscriptions.accounts).toEqual([]);
  });
});
