/**
 * The vocabulary of the resource table. A row is data: the client, the tools and the sandbox's SQL tables, validation and
 * routes are derived from it, so that each field is declared once.
 */

/** The key of a resource. */
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

/** An operation of Float's API. */
export type Operation = 'list' | 'get' | 'create' | 'update' | 'delete';

/** All operations ("Std" in Float's documentation). */
export const ALL_OPERATIONS = ['list', 'get', 'create', 'update', 'delete'] as const;
/** The operations of a read-only resource. */
export const READ_OPERATIONS = ['list', 'get'] as const;

/** The JSON type of each field type. */
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
  /** A string in responses ("120.00"); requests may also send a number. */
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
/** The type of a field. */
export type FieldType = keyof FieldValues;

/** A field of a resource. */
export interface Field {
  readonly type: FieldType;
  /** Short meaning, shown to models and on the reference page. */
  readonly about: string;
  readonly id?: true;
  /** Required on create, and never empty on update. */
  readonly required?: true;
  /** Required, but may be the empty string. */
  readonly mayBeEmpty?: true;
  /** Ignored in requests without an error. */
  readonly readOnly?: true;
  /** Accepted in requests, never returned. */
  readonly writeOnly?: true;
  /** Returned only if named in `expand=`. */
  readonly expand?: true;
  /** The type in requests, if it differs from that in responses. */
  readonly writeAs?: FieldType;
  /** A filter of the list: `true` if it has the field's name, otherwise its own name. */
  readonly filter?: true | string;
  readonly sortable?: true;
  /** The value Float stores if a create omits the field. */
  readonly default?: number | string | readonly never[];
  readonly maxLength?: number;
  /** Exact number of elements of an array. */
  readonly length?: number;
  readonly min?: number;
  readonly max?: number;
  /** Enumeration: meanings by code. */
  readonly values?: Readonly<Record<number, string>>;
  readonly ref?: ResourceKey;
  /** 0 means "none" for this reference (phases). */
  readonly zeroIsNone?: true;
  /** The record is deleted with the referenced one. Without it the reference is cleared. */
  readonly cascade?: true;
  /** The role of this date in placing the record in time. */
  readonly span?: 'on' | 'start' | 'end' | 'until';
  /** Fields of the nested object or of each element. */
  readonly shape?: Readonly<Record<string, Field>>;
}

/** A filter without a field in the record. */
export interface Filter {
  readonly type: FieldType;
  readonly about: string;
  readonly ref?: ResourceKey;
}

/** Deviations of a resource from the common protocol. */
export interface Quirks {
  /** Create returns 200 with an array instead of 201 with the object. */
  readonly createsArray?: true;
  /** Create and update return `{"<wrapper>": [...]}`. */
  readonly wrapper?: string;
  /** An empty list is 204 without a body. */
  readonly emptyListIs204?: true;
  /** Team setting without which every operation returns a JSON 403. */
  readonly feature?: string;
}

/** A query parameter that only some lists support. */
export type Support = 'modified_since' | 'fields' | 'sort';

/** A POST beside the five operations. It returns a record of its resource. */
export interface Action {
  readonly path: `/${string}`;
  readonly about: string;
  readonly fields: Readonly<Record<string, Field>>;
}

/** Anything that can be listed: resources, and reports, which have no records. */
export interface Readable {
  readonly path: `/${string}`;
  readonly singular: string;
  readonly about: string;
  readonly fields: Readonly<Record<string, Field>>;
  readonly filters?: Readonly<Record<string, Filter>>;
  /** The list takes `start_date` and `end_date`, always together. */
  readonly range?: true;
  readonly supports?: readonly Support[];
  readonly quirks?: Quirks;
  /**
   * Float documents only the existence of this resource. Fields and operations are inferred from the rest of the API, so a
   * name that is missing from the row may still be valid.
   */
  readonly guessed?: true;
}

/** A resource of Float's API. */
export interface Resource extends Readable {
  readonly key: ResourceKey;
  /** The fields that identify a record within a list. @default the id field alone */
  readonly identity?: readonly string[];
  /** Other names under which responses have been observed to carry the id. */
  readonly idAlso?: readonly string[];
  /** Float keeps a log of its deleted records. */
  readonly deletedLog?: true;
  readonly operations: readonly Operation[];
  readonly actions?: Readonly<Record<string, Action>>;
}
