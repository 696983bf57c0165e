import { createHash } from 'node:crypto';
import type { Database, DatabaseOptions, RootDatabase } from 'lmdb';
import type { Format } from '../format.js';
import type { SessionRecord, TaskRecord } from '../store.js';

/*
 * The layout of the file. Each table is an LMDB database; keys use its ordered encoding, in which numbers sort by value and
 * texts by code unit. Table names, and names of stored members, are part of the format; `tablesOf` maps the former to the
 * names in the code.
 *
 * NAME is `nameOf` of an id, holder or URI: the text itself where it is short and plain, else its digest.
 * SEQ is a sequence number: it counts up over the whole file (`Totals.turn`), is never reused, and so gives the order of
 * use, of opening and of marking.
 *
 *     about       'schema' → number; 'totals' → Totals; 'probe' → blanks, written to see whether there is space
 *     sessions    NAME → SessionRecord
 *     lives       NAME → Lifetime: the members that change with each request
 *     idle        SEQ → NAME: sessions that are not held, by last use; those never used come first
 *     idleOfOwner [NAME of holder, SEQ] → NAME: the same, by holder
 *     owners      NAME → [sessions, tasks]: the counts of a holder
 *     largest     [sessions, NAME of holder] → '': holders by number of sessions
 *     due         [kind, time, key] → '': when to check a record for expiry. Never later than the expiry, often earlier: the
 *                 entry of a prolonged lifetime moves when it is checked, not before
 *     shelves     NAME of session → StreamTotals: the sums over its streams
 *     shelvesOf   [NAME of holder, NAME of session] → '': the sessions whose streams count against a holder
 *     shares      NAME of holder → bytes of those streams
 *     streams     [NAME of session, NAME of stream] → Head
 *     numbers     SEQ → [NAME of session, NAME of stream]: the stream that was opened with this number
 *     events      [SEQ of stream, position] → text after one character: 'a' for a response, 'x' for the short form of a
 *                 dropped response, 'n' for a notification
 *     instead     [SEQ of stream, position] → the short form of that response
 *     fronts      [class, SEQ of stream] → '': streams by the class of their first event, an index of `EVICTION_ORDER`
 *     debts       SEQ of stream → { index of a pending response: its error response }
 *     wishes      [NAME of session, NAME of URI] → [URI, SEQ of the mark or 0, cost]: subscriptions
 *     wishBytes   NAME of session → total cost of its subscriptions
 *     marks       [NAME of session, SEQ] → NAME of URI
 *     subscribers [NAME of URI, NAME of session] → id of the session
 *     tasks       NAME → TaskRecord
 *     claims      NAME → expiry
 *     leases      NAME of node → expiry
 *     versions    NAME → number
 *     values      NAME → text
 *     journal     number → Change: notifications for other processes, kept for some seconds
 */

/** The format of the file. A release that does not read the `schema` it finds refuses the file. */
export const LMDB_FORMAT: Format = { writes: 1, reads: [1, 1] };

/** Sums over the file and its counters. One record, because every change of the file changes most of them. */
export interface Totals {
  /** The last sequence number. */
  turn: number;
  sessions: number;
  tasks: number;
  /** Bytes of all streams. */
  bytes: number;
  /** The number of the newest change. */
  journal: number;
  /** The number of the oldest change that is kept. */
  journalFrom: number;
  /** Total length of the kept messages; absent in a file that was last written by a version that did not count them. */
  journalLength?: number;
}

/** When a session expires, and its place in the order of use. */
export interface Lifetime {
  /** The sequence number of the last use. */
  readonly turn: number;
  readonly expiresAt: number;
  readonly heldUntil: number;
  /** The time of its entry in `due`. */
  readonly dueAt: number;
  /** It has an entry in `idle`. */
  readonly idle: boolean;
  /** NAME of the quota holder; empty where there is none. */
  readonly owner: string;
}

/** The sums over the streams of a session. */
export interface StreamTotals {
  bytes: number;
  events: number;
  streams: number;
  /** When the newest stream was opened. */
  openedAt: number;
  readonly dueAt: number;
  /** NAME of the quota holder. */
  holder?: string;
}

/** A stream, without its events. */
export interface Head {
  /** The sequence number of its opening. */
  readonly number: number;
  /** The position of the last event. */
  last: number;
  /** The position of the last delivered event. */
  delivered: number;
  /** The position of the last dropped event: events after it, up to `last`, are held. */
  dropped: number;
  /** Bytes of the held events. */
  bytes: number;
  /** The class of the first held event, as in `fronts`; -1 when there is none. */
  front: number;
  /** When it is forgotten; absent until it has ended. */
  forgetAt?: number;
  /** It was opened with pending responses. */
  readonly debt?: true;
  /** The node that runs the pending responses, while any is pending. */
  owedBy?: string;
  /** The trace context of the requests that it answers, if they were traced. */
  readonly trace?: string;
  /** The process with an attached reader. */
  reader?: string;
}

/** The NAMEs that identify a stream. */
export type StreamName = readonly [session: string, stream: string];

/** The notifications of one commit. */
export interface Change {
  /** The process that committed it. */
  readonly from: string;
  readonly at: number;
  /** Streams that changed. */
  readonly woken: readonly StreamName[];
  /** Messages of the bus. */
  readonly said: readonly (readonly [topic: string, message: string])[];
}

/**
 * An encoder of our own: the native part of `lmdb` is shared by the process, and its JSON would be that of the module
 * instance that was loaded first.
 */
const JSON_TABLE: DatabaseOptions & { encoder: unknown } = {
  encoder: {
    encode: (value: unknown) => Buffer.from(JSON.stringify(value)),
    decode: (bytes: Buffer) => JSON.parse(bytes.toString()),
  },
};

/** The tables of an open file. */
export type Tables = ReturnType<typeof tablesOf>;

/** The largest number of tables, which LMDB needs to know in advance. */
export const MAX_TABLES = 32;

/** Opens the tables, and creates those that are missing. */
export function tablesOf(root: RootDatabase) {
  const json = <V, K extends string | number | (string | number)[]>(name: string): Database<V, K> =>
    root.openDB<V, K>(name, JSON_TABLE);
  const text = <K extends string | number | (string | number)[]>(name: string): Database<string, K> =>
    root.openDB<string, K>(name, { encoding: 'string' });
  return {
    about: json<unknown, string>('about'),
    sessions: json<SessionRecord, string>('sessions'),
    lifetimes: json<Lifetime, string>('lives'),
    idle: text<number>('idle'),
    idleByHolder: text<[string, number]>('idleOfOwner'),
    holderCounts: json<readonly [sessions: number, tasks: number], string>('owners'),
    largestHolders: text<[number, string]>('largest'),
    expiries: text<(string | number)[]>('due'),
    streamTotals: json<StreamTotals, string>('shelves'),
    sessionsByHolder: text<[string, string]>('shelvesOf'),
    holderBytes: json<number, string>('shares'),
    streams: json<Head, [string, string]>('streams'),
    streamNames: json<StreamName, number>('numbers'),
    events: text<[number, number]>('events'),
    shortForms: text<[number, number]>('instead'),
    firstEvents: text<[number, number]>('fronts'),
    pendingResponses: json<Readonly<Record<string, string>>, number>('debts'),
    subscriptions: json<readonly [uri: string, mark: number, cost?: number], [string, string]>('wishes'),
    subscriptionBytes: json<number, string>('wishBytes'),
    marks: text<[string, number]>('marks'),
    subscribers: text<[string, string]>('subscribers'),
    tasks: json<TaskRecord, string>('tasks'),
    claims: json<number, string>('claims'),
    leases: json<number, string>('leases'),
    versions: json<number, string>('versions'),
    values: text<string>('values'),
    changes: json<Change, number>('journal'),
  };
}

const PLAIN = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * The form of a text within keys. Ids are plain as a rule; holders and URIs may have any length and any characters,
 * which keys may not.
 */
export function nameOf(text: string): string {
  return PLAIN.test(text) ? text : `#${createHash('sha256').update(text).digest('base64url')}`;
}

/** Sorts after every number in a key. */
export const LAST = Number.MAX_VALUE;
/** Sorts after every NAME. */
export const LAST_NAME = '~';
