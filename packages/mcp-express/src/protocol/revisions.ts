import type { LogLevel } from './mcp.js';

/** A dated version of the specification. All differences between revisions are data here, never conditions on dates. */
export interface Revision {
  readonly id: string;
  /**
   * `legacy`: `initialize` opens a session, and all other requests belong to one. `modern`: requests are stateless and
   * carry in `_meta` the state that a session would store (MCP 2026-07-28, Versioning, "Terminology").
   */
  readonly era: 'legacy' | 'modern';
  /** Clients may post JSON-RPC batches. */
  readonly batches: boolean;
  /**
   * Streams open with an event that has an id and empty data, so that the client can resume before the first message,
   * and the server sends `retry` before it closes a connection. Clients of earlier revisions fail to parse the empty
   * data.
   */
  readonly priming: boolean;
  /** Least severe log level for clients that have not set one. Absent: no log messages. */
  readonly logLevel?: LogLevel;
  /** Capabilities that a client may declare, as paths. Client requests that need one require the declaration. */
  readonly declared: readonly string[];
  /** Capabilities of every client, because the revision has no way to declare them. */
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

/** All served revisions, newest first, as error messages and `server/discover` list them. */
export const SUPPORTED_REVISIONS: readonly string[] = newestFirst().map(({ id }) => id);

/** The revisions of stateless requests, newest first. */
export const STATELESS_REVISIONS: readonly string[] = newestFirst('modern').map(({ id }) => id);

const [NEWEST_SESSION_REVISION] = newestFirst('legacy') as [Revision, ...Revision[]];

/** The revision with this id, if it has sessions. */
export function sessionRevisionOf(id: string): Revision | undefined {
  const revision = BY_ID.get(id);
  return revision?.era === 'legacy' ? revision : undefined;
}

/** The revision with this id, if its requests are stateless. */
export function statelessRevisionOf(id: string): Revision | undefined {
  const revision = BY_ID.get(id);
  return revision?.era === 'modern' ? revision : undefined;
}

/**
 * The revision in the answer to `initialize`: the requested one if it has sessions, else the newest that has (MCP,
 * Lifecycle).
 */
export function negotiate(requested: string): Revision {
  return sessionRevisionOf(requested) ?? NEWEST_SESSION_REVISION;
}
