import type { Measured, Row } from './measure.js';
import type { Options } from './options.js';
import { BARE_EXPRESS, BARE_HTTP } from './subjects.js';
import { TOOLS } from './tools.js';

const COLUMNS = [
  'server',
  'calls/s, median',
  'min – max',
  '× bare Express',
  '× bare `node:http`',
  '× best official',
  'p50 ms',
  'p99 ms',
  'server CPU µs/call',
] as const;

/** The part of its core that a process uses when nothing but itself holds it up. */
const BUSY_SHARE = 0.9;

/** The whole report as Markdown. */
export function report(rows: readonly Row[], options: Options, environment: readonly string[]): string {
  const { rounds, seconds, connections } = options;
  const baselines = baselinesOf(rows);
  return [
    '# Calls per second',
    '',
    `\`tools/call\` on a server of ${TOOLS.length} tools with Zod schemas: ${connections} keep-alive connections with one ` +
      `call under way each, ${rounds} rounds of ${seconds} s, in which the servers take turns. Every answer is checked. ` +
      'Where there are sessions, each connection has its own (2025-11-25).',
    '',
    ...table([COLUMNS, ...rows.map((row) => cellsOf(row, baselines))]),
    '',
    'Medians of the rounds; latencies too. "Best official" is the fastest row of the official SDK.',
    '',
    ...notesOn(rows),
    ...environment,
    '',
  ].join('\n');
}

interface Baselines {
  readonly express: number;
  readonly http: number;
  readonly official: number;
}

function baselinesOf(rows: readonly Row[]): Baselines {
  const good = rows.filter(({ failure }) => failure === undefined);
  const named = (wanted: string) => rateOf(good.find(({ subject }) => subject.name === wanted));
  const official = good.filter(({ subject }) => subject.kind === 'official').map(rateOf);
  return { express: named(BARE_EXPRESS), http: named(BARE_HTTP), official: Math.max(...official) };
}

function rateOf(row: Row | undefined): number {
  return row === undefined ? NaN : median(row.rounds.map(rate));
}

function cellsOf(row: Row, baselines: Baselines): string[] {
  const { subject, rounds, failure } = row;
  if (failure !== undefined) return [subject.title, '**failed**', ...COLUMNS.slice(2).map(() => '')];
  const rates = rounds.map(rate);
  const typical = median(rates);
  return [
    subject.title,
    thousands(typical),
    `${thousands(Math.min(...rates))} – ${thousands(Math.max(...rates))}`,
    ratio(typical / baselines.express),
    ratio(typical / baselines.http),
    ratio(typical / baselines.official),
    median(rounds.map(({ p50Ms }) => p50Ms)).toFixed(1),
    median(rounds.map(({ p99Ms }) => p99Ms)).toFixed(1),
    median(rounds.map((round) => round.cpuMicrosecondsPerCall)).toFixed(0),
  ];
}

function notesOn(rows: readonly Row[]): string[] {
  const good = rows.filter(({ failure }) => failure === undefined);
  const server = (row: Row) => median(row.rounds.map(({ serverShare }) => serverShare));
  const load = (row: Row) => median(row.rounds.map(({ loadShare }) => loadShare));
  const notes = [
    ...rows
      .filter(({ failure }) => failure !== undefined)
      .map(({ subject, failure }) => `**${subject.name} failed**: ${failure}`),
    ...listed('Faster than shown: the load had no time left', good, load, (share) => share >= BUSY_SHARE),
    ...listed('The machine was busy with other work: servers got only a part of their core', good, server, isPartly),
  ];
  return notes.length === 0 ? [] : [...notes.map((note) => `- ${note}`), ''];
}

function isPartly(share: number): boolean {
  return share < BUSY_SHARE;
}

/** One line that names the rows whose share is such, or none. */
function listed(
  what: string,
  rows: readonly Row[],
  share: (row: Row) => number,
  isSuch: (share: number) => boolean,
): string[] {
  const such = rows.filter((row) => isSuch(share(row)));
  const named = such.map((row) => `${row.subject.name} ${Math.round(share(row) * 100)} %`);
  return such.length === 0 ? [] : [`${what}: ${named.join(', ')}.`];
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  const [head = [], ...body] = rows;
  return [head, rule, ...body].map((row) => {
    const cells = row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)));
    return `| ${cells.join(' | ')} |`;
  });
}

function rate({ calls, seconds }: Measured): number {
  return calls / seconds;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function thousands(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Nothing where the row to compare with was not measured. */
function ratio(value: number): string {
  return Number.isFinite(value) && value > 0 ? value.toFixed(2) : '';
}
