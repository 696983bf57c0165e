import assert from 'node:assert/strict';
import { eventually, type StoreSuite, uniqueName, withStore } from './suite.js';

/** Tests of agreed values. */
export function valueContract(suite: StoreSuite): void {
  suite.test('of many concurrent proposals, all nodes get the same one, and keep it', () =>
    withStore(suite, async (store, other = store) => {
      const name = uniqueName('value');
      const proposals = Array.from({ length: 20 }, (_, i) => (i % 2 ? store : other).values.agree(name, `value ${i}`));
      const agreed = new Set(await Promise.all(proposals));
      assert.equal(agreed.size, 1);
      assert.ok(agreed.has(await other.values.agree(name, 'too late')));
    }),
  );
}

/** Tests of the leases of nodes. */
export function leaseContract(suite: StoreSuite): void {
  suite.test('an unknown node is not alive', () =>
    withStore(suite, async (store) => {
      assert.equal(await store.leases.isHeld(uniqueName('node')), false);
      await store.leases.release(uniqueName('node'));
    }),
  );

  suite.test('a node is alive for every node until its lease ends, and can extend its lease', () =>
    withStore(suite, async (store, other = store) => {
      const [kept, lapsing] = [uniqueName('node'), uniqueName('node')];
      await store.leases.hold(kept, Date.now() + 800);
      await store.leases.hold(lapsing, Date.now() + 800);
      await store.leases.hold(kept, Date.now() + 60_000);
      await eventually(async () => !(await other.leases.isHeld(lapsing)), 'the lease lapses');
      assert.equal(await other.leases.isHeld(kept), true);
    }),
  );

  suite.test('the time since when a node is missing is the same for all nodes, and forgotten once it is alive', () =>
    withStore(suite, async (store, other = store) => {
      const node = uniqueName('node');
      assert.equal(await store.leases.missedFor(node), 0);
      await eventually(async () => (await other.leases.missedFor(node)) >= 300, 'it is missed for a while');
      assert.ok((await store.leases.missedFor(node)) >= 300);
      await other.leases.hold(node, Date.now() + 60_000);
      const missedFor = await store.leases.missedFor(node);
      assert.ok(missedFor <= 0 && missedFor >= -61_000);
      await other.leases.release(node);
      assert.ok((await store.leases.missedFor(node)) < 300);
    }),
  );

  suite.test('a node that releases its lease is gone at once, and may come back', () =>
    withStore(suite, async (store, other = store) => {
      const node = uniqueName('node');
      await store.leases.hold(node, Date.now() + 60_000);
      await store.leases.release(node);
      assert.equal(await other.leases.isHeld(node), false);
      await store.leases.hold(node, Date.now() + 60_000);
      assert.equal(await other.leases.isHeld(node), true);
    }),
  );
}
