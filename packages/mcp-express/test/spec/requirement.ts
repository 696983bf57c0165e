import { REVISIONS, type RevisionId } from '../support/session.js';

/** The revision whose requests stand alone. The tests that show it are in the folder `modern`. */
export const MODERN = ['2026-07-28'] as const;

export type SpecRevision = RevisionId | (typeof MODERN)[number];

export type Level = 'MUST' | 'MUST NOT' | 'SHOULD' | 'SHOULD NOT' | 'MAY';

/** One thing the specification asks of a server, in our words. */
export interface Requirement {
  /** Stable: the page, then what it is about. Tests cite it in square brackets at the end of their names. */
  readonly id: string;
  readonly level: Level;
  readonly revisions: readonly SpecRevision[];
  /** Where the newest of these revisions says so. */
  readonly link: string;
  readonly text: string;
  /** Why no test can cite it. */
  readonly untested?: string;
}

export const ALL = REVISIONS;
export const FIRST = ['2025-03-26'] as const;
export const UNTIL_2025_06_18 = ['2025-03-26', '2025-06-18'] as const;
export const SINCE_2025_06_18 = ['2025-06-18', '2025-11-25'] as const;
export const NEWEST_ONLY = ['2025-11-25'] as const;

/** What did not change when requests began to stand alone. Tests of both ways of serving show it. */
export const EVERY = [...ALL, ...MODERN] as const;
export const FROM_2025_06_18 = [...SINCE_2025_06_18, ...MODERN] as const;
export const FROM_2025_11_25 = [...NEWEST_ONLY, ...MODERN] as const;

type Row = (
  id: string,
  revisions: readonly SpecRevision[],
  section: string,
  text: string,
  untested?: string,
) => Requirement;

export const SPECIFICATION = 'https://modelcontextprotocol.io/specification';

/** Where the extension is specified that lets a call go on as a task. */
export const TASKS_PAGE = 'https://modelcontextprotocol.io/seps/2663-tasks-extension';

type Rows = Record<'must' | 'mustNot' | 'should' | 'shouldNot' | 'may', Row>;

/** The rows of one page of the specification, such as `basic/transports`. */
export function page(path: string): Rows {
  return rowsOf((revisions) => `${SPECIFICATION}/${revisions.at(-1)}/${path}`);
}

/** The rows of a page that stands outside of the dated specification. */
export function pageAt(address: string): Rows {
  return rowsOf(() => address);
}

function rowsOf(pageOf: (revisions: readonly SpecRevision[]) => string): Rows {
  const row = (level: Level): Row => {
    return (id, revisions, section, text, untested) => {
      const anchor = section === '' ? '' : `#${section}`;
      const link = `${pageOf(revisions)}${anchor}`;
      return { id, level, revisions, link, text, ...(untested === undefined ? {} : { untested }) };
    };
  };
  return {
    must: row('MUST'),
    mustNot: row('MUST NOT'),
    should: row('SHOULD'),
    shouldNot: row('SHOULD NOT'),
    may: row('MAY'),
  };
}
