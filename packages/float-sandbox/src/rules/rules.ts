import type { ResourceKey } from 'float-api';
import type { FieldProblem } from '../api-error.js';
import type { Clause, RecordId, Row, SqlValue } from '../store/store.js';
import type { World } from '../world.js';

/** A write in progress. */
export interface Draft {
  /** Validated values of the body. */
  readonly values: Row;
  /** The stored record, for an update. */
  readonly before?: Row;
}

/** Query parameters by name. */
export type RequestQuery = Readonly<Record<string, string>>;

/** Creates a record by the same rules as a request. Passed to actions as an argument, which avoids an import cycle. */
export type CreateRecord = (key: ResourceKey, body: Row) => Row;

/** The rule of an action. */
export interface ActionRule {
  /** Responds with 201 and `Location`, like a create. */
  readonly creates?: true;
  run(world: World, body: Row, create: CreateRecord): Row;
}

/** Behaviour of a resource beyond its table row. Every part is optional. */
export interface Rules {
  /** Converts alternative spellings that Float accepts. */
  normalise?(body: Row): Row;
  /** Adds derived values. May create records that the body names, such as a role or a project task. */
  complete?(world: World, draft: Draft): Row;
  /** Validates across fields or records. `row` is the record as it would be stored. */
  check?(world: World, row: Row, draft: Draft): FieldProblem[];
  afterSave?(world: World, row: Row, before: Row | undefined): void;
  /** Reasons that prevent a deletion. */
  checkDelete?(world: World, row: Row): FieldProblem[];
  /** Runs before the cascade, while all related records still exist. */
  beforeDelete?(world: World, row: Row): void;
  /** Finds a record whose id in responses differs from the stored one. */
  locate?(world: World, id: RecordId): Row | undefined;
  /** Adds values computed for each response. */
  present?(world: World, row: Row): Row;
  /** Values by name of `expand=`, computed only if requested. */
  expand?: Readonly<Record<string, (world: World, row: Row, query: RequestQuery) => unknown>>;
  /** Filters over more than one column. */
  filters?: Readonly<Record<string, (value: string, world: World) => Clause>>;
  /** Implementations of actions on a validated body. Each returns the record it created or changed. */
  actions?: Readonly<Record<string, ActionRule>>;
  /** Condition for records that requests can see. @default all */
  readonly visible?: Clause;
  /** Conditions that apply to a list unless its query overrides them. */
  scope?(world: World, query: RequestQuery): Clause[];
}

/** A stored id; undefined for null, 0 and other values. */
export function idAt(row: Row, name: string): number | undefined {
  const value = row[name];
  return typeof value === 'number' && value !== 0 ? value : undefined;
}

/** The value a record will have: that of the body, otherwise the stored one. */
export function effective({ values, before }: Draft, name: string): unknown {
  return name in values ? values[name] : before?.[name];
}

/** A value for SQL; null unless it is a number or a text. */
export function sqlOf(value: unknown): SqlValue {
  return typeof value === 'number' || typeof value === 'string' ? value : null;
}

/** The id of a stored record. @throws TypeError if it has none */
export function recordIdOf(value: unknown): RecordId {
  if (typeof value === 'number' || typeof value === 'string') return value;
  throw new TypeError('a stored record has no id');
}
