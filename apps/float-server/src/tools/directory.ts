import type { CallOptions, FloatClient } from '../float/client.js';
import { type IdOf, idField, type ResourceKey, resourceOf } from '../float/resources.js';
import { named } from '../foreign-text.js';
import { type Entry, pick, pickWhole } from './names.js';
import { ToolProblem } from './problem.js';
import { personOfCaller } from './self.js';

/** Who and what has a name, and which field holds it. A name in a phase or project task is unique in its project only. */
const LABELS = {
  people: 'name',
  projects: 'name',
  clients: 'name',
  departments: 'name',
  roles: 'name',
  accounts: 'name',
  phases: 'name',
  'project-tasks': 'task_name',
  'timeoff-types': 'timeoff_type_name',
} as const satisfies Partial<Record<ResourceKey, string>>;

export type NamedKey = keyof typeof LABELS;

/** The tables in which "me" means the person who calls. */
const PEOPLE: ReadonlySet<NamedKey> = new Set(['people', 'accounts'] as const);

/** Other texts that mean one record only. */
const ALIASES = ['email', 'project_code', 'people_code'];

/** Float lists these people only when it is asked for them by type. */
export const ROLE_PLACEHOLDERS = { people_type_id: 4 } as const;

export interface ResolveOptions {
  /** Where to look for names that are unique in one project only. */
  readonly projectId?: number | undefined;
}

export interface DirectoryCall extends CallOptions {
  readonly api: FloatClient;
  /** E-mail address or id of the person of Float who calls. */
  readonly caller?: string | undefined;
}

export type RawRecord = Readonly<Record<string, unknown>>;

export function isNamed(key: ResourceKey | undefined): key is NamedKey {
  return key !== undefined && key in LABELS;
}

/** The field with the name of a record, if the resource has one. */
export function labelField(key: ResourceKey): string | undefined {
  return isNamed(key) ? LABELS[key] : undefined;
}

/** The id of a record that is asked for by id, or by name where it has one. @throws ToolProblem when that is not certain */
export async function idOf(key: ResourceKey, asked: unknown, names: Directory): Promise<IdOf<ResourceKey>> {
  const isId = typeof asked === 'number' || (typeof asked === 'string' && /^\d+$/.test(asked.trim()));
  if (!isNamed(key)) return asked as IdOf<ResourceKey>;
  return isId ? Number(asked) : names.resolve(key, String(asked));
}

interface Table {
  readonly entries: readonly Entry[];
  readonly byId: ReadonlyMap<number, Entry>;
}

/** Entries of records that the cache of tables keeps from call to call: their names are folded once. */
const kept = new WeakMap<RawRecord, Entry>();

function entryOf(key: NamedKey, record: RawRecord): Entry {
  const known = kept.get(record);
  if (known !== undefined) return known;
  const entry = {
    id: Number(record[idField(resourceOf(key))]),
    name: String(record[LABELS[key]] ?? ''),
    aliases: ALIASES.flatMap((field) => (typeof record[field] === 'string' ? [record[field]] : [])),
    active: record['active'] !== 0,
    projectId: typeof record['project_id'] === 'number' ? record['project_id'] : undefined,
  };
  kept.set(record, entry);
  return entry;
}

/**
 * The names of the account, for one tool call. A table is read when it is first needed and then kept until the call
 * ends, so that an answer never mixes two states of it.
 */
export class Directory {
  readonly #tables = new Map<NamedKey, Promise<Table>>();

  private constructor(
    private readonly call: DirectoryCall,
    private readonly pick: typeof pickWhole,
  ) {}

  /** For questions: the beginning of a name, or words of it, are enough where they mean one record only. */
  static forReading(call: DirectoryCall): Directory {
    return new Directory(call, pick);
  }

  /** For changes: an id or a whole name. A record that was guessed would be changed for good. */
  static forWriting(call: DirectoryCall): Directory {
    return new Directory(call, pickWhole);
  }

  /** The id of the record that is meant. @throws ToolProblem that lists the candidates when that is not certain. */
  async resolve(key: NamedKey, asked: string | number, { projectId }: ResolveOptions = {}): Promise<number> {
    const { entries } = await this.#table(key);
    const near = projectId === undefined ? entries : entries.filter((entry) => entry.projectId === projectId);
    const caller = PEOPLE.has(key) ? personOfCaller(near, asked, this.call.caller) : undefined;
    return (caller ?? this.pick(near, asked, resourceOf(key).singular)).id;
  }

  async resolveAll(key: NamedKey, asked: readonly (string | number)[]): Promise<number[]> {
    return [...new Set(await Promise.all(asked.map((one) => this.resolve(key, one))))];
  }

  /** @throws ToolProblem for a record that is archived: what is planned for it would be on no schedule */
  async assertActive(key: NamedKey, id: number): Promise<void> {
    const entry = (await this.#table(key)).byId.get(id);
    if (entry === undefined || entry.active) return;
    const message = `${named(entry.name)} is archived: activate the ${resourceOf(key).singular} first (active: true).`;
    throw new ToolProblem('conflicting-arguments', message);
  }

  /** The name, or `undefined` for an id that nothing has. */
  async nameOf(key: NamedKey, id: number): Promise<string | undefined> {
    return (await this.#table(key)).byId.get(id)?.name;
  }

  #table(key: NamedKey): Promise<Table> {
    const known = this.#tables.get(key);
    if (known !== undefined) return known;
    const reading = this.#read(key);
    this.#tables.set(key, reading);
    return reading;
  }

  async #read(key: NamedKey): Promise<Table> {
    const entries = (await this.#records(key)).map((record) => entryOf(key, record));
    // The first of two with one id, as in a search from the front.
    return { entries, byId: new Map(entries.toReversed().map((entry) => [entry.id, entry])) };
  }

  async #records(key: NamedKey): Promise<readonly RawRecord[]> {
    const records: readonly RawRecord[] = await this.call.api.listAll(key, {}, this.call);
    if (key !== 'people') return records;
    return [...records, ...(await this.call.api.listAll(key, ROLE_PLACEHOLDERS, this.call))];
  }
}
