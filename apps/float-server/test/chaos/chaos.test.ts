/** A short chaos run: the clients, faults and ledger of `npm run chaos`, for a few seconds. */
import { describe, expect, test } from '@jest/globals';
import { type ChaosOptions, chaos } from './chaos.js';
import { report } from './report.js';

const seed = Date.now() % 1_000_000;

const RUNS: readonly ChaosOptions[] = [
  // Outages of Redis need more time than a test may take to be distinguished from a busy machine; `npm run chaos` has them.
  { store: 'redis', faults: 'nodes', seconds: 7, clients: 18, seed, longestMs: 1_000 },
  { store: 'lmdb', faults: 'all', seconds: 4, clients: 9, seed, longestMs: 1_000 },
];

describe('clients of both eras call, stream, answer, resume and cancel, while nodes are killed, drained and started again', () => {
  test.each(RUNS)(
    '$store: one answer for each accepted call, each event once and in order, nothing astray, nothing left (R2, R3, R7, R12, R36, R38, invariants 1, 2, 4, 5)',
    async (options) => {
      const outcome = await chaos(options);
      const told = report(options, outcome);
      process.stdout.write(told);
      expect([outcome.verdict.faults, told]).toEqual([[], told]);
      // A clean verdict means little if little happened.
      expect(outcome.verdict.fates.get('answered')).toBeGreaterThan(5);
      expect(outcome.injected.flat().length).toBeGreaterThan(0);
      expect(outcome.ledger.counts.resumes).toBeGreaterThan(0);
    },
    120_000,
  );
});
