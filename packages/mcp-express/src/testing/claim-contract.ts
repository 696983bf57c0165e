import assert from 'node:assert/strict';
import { eventually, type StoreSuite, uniqueName, withStore } from './suite.js';

const later = () => Date.now() + 60_000;

/** Tests of claims: exclusive, and only until they expire. */
export function claimContract(suite: StoreSuite): void {
  suite.test('of 50 concurrent claims of a name on all nodes, one succeeds', () =>
    withStore(suite, async (store, other = store) => {
      const name = uniqueName('claim');
      const claims = await Promise.all(
        Array.from({ length: 50 }, (_, i) => (i % 2 ? store : other).claims.claim(name, later())),
      );
      assert.equal(claims.filter(Boolean).length, 1);
      assert.equal(await other.claims.claim(name, later()), false);
    }),
  );

  suite.test('claims of different names are independent', () =>
    withStore(suite, async (store) => {
      const name = uniqueName('claim');
      for (const each of [name, `${name}x`, name.toUpperCase(), `${name}\u0000ä `]) {
        assert.equal(await store.claims.claim(each, later()), true);
        assert.equal(await store.claims.claim(each, later()), false);
      }
    }),
  );

  suite.test('an expired claim can be made again, by one claimant', () =>
    withStore(suite, async (store, other = store) => {
      const name = uniqueName('claim');
      const expiresAt = Date.now() + 50;
      assert.equal(await store.claims.claim(name, expiresAt), true);
      await eventually(() => other.claims.claim(name, later()), 'the claim expires');
      assert.equal(await store.claims.claim(name, later()), false);
      assert.ok(Date.now() >= expiresAt, 'it was not taken before its time');
    }),
  );

  suite.test('a claim is held to the millisecond of its expiry', () =>
    withStore(suite, async (store, other = store) => {
      for (let round = 0; round < 5; round += 1) {
        const name = uniqueName('claim');
        const expiresAt = Date.now() + 20;
        assert.equal(await store.claims.claim(name, expiresAt), true);
        await eventually(async () => {
          const asked = Date.now();
          const taken = await (round % 2 ? store : other).claims.claim(name, later());
          if (taken) assert.ok(Date.now() >= expiresAt, 'it was not taken before its time');
          else assert.ok(asked < expiresAt, 'it was taken once its time had come');
          return taken;
        }, 'the claim expires');
      }
    }),
  );

  suite.test('a refused claim does not extend the one that is held', () =>
    withStore(suite, async (store) => {
      const name = uniqueName('claim');
      assert.equal(await store.claims.claim(name, Date.now() + 800), true);
      assert.equal(await store.claims.claim(name, later()), false);
      await eventually(() => store.claims.claim(name, later()), 'the claim expires at its own time');
    }),
  );
}
