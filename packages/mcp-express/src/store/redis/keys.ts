import { createHash } from 'node:crypto';
import type { SessionId, StreamId } from '../store.js';

/**
 * The layout of the keys. Keys that one script changes share a hash tag (`{…}`), so that they are on one node of a cluster:
 *
 *     PREFIXs:{session}          hash   a session: record, owner, lists, level, times; its subscriptions (`u:URI`)
 *     PREFIXm:{session}          hash   its streams: one field each, as JSON; `#bytes`, `#events`, `#count`, `#until`
 *     PREFIXe:{session}:STREAM   stream its events, with their places as ids
 *     PREFIXw:{session}          channel notifications of appends and ends
 *     PREFIX{i}:use, :exp, :held zsets  all sessions by last use (those never used first), by expiry, and the held ones
 *     PREFIX{i}:seq              string the sequence number of the last use
 *     PREFIX{i}:o:HOLDER         zset   the sessions of one holder by last use
 *     PREFIX{i}:large            zset   holders of many sessions by their last known number
 *     PREFIX{i}:versions         hash   version numbers by name
 *     PREFIXr:{URI}              set    the sessions that may be subscribed to a resource
 *     PREFIXt:{task}             hash   a task
 *     PREFIX{t}:exp, {t}:o:HOLDER zsets all tasks, and those of one holder, by expiry
 *     PREFIXc:{name}             string a claim
 *     PREFIXn:{node}             string a lease
 *     PREFIXn:{node}:missed      string the time since when the lease is missing
 *     PREFIXl:{name}             string a counter, which expires with its window
 *     PREFIXa:{name}             string a value that nodes agree on
 *     PREFIXformat               string the version of this layout: `mcp-express 1`
 *     PREFIX{bus}                stream messages between nodes
 *     PREFIX{bus}:bytes          string the bytes of the messages in it
 */
export class Keys {
  constructor(private readonly prefix: string) {}

  /** The record of a session. */
  session(id: SessionId): string {
    return `${this.prefix}s:{${id}}`;
  }

  /** The streams of a session, without their events. */
  streams(session: SessionId): string {
    return `${this.prefix}m:{${session}}`;
  }

  /** The events of a stream; with an empty id, the prefix of those keys. */
  events(session: SessionId, stream: StreamId | ''): string {
    return `${this.prefix}e:{${session}}:${stream}`;
  }

  /** The pattern of all keys, for `ACL SETUSER`. */
  get allKeys(): string {
    return `${this.prefix}*`;
  }

  get allChannels(): string {
    return `${this.prefix}w:*`;
  }

  channel(session: SessionId): string {
    return `${this.prefix}w:{${session}}`;
  }

  index(name: 'use' | 'exp' | 'held' | 'seq' | 'large' | 'versions'): string {
    return `${this.prefix}{i}:${name}`;
  }

  ownerIndex(owner: string): string {
    return `${this.prefix}{i}:o:${short(owner)}`;
  }

  subscribers(uri: string): string {
    return `${this.prefix}r:{${short(uri)}}`;
  }

  task(id: string): string {
    return `${this.prefix}t:{${id}}`;
  }

  taskIndex(): string {
    return `${this.prefix}{t}:exp`;
  }

  taskOwnerIndex(owner: string): string {
    return `${this.prefix}{t}:o:${short(owner)}`;
  }

  claim(name: string): string {
    return `${this.prefix}c:{${short(name)}}`;
  }

  lease(node: string): string {
    return `${this.prefix}n:{${node}}`;
  }

  missed(node: string): string {
    return `${this.prefix}n:{${node}}:missed`;
  }

  counter(name: string): string {
    return `${this.prefix}l:{${short(name)}}`;
  }

  agreed(name: string): string {
    return `${this.prefix}a:{${name}}`;
  }

  get format(): string {
    return `${this.prefix}format`;
  }

  get bus(): string {
    return `${this.prefix}{bus}`;
  }

  get busBytes(): string {
    return `${this.prefix}{bus}:bytes`;
  }
}

/** A hash of an owner, URI or name, which may have any length and may contain the end of a hash tag (`}`). */
function short(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
