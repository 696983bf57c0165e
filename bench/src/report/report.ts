import type { Extent } from '../extent.js';
import { isMet, type Verdict } from '../rows/row.js';
import type { Outcome, Results } from '../run.js';
import { median } from '../statistics.js';
import { shown, withSpread } from './numbers.js';
import { resultsSection } from './results.js';
import { table } from './table.js';

const HEAD = ['row', 'what', 'against', 'target', 'found: median (least – most)', 'met'];

/** All that was measured, as Markdown. */
export function report({ outcomes, results }: Results, extent: Extent, environment: readonly string[]): string {
  return [
    ...environment,
    ...extentLines(extent),
    '',
    '### Targets',
    '',
    ...table([HEAD, ...outcomes.flatMap(verdictRows)], HEAD.length),
    '',
    ...outcomes.flatMap(figuresSection),
    ...results.flatMap(resultsSection),
  ].join('\n');
}

function extentLines({ name, rounds, seconds, connections }: Extent): string[] {
  const lines = [
    `- ${rounds} rounds of ${seconds} s, in which the servers take turns; ${connections} keep-alive connections with one ` +
      'request under way each, unless a row says otherwise. Ratios are made within a round.',
  ];
  return name === 'full' ? lines : [...lines, `- **A ${name} run: the figures are rough.**`];
}

function verdictRows({ row, finding, failure }: Outcome): string[][] {
  const name = [row.name, row.what, row.against];
  if (finding === undefined) return [[...name, '', `**not measured**: ${failure}`, '']];
  return finding.verdicts.map((verdict) => {
    const { what, found, unit } = verdict;
    const met = isMet(verdict, median(found)) ? 'yes' : '**no**';
    return [row.name, `${row.what}: ${what}`, row.against, targetOf(verdict), withSpread(found, unit), met];
  });
}

function targetOf({ target, unit }: Verdict): string {
  return 'least' in target ? `≥ ${shown(target.least, unit)}` : `≤ ${shown(target.most, unit)}`;
}

function figuresSection({ row, finding }: Outcome): string[] {
  if (finding === undefined || finding.figures.length === 0) return [];
  const lines = finding.figures.map(({ what, values, unit }) => [what, withSpread(values, unit)]);
  const notes = (finding.notes ?? []).flatMap((note) => [note, '']);
  const title = Number.isNaN(Number(row.name)) ? row.what : `Row ${row.name}: ${row.what}`;
  return [`### ${title}`, '', ...table([['', 'median (least – most)'], ...lines]), '', ...notes];
}
