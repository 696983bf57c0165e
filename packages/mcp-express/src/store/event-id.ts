import { randomBytes } from 'node:crypto';
import type { StreamId } from './store.js';

/**
 * An event id is the stream's id and a place in it, so that a `Last-Event-ID` alone leads back to its stream (MCP
 * 2025-11-25, transports, "Resumability and Redelivery"). The place is the store's own business, but it is made of
 * these characters only and place `0` comes before the first event of every stream.
 */
const EVENT_ID = /^([A-Za-z0-9_-]{1,64})\.([A-Za-z0-9-]{1,40})$/;
const ORIGIN = '0';

export interface EventPlace {
  readonly stream: StreamId;
  readonly place: string;
}

export function formatEventId(stream: StreamId, place: string | number): string {
  return `${stream}.${place}`;
}

/** The id that comes before every event of a stream: resuming after it gives the whole stream. */
export function originOf(stream: StreamId): string {
  return formatEventId(stream, ORIGIN);
}

/** `undefined` for anything that is not an event id; never throws, whatever a client sends. */
export function parseEventId(id: string): EventPlace | undefined {
  const match = EVENT_ID.exec(id);
  const stream = match?.[1];
  const place = match?.[2];
  return stream === undefined || place === undefined ? undefined : { stream, place };
}

/** What follows the id of an event in a second id of the same place. No character of an event id begins it. */
const ALIAS = /~[A-Za-z0-9_-]{8}$/;

/**
 * Another id of the place that an event id names: no id comes twice in a session, not even on an event without data (MCP
 * 2025-11-25, transports, "Resumability and Redelivery").
 */
export function aliasOf(id: string): string {
  return `${withoutAlias(id)}~${randomBytes(6).toString('base64url')}`;
}

/** The id of the event itself. */
export function withoutAlias(id: string): string {
  return id.replace(ALIAS, '');
}

/** Longer numbers are of no event there is, and not exact in every language. */
const PLACE = /^(?:0|[1-9][0-9]{0,14})$/;

/** The place that an event id names in this stream, for stores that number their events; `undefined` for anything else. */
export function placeIn(stream: StreamId, id: string): number | undefined {
  if (!id.startsWith(stream) || id[stream.length] !== '.') return undefined;
  const place = id.slice(stream.length + 1);
  return PLACE.test(place) ? Number(place) : undefined;
}
