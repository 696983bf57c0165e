import { type CallOptions, type FloatClient, type IdOf, idField, type ResourceKey, resourceOf } from 'float-api';
import { named } from '../untrusted-text.js';
import { entryOfCaller } from './caller.js';
import { type Entry, matchName, matchWholeName } from './names.js';
import { ToolProblem } from './problem.js';

/**
 * Resources whose records have a name, and the field that holds it. Names of phases and tasks are unique per project.
 */
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

/** A resource whose records have a name. */
export type NamedKey = keyof typeof LABELS;

/** The resources in which "me" means the caller. */
const PEOPLE: ReadonlySet<NamedKey> = new Set(['people', 'accounts'] as const);

/** Fields other than the name that identify one record. */
const ALIASES = ['email', 'project_code', 'people_code'];

/** Query for role placeholders, which Float lists only when asked for by type. */
export const ROLE_PLACEHOLDERS = { people_type_id: 4 } as const;

/** Narrows a name look-up. */
export interface ResolveOptions {
  /** Project to search, for names that are unique in one project only. */
  readonly projectId?: number | undefined;
}

/** The part of a tool call that name look-ups need. */
export interface DirectoryCall extends CallOptions {
  readonly api: FloatClient;
  /** E-mail address or Float id of the caller; unset if unknown. */
  readonly caller?: string | undefined;
}

/** A record as Float returns it, by Float's field names. */
export type RawRecord = Readonly<Record<string, unknown>>;

/** Whether the records of a resource have a name. */
export function isNamed(key: ResourceKey | undefined): key is NamedKey {
  return key !== undefined && key in LABELS;
}

/** The field with the name of a record, if the resource has one. */
export function labelField(key: ResourceKey): string | undefined {
  return isNamed(key) ? LABELS[key] : undefined;
}

/**
 * The id of the record an argument refers to, by id or by name.
 *
 * @throws ToolProblem if no record, or more than one, matches
 */
export async function idOf(key: ResourceKey, asked: unknown, names: Directory): Promise<IdOf<ResourceKey>> {
  const isId = typeof asked === 'number' || (typeof asked === 'string' && /^\d+$/.test(asked.trim()));
  if (!isNamed(key)) return asked as IdOf<ResourceKey>;
  return isId ? Number(asked) : names.resolve(key, String(asked));
}

interface Table {
  readonly entries: readonly Entry[];
  readonly byId: ReadonlyMap<number, Entry>;
}

/** Look-up entries by record. The table cache keeps records from call to call, so their names are folded once. */
const entryCache = new WeakMap<RawRecord, Entry>();

function entryOf(key: NamedKey, record: RawRecord): Entry {
  const known = entryCache.get(record);
  if (known !== undefined) return known;
  const entry = {
    id: Number(record[idField(resourceOf(key))]),
    name: String(record[LABELS[key]] ?? ''),
    aliases: ALIASES.flatMap((field) => (typeof record[field] === 'string' ? [record[field]] : [])),
    active: record['active'] !== 0,
    projectId: typeof record['project_id'] === 'number' ? record['project_id'] : undefined,
  };
  entryCache.set(record, entry);
  return entry;
}

/**
 * Looks up the names of the account for one tool call. Each table is read when first needed and kept until the call
 * ends, so an answer never mixes two states of it.
 */
export class Directory {
  readonly #tables = new Map<NamedKey, Promise<Table>>();

  private constructor(
    private readonly call: DirectoryCall,
    private readonly pick: typeof matchWholeName,
  ) {}

  /** For reading tools: part of a name is enough if it matches one record only. */
  static forReading(call: DirectoryCall): Directory {
    return new Directory(call, matchName);
  }

  /** For writing tools: needs an id or a whole name, because a wrong guess would change the wrong record. */
  static forWriting(call: DirectoryCall): Directory {
    return new Directory(call, matchWholeName);
  }

  /**
   * The id of the matching record.
   *
   * @throws ToolProblem with the candidates if none or several match
   */
  async resolve(key: NamedKey, asked: string | number, { projectId }: ResolveOptions = {}): Promise<number> {
    const { entries } = await this.#table(key);
    const near = projectId === undefined ? entries : entries.filter((entry) => entry.projectId === projectId);
    const caller = PEOPLE.has(key) ? entryOfCaller(near, asked, this.call.caller) : undefined;
    return (caller ?? this.pick(near, asked, resourceOf(key).singular)).id;
  }

  async resolveAll(key: NamedKey, asked: readonly (string | number)[]): Promise<number[]> {
    return [...new Set(await Promise.all(asked.map((one) => this.resolve(key, one))))];
  }

  /** @throws ToolProblem if the record is archived: Float would not show work planned for it */
  async assertActive(key: NamedKey, id: number): Promise<void> {
    const entry = (await this.#table(key)).byId.get(id);
    if (entry === undefined || entry.active) return;
    const message = `${named(entry.name)} is archived: activate the ${resourceOf(key).singular} first (active: true).`;
    throw new ToolProblem('conflicting-arguments', message);
  }

  /** The name of a record; undefined for an unknown id. */
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
    // With duplicate ids the first record wins, as in a search from the front.
    return { entries, byId: new Map(entries.toReversed().map((entry) => [entry.id, entry])) };
  }

  async #records(key: NamedKey): Promise<readonly RawRecord[]> {
    const records: readonly RawRecord[] = await this.call.api.listAll(key, {}, this.call);
    if (key !== 'people') return records;
    return [...records, ...(await this.call.api.listAll(key, ROLE_PLACEHOLDERS, this.call))];
  }
}
