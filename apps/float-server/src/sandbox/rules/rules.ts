import type { ResourceKey } from '../../float/resources.js';
import type { FieldProblem } from '../refusal.js';
import type { Clause, RecordId, Row, SqlValue } from '../store/store.js';
import type { World } from '../world.js';

export interface Draft {
  /** What the body said, checked field by field. */
  readonly values: Row;
  /** The stored record, when this is an update. */
  readonly before?: Row;
}

/** The query of the request, by name. */
export type AskedQuery = Readonly<Record<string, string>>;

/** Through the same rules as a request. Given to the action, which would else import what imports it. */
export type CreateRecord = (key: ResourceKey, body: Row) => Row;

export interface ActionRule {
  /** Answered with 201 and `Location`, like a create. */
  readonly creates?: true;
  run(world: World, body: Row, create: CreateRecord): Row;
}

/** What one resource does beyond what its row in the table says. Every part is optional. */
export interface Rules {
  /** Other spellings Float accepts, brought into the table's. */
  normalise?(body: Row): Row;
  /** Values that follow from others. May create what the body only named (a role, a project task). */
  complete?(world: World, draft: Draft): Row;
  /** Rules over several fields or records. `row` is the record as it would be stored. */
  check?(world: World, row: Row, draft: Draft): FieldProblem[];
  afterSave?(world: World, row: Row, before: Row | undefined): void;
  /** Reasons why the record cannot go. */
  checkDelete?(world: World, row: Row): FieldProblem[];
  /** Runs before the cascade, while everything is still there. */
  beforeDelete?(world: World, row: Row): void;
  /** The record of an id that is answered, where that is not the one it is stored under. */
  locate?(world: World, id: RecordId): Row | undefined;
  /** Values worked out at each answer. */
  present?(world: World, row: Row): Row;
  /** Values of `expand=` names; each is asked only for the names the caller gave. */
  expand?: Readonly<Record<string, (world: World, row: Row, query: AskedQuery) => unknown>>;
  /** Filters that compare with more than one column. */
  filters?: Readonly<Record<string, (value: string, world: World) => Clause>>;
  /** What the row's actions do with a checked body; each answers the record it made or changed. */
  actions?: Readonly<Record<string, ActionRule>>;
  /** Without it a record is stored, but no request sees it. */
  readonly visible?: Clause;
  /** What a list leaves out unless it is asked for. */
  scope?(world: World, query: AskedQuery): Clause[];
}

/** A stored id, or undefined for null, 0 and anything else. */
export function idAt(row: Row, name: string): number | undefined {
  const value = row[name];
  return typeof value === 'number' && value !== 0 ? value : undefined;
}

/** The value the record will have: the body's, else the stored one. */
export function effective({ values, before }: Draft, name: string): unknown {
  return name in values ? values[name] : before?.[name];
}

export function sqlOf(value: unknown): SqlValue {
  return typeof value === 'number' || typeof value === 'string' ? value : null;
}

export function recordIdOf(value: unknown): RecordId {
  if (typeof value === 'number' || typeof value === 'string') return value;
  throw new TypeError('a stored record has no id');
}
