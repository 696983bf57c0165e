import type { LogLevel } from '../ground/mcp.js';

/** One dated version of the specification, as data: what differs between revisions stands here and in no `if`. */
export interface Revision {
  readonly id: string;
  /**
   * `legacy`: `initialize` opens a session, and every other request belongs to one. `modern`: every request stands alone
   * and says itself what a session would have remembered (MCP 2026-07-28, Versioning, "Terminology").
   */
  readonly era: 'legacy' | 'modern';
  /** JSON-RPC batches may be posted. */
  readonly batches: boolean;
  /**
   * A stream opens with an event of an id and empty data, so that a client can resume before anything was sent, and a
   * closing connection names a `retry` time. Clients of earlier revisions take empty data for broken JSON.
   */
  readonly priming: boolean;
  /** What a client is sent of the log while it has not said what it wants; absent: nothing. */
  readonly logLevel?: LogLevel;
  /** What a client may be asked for if it declares it, as paths into its capabilities. */
  readonly declared: readonly string[];
  /** What a client may be asked for although there is no capability to declare it by. */
  readonly implied: readonly string[];
}

/** "the server MAY decide which messages to send automatically" (MCP 2025-11-25, Logging). */
const LEGACY = { era: 'legacy', logLevel: 'info' } as const;

const OLD = { declared: ['roots', 'sampling'], implied: ['sampling.context'] };
const WITH_FORMS = { ...OLD, declared: [...OLD.declared, 'elicitation.form'] };
const WITH_ALL = {
  declared: [...WITH_FORMS.declared, 'elicitation.url', 'sampling.tools', 'sampling.context'],
  implied: [],
};

/** Oldest first. */
const REVISIONS: readonly Revision[] = [
  { id: '2025-03-26', ...LEGACY, batches: true, priming: false, ...OLD },
  { id: '2025-06-18', ...LEGACY, batches: false, priming: false, ...WITH_FORMS },
  { id: '2025-11-25', ...LEGACY, batches: false, priming: true, ...WITH_ALL },
  { id: '2026-07-28', era: 'modern', batches: false, priming: false, ...WITH_ALL },
];

const BY_ID: ReadonlyMap<string, Revision> = new Map(REVISIONS.map((revision) => [revision.id, revision]));

function newestFirst(era?: Revision['era']): readonly Revision[] {
  return REVISIONS.filter((revision) => era === undefined || revision.era === era).reverse();
}

/** Newest first, as clients are told. */
export const SUPPORTED_REVISIONS: readonly string[] = newestFirst().map(({ id }) => id);

/** Those that a request may name by itself, newest first. */
export const MODERN_REVISIONS: readonly string[] = newestFirst('modern').map(({ id }) => id);

const [NEWEST_LEGACY] = newestFirst('legacy') as [Revision, ...Revision[]];

export function revisionOf(id: string): Revision | undefined {
  return BY_ID.get(id);
}

/** The revision that a session can be opened in, if it is one. */
export function legacyRevisionOf(id: string): Revision | undefined {
  const revision = BY_ID.get(id);
  return revision?.era === 'legacy' ? revision : undefined;
}

/** The revision that a request can be served in by itself, if it is one. */
export function modernRevisionOf(id: string): Revision | undefined {
  const revision = BY_ID.get(id);
  return revision?.era === 'modern' ? revision : undefined;
}

/** The revision to answer `initialize` with: the client's own where it has sessions, else the newest that has (MCP, Lifecycle). */
export function negotiate(requested: string): Revision {
  return legacyRevisionOf(requested) ?? NEWEST_LEGACY;
}
