import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { McpError } from '../../protocol/errors.js';
import type { Store } from '../../store/store.js';
import { orStoreUnavailable } from '../../store/store-errors.js';
import { eventually, type FailingStore, type StoreSuite } from '../suite.js';
import { BusWatch } from './bus-watch.js';
import { type Fault, type FaultStep, type Outcome, STORE_FAULTS, type StoreFaults } from './fault-suite.js';
import { recordSteps } from './record-steps.js';
import { sessionSteps } from './session-steps.js';
import { streamSteps } from './stream-steps.js';

/** The most answers of the store that one method may need before its last one. */
const MAX_ANSWERS = 12;

/** A method that failed halfway must be complete or undone this soon after the store is back. Milliseconds. */
const MENDED_MS = 10_000;

interface Tried {
  readonly step: FaultStep;
  readonly outcome: Outcome;
}

const stepsOfAll = (): readonly FaultStep[] => [...sessionSteps(), ...streamSteps(), ...recordSteps()];

/** Tests of a failing store: with each fault, each method succeeds or rejects in time, and has all of its effect or none. */
export function faultContract({ test, createFailing }: StoreSuite): void {
  if (typeof createFailing === 'string') {
    test(`faults are not tested: ${createFailing}`, async () => assertReason(createFailing));
    return;
  }
  for (const kind of STORE_FAULTS) {
    test(`${TITLES[kind]}: each method succeeds or rejects in time, has all of its effect or none, and works again`, async () => {
      const failing = await createFailing(kind);
      try {
        await tryFault(failing, kind);
      } finally {
        await failing.other?.close();
        await failing.store.close();
      }
    });
  }
}

const TITLES: { readonly [Kind in keyof StoreFaults]: string } = {
  away: 'an unavailable store',
  cutOff: 'a store that does not answer',
  broken: 'a store whose connection breaks in use',
  slow: 'a slow store',
  full: 'a full store',
  readOnly: 'a read-only store',
  lost: 'a store that loses one answer, each in turn',
};

async function tryFault(failing: FailingStore, kind: keyof StoreFaults): Promise<void> {
  const { faults } = failing;
  const fault = faults[kind];
  if (typeof fault === 'string') return assertReason(fault);
  if (kind === 'lost') return tryLostAnswers(failing, faults.lost as (answers: number) => ReturnType<Fault>);
  const steps = stepsOfAll();
  const { store } = failing;
  const bus = await BusWatch.on(failing);
  await Promise.all(steps.map((step) => step.prepare?.(store)));
  const end = await (fault as Fault)();
  const tried = await Promise.all(steps.map((step) => tryStep(failing, step)));
  const ready = kind === 'slow' ? 'resolved' : 'rejected';
  if (kind !== 'broken') assert.equal(await settled(ping(store)), ready, `"ping" while the store is ${kind}`);
  const failed = tried.filter(({ outcome }) => outcome.is === 'rejected');
  assert.equal(failed.length > 0, kind !== 'slow', `${failed.length} steps failed while the store was ${kind}`);
  const published = bus.publish();
  await end();
  await eventually(async () => (await settled(ping(store))) === 'resolved', 'the store is back');
  for (const each of tried) assertOutcome(each, kind);
  await Promise.all(tried.map((each) => assertWhole(store, each)));
  await published;
  await bus.assertInOrder();
}

function assertReason(text: string): void {
  assert.match(text, /\w+ \w+ \w+/, 'the text in place of a fault gives the reason');
}

function assertOutcome({ step, outcome }: Tried, kind: keyof StoreFaults): void {
  const said = JSON.stringify(outcome);
  if (outcome.is === 'pending') assert.fail(`"${step.name}" neither resolved nor rejected in time, ${kind}`);
  if (outcome.is === 'rejected') assertUnavailable(step, outcome.value);
  else assert.ok(gave(outcome.value, step.gives), `"${step.name}" gave ${said}, ${kind}`);
  if (kind === 'slow') assert.equal(outcome.is, 'resolved', `"${step.name}" rejected, ${kind}: ${said}`);
  if (kind === 'away') assert.equal(outcome.is, 'rejected', `"${step.name}" gave ${said}, ${kind}`);
}

/** A failing store must reject with `store-unavailable`, not with an error that blames the request. */
function assertUnavailable({ name }: FaultStep, rejection: unknown): void {
  const code = McpError.is(rejection) ? rejection.code : String(rejection);
  assert.equal(code, 'store-unavailable', `"${name}" was rejected with ${String(rejection)}`);
}

/** The state must be that before the step or that after it, and the step must work when it is run again. */
async function assertWhole(store: Store, { step, outcome }: Tried): Promise<void> {
  const { name, see, before, after, twice = after, gives, givesAgain = [], run } = step;
  const isDone = outcome.is === 'resolved';
  const allowed = isDone ? [after] : [before, after];
  let seen: unknown;
  const isWhole = async (): Promise<boolean> => {
    seen = await see?.(store);
    return gave(seen, allowed);
  };
  // Work that the broken connection left undone may take a moment.
  await eventually(isWhole, 'the effect is complete or absent', MENDED_MS).catch(() =>
    assert.fail(`"${name}" has left ${JSON.stringify(seen)} (${outcome.is})`),
  );
  const again = await run(store).catch((cause: unknown) => cause);
  assert.ok(gave(again, [...gives, ...givesAgain]), `"${name}" gave ${inspect(again)} when it was run again`);
  const last = await see?.(store);
  assert.ok(gave(last, [after, twice]), `"${name}" has left ${JSON.stringify(last)} when it was run again`);
}

function inspect(value: unknown): string {
  return value instanceof Error ? String(value) : JSON.stringify(value);
}

/** Compares as plain data, because values may come from another process. */
function gave(value: unknown, allowed: readonly unknown[]): boolean {
  return allowed.some((each) => isDeepStrictEqual(plain(value), plain(each)));
}

function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

/** Runs each step alone, and loses its first answer, then its second, until the step needs no more answers. */
async function tryLostAnswers(failing: FailingStore, lose: (answers: number) => ReturnType<Fault>): Promise<void> {
  const { store } = failing;
  for (let at = 0; at < stepsOfAll().length; at += 1) {
    for (let answers = 0; ; answers += 1) {
      // A new step each time, with names of its own.
      const step = stepsOfAll()[at] as FaultStep;
      assert.ok(answers < MAX_ANSWERS, `"${step.name}" never resolves`);
      await step.prepare?.(store);
      const end = await lose(answers);
      const tried = await tryStep(failing, step);
      await end();
      await eventually(async () => (await settled(store.versions.read(['any']))) === 'resolved', 'the store is back');
      assertOutcome(tried, 'lost');
      await assertWhole(store, tried);
      if (tried.outcome.is === 'resolved') break;
    }
  }
}

async function tryStep({ store, limitMs }: FailingStore, step: FaultStep): Promise<Tried> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Outcome>((resolve) => {
    timer = setTimeout(resolve, limitMs, { is: 'pending' });
  });
  const running = step.run(orStoreUnavailable(store)).then(
    (value): Outcome => ({ is: 'resolved', value }),
    (value: unknown): Outcome => ({ is: 'rejected', value }),
  );
  const outcome = await Promise.race([running, late]);
  clearTimeout(timer);
  return { step, outcome };
}

/** Checks the store; one without `ping` by a write. */
function ping(store: Store): Promise<unknown> {
  return store.ping?.() ?? store.versions.bump('ping');
}

function settled(promise: Promise<unknown>): Promise<'resolved' | 'rejected'> {
  return promise.then(
    () => 'resolved',
    () => 'rejected',
  );
}
