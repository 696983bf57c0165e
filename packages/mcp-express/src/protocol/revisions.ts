/** One dated version of the specification, as data: what differs between revisions stands here and in no `if`. */
export interface Revision {
  readonly id: string;
  /** JSON-RPC batches may be posted. */
  readonly batches: boolean;
  /**
   * A stream opens with an event of an id and empty data, so that a client can resume before anything was sent, and a
   * closing connection names a `retry` time. Clients of earlier revisions take empty data for broken JSON.
   */
  readonly priming: boolean;
  /** What a client may be asked for if it declares it, as paths into its capabilities. */
  readonly declared: readonly string[];
  /** What a client may be asked for although there is no capability to declare it by. */
  readonly implied: readonly string[];
}

const OLD = { declared: ['roots', 'sampling'], implied: ['sampling.context'] };
const WITH_FORMS = { ...OLD, declared: [...OLD.declared, 'elicitation.form'] };
const WITH_ALL = {
  declared: [...WITH_FORMS.declared, 'elicitation.url', 'sampling.tools', 'sampling.context'],
  implied: [],
};

/** Oldest first. */
const REVISIONS: readonly Revision[] = [
  { id: '2025-03-26', batches: true, priming: false, ...OLD },
  { id: '2025-06-18', batches: false, priming: false, ...WITH_FORMS },
  { id: '2025-11-25', batches: false, priming: true, ...WITH_ALL },
];

const BY_ID: ReadonlyMap<string, Revision> = new Map(REVISIONS.map((revision) => [revision.id, revision]));

/** Newest first, as clients are told. */
export const SUPPORTED_REVISIONS: readonly string[] = REVISIONS.map((revision) => revision.id).reverse();

const NEWEST = REVISIONS.at(-1) as Revision;

export function revisionOf(id: string): Revision | undefined {
  return BY_ID.get(id);
}

/** The revision to answer `initialize` with: the client's own where it is served, else the newest (MCP, Lifecycle). */
export function negotiate(requested: string): Revision {
  return BY_ID.get(requested) ?? NEWEST;
}
