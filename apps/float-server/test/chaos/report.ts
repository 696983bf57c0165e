import type { ChaosOptions, Outcome } from './chaos.js';
import { counted, type InjectedFault } from './faults/inject-faults.js';
import { textOf } from './faults/schedule.js';
import type { Fault } from './ledger/verdict.js';
import { overlap } from './span.js';

/** Faults that ended no longer than this before a call may have affected it. Milliseconds. */
const BEFORE_MS = 6_000;

/** Describes the result of a run as text. */
export function report(options: ChaosOptions, { ledger, verdict, injected, beganAt }: Outcome): string {
  const { store, faults, seed, clients, seconds } = options;
  const { counts, calls } = ledger;
  const inWords = (map: ReadonlyMap<string, number>) => [...map].map(([what, times]) => `${what} ${times}`).join(', ');
  const accepted = calls.size - (verdict.fates.get('not accepted') ?? 0);
  const all = injected.flat();
  return [
    `chaos: ${store}, faults of ${faults}, ${seconds} s, ${clients} clients, seed ${seed}`,
    `  injected faults   ${inWords(counted(all))}`,
    `  calls             ${calls.size}, of which ${accepted} were accepted`,
    `  outcomes          ${inWords(verdict.fates)}`,
    `  repeated reads    ${counts.rereads} answers; ${verdict.allowedContradictions} answered without the store and interrupted for a later reader`,
    `  progress events   ${verdict.events}, each once and in order`,
    `  questions         ${counts.questions}`,
    `  sessions opened   ${counts.sessions}, all of them ended`,
    `  cut connections   ${counts.cuts}; resumes ${counts.resumes}; requests refused or broken ${counts.refusals}`,
    `  lost positions    ${counts.forgotten} streams that broke again before an event and were resumed in place of the client`,
    ...(verdict.faults.length === 0
      ? ['  no call was lost, repeated or misdirected']
      : [
          `  FAULTS: ${verdict.faults.length}`,
          ...verdict.faults.map((fault) => `  - ${fault.text}${meanwhile(fault, all, beganAt)}`),
          `  replay: npm run chaos -- --store ${store} --seconds ${seconds} --clients ${clients} --seed ${seed} --schedule "${injected
            .map((hand) => textOf(hand.map(({ step }) => step)))
            .join('; ')}"`,
        ]),
    '',
  ].join('\n');
}

/** The injected faults at the time of a violation. */
function meanwhile({ span }: Fault, injected: readonly InjectedFault[], beganAt: number): string {
  if (span === undefined) return '';
  const seconds = (at: number | undefined) => (((at ?? Number.NaN) - beganAt) / 1_000).toFixed(1);
  const then = injected.filter((one) => overlap({ from: span.from - BEFORE_MS, to: span.to }, one));
  const steps = then.map((one) => `${textOf([one.step])} (${seconds(one.from)} to ${seconds(one.to)} s)`);
  return `; it ran from ${seconds(span.from)} to ${seconds(span.to)} s; faults at that time: ${steps.join(', ') || 'none'}`;
}
