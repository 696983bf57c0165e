import { randomBytes } from 'node:crypto';
import type { Position, StreamId, StreamKey } from './store.js';

/**
 * An event id consists of the stream's id and a position in the stream, so that `Last-Event-ID` alone identifies the
 * stream (MCP 2025-11-25, transports, "Resumability and Redelivery"). Each store defines its positions, but uses these
 * characters only, and position `0` precedes the first event of every stream.
 */
const EVENT_ID = /^([A-Za-z0-9_-]{1,64})\.([A-Za-z0-9-]{1,40})$/;
const ORIGIN = '0';

/** The parts of an event id. */
export interface EventPlace {
  readonly stream: StreamId;
  readonly place: string;
}

/** Builds an event id from a stream id and a position. */
export function formatEventId(stream: StreamId, place: string | number): string {
  return `${stream}.${place}`;
}

/** The id that precedes every event of a stream: resuming after it reads the whole stream. */
export function originOf(stream: StreamId): string {
  return formatEventId(stream, ORIGIN);
}

/**
 * Splits an event id.
 *
 * @returns `undefined` for anything that is not an event id. It never throws, whatever a client sends.
 */
export function parseEventId(id: string): EventPlace | undefined {
  const match = EVENT_ID.exec(id);
  const stream = match?.[1];
  const place = match?.[2];
  return stream === undefined || place === undefined ? undefined : { stream, place };
}

/** The suffix of an alias. `~` does not occur in event ids. */
const ALIAS = /~[A-Za-z0-9_-]{8}$/;

/**
 * Returns another id for the position of an event id: ids must not repeat within a session, not even on an event
 * without data (MCP 2025-11-25, transports, "Resumability and Redelivery").
 */
export function aliasOf(id: string): string {
  return `${withoutAlias(id)}~${randomBytes(6).toString('base64url')}`;
}

/** Returns the event id without the suffix of `aliasOf`. */
export function withoutAlias(id: string): string {
  return id.replace(ALIAS, '');
}

/** At most 15 digits: longer numbers belong to no event, and are not exact in every language (Lua, JavaScript). */
const PLACE = /^(?:0|[1-9][0-9]{0,14})$/;

/**
 * The position in this stream that an event id refers to, for stores that number their events.
 *
 * @returns `undefined` for anything else, such as an id of another stream.
 */
export function placeIn(stream: StreamId, id: string): number | undefined {
  if (!id.startsWith(stream) || id[stream.length] !== '.') return undefined;
  const place = id.slice(stream.length + 1);
  return PLACE.test(place) ? Number(place) : undefined;
}

/** Positions that a read of a stream can start from. */
interface StreamBounds {
  /** The position of the last delivered event. */
  readonly delivered: number;
  /** The position of the last event. */
  readonly last: number;
}

/**
 * The number of the event after which a read starts, for stores that number their events.
 *
 * @returns `undefined` when the stream never had the event in `after`.
 */
export function placeOf(
  position: Position,
  { stream }: StreamKey,
  { delivered, last }: StreamBounds,
): number | undefined {
  if (position === 'start') return 0;
  if (position === 'undelivered') return delivered;
  const place = placeIn(stream, position.after);
  return place !== undefined && place <= last ? place : undefined;
}
