import { REVISIONS, type RevisionId } from '../support/session.js';

export type Level = 'MUST' | 'MUST NOT' | 'SHOULD' | 'SHOULD NOT' | 'MAY';

/** One thing the specification asks of a server, in our words. */
export interface Requirement {
  /** Stable: the page, then what it is about. Tests cite it in square brackets at the end of their names. */
  readonly id: string;
  readonly level: Level;
  readonly revisions: readonly RevisionId[];
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

type Row = (
  id: string,
  revisions: readonly RevisionId[],
  section: string,
  text: string,
  untested?: string,
) => Requirement;

export const SPECIFICATION = 'https://modelcontextprotocol.io/specification';

/** The rows of one page of the specification, such as `basic/transports`. */
export function page(path: string): Record<'must' | 'mustNot' | 'should' | 'shouldNot' | 'may', Row> {
  const row = (level: Level): Row => {
    return (id, revisions, section, text, untested) => {
      const anchor = section === '' ? '' : `#${section}`;
      const link = `${SPECIFICATION}/${revisions.at(-1)}/${path}${anchor}`;
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
