import type { ChaosOptions, Outcome } from './chaos.js';

/** The result of a run as text. */
export function report(
  { store, faults, seed, clients, seconds }: ChaosOptions,
  { ledger, verdict, done }: Outcome,
): string {
  const { counts, calls } = ledger;
  const counted = (map: ReadonlyMap<string, number>) => [...map].map(([what, times]) => `${what} ${times}`).join(', ');
  const accepted = calls.size - (verdict.fates.get('not accepted') ?? 0);
  return [
    `chaos: ${store}, faults of ${faults}, ${seconds} s, ${clients} clients, seed ${seed}`,
    `  faults brought    ${counted(done)}`,
    `  calls             ${calls.size}, of which ${accepted} were accepted`,
    `  became of them    ${counted(verdict.fates)}`,
    `  progress events   ${verdict.events}, each once and in order`,
    `  questions         ${counts.questions}`,
    `  sessions opened   ${counts.sessions}, all of them gone`,
    `  lines cut         ${counts.cuts}; resumed ${counts.resumes}; requests refused or broken ${counts.refusals}`,
    `  resumed for them  ${counts.forgotten} streams that broke again before an event, which clients cannot resume`,
    ...(verdict.faults.length === 0
      ? ['  nothing is missing, nothing is there twice, nothing went astray']
      : [`  FAULTS: ${verdict.faults.length}`, ...verdict.faults.map((fault) => `  - ${fault}`)]),
    '',
  ].join('\n');
}
