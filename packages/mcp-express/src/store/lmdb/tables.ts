import { createHash } from 'node:crypto';
import type { Database, DatabaseOptions, RootDatabase } from 'lmdb';
import type { Format } from '../format.js';
import type { SessionRecord, TaskRecord } from '../store.js';

/*
 * What is in the file. A table is a database of LMDB; keys are in its ordered encoding, so that numbers and texts sort as
 * one expects. NAME is `nameOf` of an id, owner or URI: the text itself where it is short and plain, else its digest.
 * TURN counts up over the whole file and is never reused: it is the order of use, of opening, of marking.
 *
 *     about       'schema' → number; 'totals' → Totals; 'probe' → blanks, written to see whether there is room
 *     sessions    NAME → SessionRecord
 *     lives       NAME → Life: how long, and when it was used last; what changes with each request
 *     idle        TURN → NAME: sessions that are not held, by last use; those never used come before
 *     idleOfOwner [NAME of holder, TURN] → NAME: the same, by holder
 *     owners      NAME → [sessions, tasks]: how many a holder has
 *     largest     [sessions, NAME of holder] → '': who has how many sessions
 *     due         [kind, time, key] → '': what to look at when. Never later than it should be, often earlier: a life that
 *                 is prolonged moves its entry when it is looked at, not before
 *     shelves     NAME of session → Shelf: the sums over its streams
 *     shelvesOf   [NAME of holder, NAME of session] → '': the sessions whose streams are counted for a holder
 *     shares      NAME of holder → bytes of those streams
 *     streams     [NAME of session, NAME of stream] → Head
 *     numbers     TURN → [NAME of session, NAME of stream]: the stream that was opened in that turn
 *     events      [TURN of stream, place] → 'a', 'x' or 'n', for an answer, what stands for an answer that had to go, or a
 *                 notification; and the text
 *     instead     [TURN of stream, place] → what stands for that answer, should it have to go
 *     fronts      [worth, TURN of stream] → '': what the first event of each stream is worth keeping for
 *     debts       TURN of stream → { place in the debt: what stands for the answer }
 *     wishes      [NAME of session, NAME of URI] → [URI, TURN of the mark or 0, cost]
 *     wishBytes   NAME of session → what its subscriptions cost together
 *     marks       [NAME of session, TURN] → NAME of URI
 *     subscribers [NAME of URI, NAME of session] → id of the session
 *     tasks       NAME → TaskRecord
 *     claims      NAME → until when
 *     leases      NAME of node → until when
 *     versions    NAME → number
 *     values      NAME → text
 *     journal     number → Entry: what other processes must hear of, for some seconds
 *
 * A reader of another version of this layout finds another `schema` and stays away.
 */
export const LMDB_FORMAT: Format = { writes: 1, reads: [1, 1] };

/** Sums over the file, and what counts up. One record, because every change of the file changes most of them. */
export interface Totals {
  turn: number;
  sessions: number;
  tasks: number;
  /** Of all streams. */
  bytes: number;
  /** The newest entry of the journal. */
  journal: number;
  /** The oldest one, if there are any. */
  journalFrom: number;
  /** Of the messages in the journal; absent in a file that was not written since they are counted. */
  journalLength?: number;
}

export interface Life {
  /** Of the last use. */
  readonly turn: number;
  readonly expiresAt: number;
  readonly heldUntil: number;
  /** Where it is in `due`. */
  readonly dueAt: number;
  /** It is in `idle`. */
  readonly idle: boolean;
  /** NAME of the holder; empty where it is counted for none. */
  readonly owner: string;
}

export interface Shelf {
  bytes: number;
  events: number;
  streams: number;
  /** When a stream was opened last. */
  openedAt: number;
  readonly dueAt: number;
  /** NAME of whom its streams are counted for. */
  holder?: string;
}

export interface Head {
  /** TURN of opening. */
  readonly number: number;
  last: number;
  delivered: number;
  /** The events that are held are those after this place, up to `last`. */
  dropped: number;
  /** Of its events. */
  bytes: number;
  /** What the first event is worth, as it is in `fronts`; -1 when there is none. */
  front: number;
  /** Once it has ended: when it is forgotten. */
  forgetAt?: number;
  /** It was opened with a debt. */
  readonly debt?: true;
  /** Who owes, while something is owed. */
  owedBy?: string;
  /** The process that watches it. */
  reader?: string;
}

export type StreamName = readonly [session: string, stream: string];

/** What one commit changed that others may wait for. */
export interface Entry {
  /** The process that wrote it. */
  readonly from: string;
  readonly at: number;
  readonly woken: readonly StreamName[];
  readonly said: readonly (readonly [topic: string, message: string])[];
}

/** Our own, because LMDB's native part is one for the process, and its JSON is then that of whoever loaded it first. */
const JSON_TABLE: DatabaseOptions & { encoder: unknown } = {
  encoder: {
    encode: (value: unknown) => Buffer.from(JSON.stringify(value)),
    decode: (bytes: Buffer) => JSON.parse(bytes.toString()),
  },
};

export type Tables = ReturnType<typeof tablesOf>;

/** How many there are at most: LMDB wants to know before. */
export const MAX_TABLES = 32;

export function tablesOf(root: RootDatabase) {
  const json = <V, K extends string | number | (string | number)[]>(name: string): Database<V, K> =>
    root.openDB<V, K>(name, JSON_TABLE);
  const text = <K extends string | number | (string | number)[]>(name: string): Database<string, K> =>
    root.openDB<string, K>(name, { encoding: 'string' });
  return {
    about: json<unknown, string>('about'),
    sessions: json<SessionRecord, string>('sessions'),
    lives: json<Life, string>('lives'),
    idle: text<number>('idle'),
    idleOfOwner: text<[string, number]>('idleOfOwner'),
    owners: json<readonly [sessions: number, tasks: number], string>('owners'),
    largest: text<[number, string]>('largest'),
    due: text<(string | number)[]>('due'),
    shelves: json<Shelf, string>('shelves'),
    shelvesOf: text<[string, string]>('shelvesOf'),
    shares: json<number, string>('shares'),
    streams: json<Head, [string, string]>('streams'),
    numbers: json<StreamName, number>('numbers'),
    events: text<[number, number]>('events'),
    instead: text<[number, number]>('instead'),
    fronts: text<[number, number]>('fronts'),
    debts: json<Readonly<Record<string, string>>, number>('debts'),
    wishes: json<readonly [uri: string, mark: number, cost?: number], [string, string]>('wishes'),
    wishBytes: json<number, string>('wishBytes'),
    marks: text<[string, number]>('marks'),
    subscribers: text<[string, string]>('subscribers'),
    tasks: json<TaskRecord, string>('tasks'),
    claims: json<number, string>('claims'),
    leases: json<number, string>('leases'),
    versions: json<number, string>('versions'),
    values: text<string>('values'),
    journal: json<Entry, number>('journal'),
  };
}

const PLAIN = /^[A-Za-z0-9_-]{1,64}$/;

/** Ids are plain as a rule. Owners and URIs are of any length and may hold anything, which a key may not. */
export function nameOf(text: string): string {
  return PLAIN.test(text) ? text : `#${createHash('sha256').update(text).digest('base64url')}`;
}

/** Sorts after every key that begins like it. */
export const LAST = Number.MAX_VALUE;
/** Sorts after every NAME. */
export const LAST_NAME = '~';
