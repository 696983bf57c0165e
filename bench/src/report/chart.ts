import type { ComparisonResults } from '../comparison/comparison.js';
import type { Standing } from '../comparison/contender.js';
import type { Results } from '../run.js';
import { whole } from './numbers.js';
import { rate, titleOf, typical } from './results.js';

const WIDTH = 860;
const LABELS = 300;
const FIGURES = 90;
const BAR = 16;
const LINE = 24;
const TITLE = 34;
const GAP = 26;

/** Colours that differ on white and on black, and in lightness for readers who do not see colours. */
const COLOURS = { ours: '#2f81f7', bare: '#8b949e', official: '#c77d1e', peer: '#9a6dd7' } as const;

/** The comparisons to show, if they were run: the requests of most clients. */
const SHOWN = ['session-calls', 'mixed', 'modern-calls'];

/** Answers a second of every server, as horizontal bars: one panel for each comparison. */
export function chart({ results }: Results): string {
  const panels = results.filter(({ comparison }) => SHOWN.includes(comparison.name));
  let top = 0;
  const drawn = panels.map((panel) => {
    const text = panelAt(panel, top);
    top += TITLE + panel.all.length * LINE + GAP;
    return text;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${Math.max(top, LINE)}" width="${WIDTH}" role="img" ` +
      'aria-label="Answers a second of each server">',
    '<style>text{font:13px system-ui,sans-serif;fill:#57606a}.title{font-weight:600;font-size:15px}' +
      '.ours{font-weight:600}@media(prefers-color-scheme:dark){text{fill:#adbac7}}</style>',
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
}

function panelAt({ comparison, all }: ComparisonResults, top: number): string {
  const sorted = all.filter(({ failure }) => failure === undefined).sort((a, b) => typical(b, rate) - typical(a, rate));
  const most = Math.max(1, ...sorted.map((standing) => typical(standing, rate)));
  const bars = sorted.map((standing, index) => barAt(standing, top + TITLE + index * LINE, most));
  const title = `<text class="title" x="0" y="${top + 18}">${plain(comparison.asks)}: answers a second, one core</text>`;
  return [title, ...bars].join('\n');
}

function barAt(standing: Standing, y: number, most: number): string {
  const { kind } = standing.entrant.subject;
  const value = typical(standing, rate);
  const width = Math.max(1, ((WIDTH - LABELS - FIGURES) * value) / most);
  const middle = y + BAR - 3;
  return (
    `<text class="${kind}" x="${LABELS - 10}" y="${middle}" text-anchor="end">${plain(titleOf(standing))}</text>` +
    `<rect x="${LABELS}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" rx="2" fill="${COLOURS[kind]}"/>` +
    `<text class="${kind}" x="${(LABELS + width + 8).toFixed(1)}" y="${middle}">${whole(value)}</text>`
  );
}

/** Markdown as text of XML. */
function plain(markdown: string): string {
  return markdown.replace(/[`*]/g, '').replace(/&/g, '&amp;').replace(/</g, '&lt;');
}
