/** Another tool does it, perhaps under the same name. */
export interface Renamed {
  readonly old: string;
  readonly tool: string;
  /** Arguments that the old name stands for; they cannot be given. */
  readonly preset?: Readonly<Record<string, unknown>>;
  /** Arguments that the tool can do without, and the old name cannot. */
  readonly needs?: readonly string[];
  /** What is not as it was. */
  readonly note?: string;
}

/** Another tool does it once; the old one took a list. */
export interface Bulk {
  readonly old: string;
  readonly each: string;
}

/** Float cannot do it, whatever the old server said. */
export interface Gone {
  readonly old: string;
  readonly why: string;
  /** What comes nearest. */
  readonly instead?: string;
}

export type OldName = Renamed | Bulk | Gone;

export function same(...names: readonly string[]): Renamed[] {
  return names.map((name) => ({ old: name, tool: name }));
}

export function one(old: string, tool: string, more: Omit<Renamed, 'old' | 'tool'> = {}): Renamed {
  return { old, tool, ...more };
}

export function gone(old: string, why: string, instead?: string): Gone {
  return { old, why, ...(instead === undefined ? {} : { instead }) };
}
