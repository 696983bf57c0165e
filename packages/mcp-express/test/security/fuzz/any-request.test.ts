import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { faultIn } from './judging.js';
import { fuzzRequest } from './requests.js';
import { deliver } from './sending.js';
import { expectCalm, startTarget } from './target.js';

/*
 * Jest fails a test for every uncaught exception and every unhandled rejection that happens while it runs: both counts
 * are 0 where these pass.
 */

const RUNS = 250;
/** Requests that are under way together: what one of them does to the session of another is part of it. */
const AT_ONCE = 6;

test.each([
  ['with authentication', true],
  ['without', false],
] as const)(
  'whatever is sent is answered, refused in JSON-RPC and leaves nothing behind, %s (R5, R15, R23)',
  async (_how, guarded) => {
    const target = await startTarget(guarded);
    const statuses = new Map<number, number>();
    const property = fc.asyncProperty(fc.array(fuzzRequest, { minLength: 1, maxLength: AT_ONCE }), async (requests) => {
      await target.renew();
      const answers = await Promise.all(requests.map((request) => deliver(target, request)));
      for (const [index, answer] of answers.entries()) {
        const request = requests[index] as (typeof requests)[number];
        const fault = faultIn(request, answer, target);
        if (fault !== undefined) throw new Error(`${fault}: ${answer.status} ${answer.text.slice(0, 500)}`);
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      }
    });
    await fc.assert(property, { numRuns: RUNS, endOnFailure: false });
    await expectCalm(target);
    // The requests were not all refused at the door.
    for (const status of guarded ? [200, 202, 400, 401, 404] : [200, 202, 400, 404]) {
      expect([status, (statuses.get(status) ?? 0) > 0]).toEqual([status, true]);
    }
  },
  180_000,
);
