import type { ComparisonResults } from '../comparison/comparison.js';
import type { Measured, Standing } from '../comparison/contender.js';
import { median, range } from '../statistics.js';
import { whole } from './numbers.js';
import { table } from './table.js';

const HEAD = [
  'server',
  'answers/s, median',
  'least – most',
  'p50 ms',
  'p95 ms',
  'p99 ms',
  'server CPU µs',
  'an answer',
];

/** The part of its core that a process uses when nothing but itself holds it up. */
const BUSY_SHARE = 0.9;

/** One comparison: all its servers, the fastest first. */
export function resultsSection({ comparison, all }: ComparisonResults): string[] {
  const sorted = [...all].sort((a, b) => typical(b, rate) - typical(a, rate));
  return [`### ${comparison.asks}`, '', ...table([HEAD, ...sorted.map(cellsOf)]), '', ...notesOn(all)];
}

function cellsOf(standing: Standing): string[] {
  const { failure, rounds, answer } = standing;
  const title = titleOf(standing);
  if (failure !== undefined) return [title, '**failed**', ...HEAD.slice(2).map(() => '')];
  const [least, most] = range(rounds.map(rate));
  return [
    title,
    whole(typical(standing, rate)),
    `${whole(least)} – ${whole(most)}`,
    typical(standing, ({ p50Ms }) => p50Ms).toFixed(1),
    typical(standing, ({ p95Ms }) => p95Ms).toFixed(1),
    typical(standing, ({ p99Ms }) => p99Ms).toFixed(1),
    whole(typical(standing, ({ cpuMicrosecondsPerCall }) => cpuMicrosecondsPerCall)),
    answer,
  ];
}

/** The title of a server, with its number of tools where that is not the usual one. */
export function titleOf({ entrant: { subject, tools } }: Standing): string {
  return tools === undefined ? subject.title : `${subject.title}, ${tools} ${tools === 1 ? 'tool' : 'tools'}`;
}

/** The median of a figure over the rounds; 0 for a server that was not measured. */
export function typical({ rounds }: Standing, figure: (round: Measured) => number): number {
  return rounds.length === 0 ? 0 : median(rounds.map(figure));
}

/** Answers a second, as a figure for `typical`. */
export function rate({ rate: perSecond }: Measured): number {
  return perSecond;
}

function notesOn(all: readonly Standing[]): string[] {
  const good = all.filter(({ failure }) => failure === undefined);
  const load = (standing: Standing): number => typical(standing, ({ busyShare }) => busyShare);
  const server = (standing: Standing): number => typical(standing, ({ serverShare }) => serverShare);
  const notes = [
    ...all
      .filter(({ failure }) => failure !== undefined)
      .map(({ entrant, failure }) => `**${entrant.subject.name} failed**: ${failure}`),
    ...listed('Faster than shown, because the load had no time left', good, load, (share) => share >= BUSY_SHARE),
    ...listed(
      'Servers that did not get, or need, the whole of their core',
      good,
      server,
      (share) => share < BUSY_SHARE,
    ),
  ];
  return notes.length === 0 ? [] : [...notes.map((note) => `- ${note}`), ''];
}

/** One line that names the servers whose share is such, or none. */
function listed(
  what: string,
  results: readonly Standing[],
  share: (standing: Standing) => number,
  isSuch: (share: number) => boolean,
): string[] {
  const such = results.filter((standing) => isSuch(share(standing)));
  const named = such.map((standing) => `${standing.entrant.subject.name} ${Math.round(share(standing) * 100)} %`);
  return such.length === 0 ? [] : [`${what}: ${named.join(', ')}.`];
}
