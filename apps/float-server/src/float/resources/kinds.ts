/**
 * The words in which a Float resource is described. A row of the table is data: the client, the tools, the sandbox's
 * SQL tables, its validation and its routes are all derived from these marks, so a field's name is written once.
 */

export type ResourceKey =
  | 'accounts'
  | 'allocations'
  | 'clients'
  | 'currencies'
  | 'departments'
  | 'holidays'
  | 'logged-time'
  | 'milestones'
  | 'people'
  | 'phases'
  | 'project-expenses'
  | 'project-stages'
  | 'project-tasks'
  | 'project-templates'
  | 'projects'
  | 'public-holidays'
  | 'rate-cards'
  | 'roles'
  | 'statuses'
  | 'timeoff-types'
  | 'timeoffs';

export type Operation = 'list' | 'get' | 'create' | 'update' | 'delete';

/** "Std" in Float's inventory: every verb exists. */
export const ALL_OPERATIONS = ['list', 'get', 'create', 'update', 'delete'] as const;
export const READ_OPERATIONS = ['list', 'get'] as const;

/** What each type of field looks like in JSON. */
export interface FieldValues {
  integer: number;
  number: number;
  /** Float's booleans are the integers 1 and 0. */
  flag: 0 | 1;
  string: string;
  /** YYYY-MM-DD */
  date: string;
  /** YYYY-MM-DD HH:mm:ss, without a zone */
  datetime: string;
  /** HH:MM, 24 hours, in the team's zone */
  time: string;
  /** A string in answers ("120.00"); a number is accepted on write. */
  money: string;
  /** 24 hexadecimal digits: only logged time has such ids. */
  'hex-id': string;
  integers: readonly number[];
  numbers: readonly number[];
  strings: readonly string[];
  dates: readonly string[];
  object: Readonly<Record<string, unknown>>;
  objects: readonly Readonly<Record<string, unknown>>[];
}
export type FieldType = keyof FieldValues;

export interface Field {
  readonly type: FieldType;
  /** Short meaning, shown to models and on the reference page. */
  readonly about: string;
  readonly id?: true;
  /** Required on create (and never empty on update). */
  readonly required?: true;
  /** Required, but the empty string will do. */
  readonly mayBeEmpty?: true;
  /** Ignored without an error when a caller sends it. */
  readonly readOnly?: true;
  /** Accepted, never answered. */
  readonly writeOnly?: true;
  /** Answered only when named in `expand=`. */
  readonly expand?: true;
  /** The type a caller writes, where it is not the type that is answered. */
  readonly writeAs?: FieldType;
  /** A filter of the list: `true` when it has the field's name, else the filter's own name. */
  readonly filter?: true | string;
  readonly sortable?: true;
  /** The value Float stores when a create leaves the field out. */
  readonly default?: number | string | readonly never[];
  readonly maxLength?: number;
  /** Exact number of elements of an array. */
  readonly length?: number;
  readonly min?: number;
  readonly max?: number;
  /** Enumeration: code and meaning. */
  readonly values?: Readonly<Record<number, string>>;
  readonly ref?: ResourceKey;
  /** 0 means "none" for this reference (phases). */
  readonly zeroIsNone?: true;
  /** The record goes when the referred record goes. Without it the reference is cleared. */
  readonly cascade?: true;
  /** The part this date plays when the record is placed in time. */
  readonly span?: 'on' | 'start' | 'end' | 'until';
  /** Fields of the nested object or of each element. */
  readonly shape?: Readonly<Record<string, Field>>;
}

/** A filter that is no field of the record itself. */
export interface Filter {
  readonly type: FieldType;
  readonly about: string;
  readonly ref?: ResourceKey;
}

/** Where one resource leaves the common protocol. */
export interface Quirks {
  /** Create answers 200 with an array instead of 201 with the object. */
  readonly createsArray?: true;
  /** Create and update answer `{"<wrapper>": [...]}`. */
  readonly wrapper?: string;
  /** An empty list is 204 without a body. */
  readonly emptyListIs204?: true;
  /** Team setting without which every verb answers a JSON 403. */
  readonly feature?: string;
}

export type Support = 'modified_since' | 'fields' | 'sort';

/** A POST beside the five verbs. It answers a record of its resource. */
export interface Action {
  readonly path: `/${string}`;
  readonly about: string;
  readonly fields: Readonly<Record<string, Field>>;
}

/** Whatever can be read as a list: resources, and reports, which are no records. */
export interface Readable {
  readonly path: `/${string}`;
  readonly singular: string;
  readonly about: string;
  readonly fields: Readonly<Record<string, Field>>;
  readonly filters?: Readonly<Record<string, Filter>>;
  /** The list takes `start_date` and `end_date`, which Float wants together. */
  readonly range?: true;
  readonly supports?: readonly Support[];
  readonly quirks?: Quirks;
  /**
   * Float publishes only that it exists: the fields, and which of the verbs there are, are taken from what the rest of
   * the API is like. A name that is not in the row may still be right.
   */
  readonly guessed?: true;
}

export interface Resource extends Readable {
  readonly key: ResourceKey;
  /** The fields that together tell two records of a list apart. @default the id field alone */
  readonly identity?: readonly string[];
  /** Other names under which answers have been seen to carry the id. */
  readonly idAlso?: readonly string[];
  /** Float keeps a log of deleted records of it. */
  readonly deletedLog?: true;
  readonly operations: readonly Operation[];
  readonly actions?: Readonly<Record<string, Action>>;
}
