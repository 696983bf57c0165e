/** A name with a successor, possibly under the same name. */
export interface Renamed {
  readonly old: string;
  readonly tool: string;
  /** Arguments that the old name implies. The alias does not take them. */
  readonly preset?: Readonly<Record<string, unknown>>;
  /** Optional arguments of the successor that the alias requires. */
  readonly needs?: readonly string[];
  /** Differences from the old tool. */
  readonly note?: string;
}

/** A name whose tool took a list; the successor takes one entry per call. */
export interface Bulk {
  readonly old: string;
  readonly each: string;
}

/** A name without a successor: Float's API cannot do it. */
export interface Gone {
  readonly old: string;
  readonly why: string;
  /** The most similar tool. */
  readonly instead?: string;
}

/** An old name and its successor or the reason why it has none. */
export type OldName = Renamed | Bulk | Gone;

/** Names that are unchanged. */
export function unchanged(...names: readonly string[]): Renamed[] {
  return names.map((name) => ({ old: name, tool: name }));
}

/** A name with a successor. */
export function renamed(old: string, tool: string, more: Omit<Renamed, 'old' | 'tool'> = {}): Renamed {
  return { old, tool, ...more };
}

/** A name without a successor. */
export function removed(old: string, why: string, instead?: string): Gone {
  return { old, why, ...(instead === undefined ? {} : { instead }) };
}
