import { createHash } from 'node:crypto';
import type { SessionId, StreamId } from '../store.js';

/**
 * Where things are. What must change in one step has one hash tag (`{…}`), so that it is on one node of a cluster:
 *
 *     PREFIXs:{session}          hash   a session: record, owner, lists, level, times; its subscriptions (`u:URI`)
 *     PREFIXm:{session}          hash   its streams: one field each, as JSON; `#bytes`, `#events`, `#count`, `#until`
 *     PREFIXe:{session}:STREAM   stream the events, under their places
 *     PREFIXw:{session}          channel that tells of appends and ends
 *     PREFIX{i}:use, :exp, :held zsets  all sessions by last use (those never used first), by expiry, and the held ones
 *     PREFIX{i}:o:HOLDER         zset   the sessions of one holder by last use
 *     PREFIX{i}:large            zset   holders of many sessions by how many those are, or were
 *     PREFIX{i}:versions         hash   numbers
 *     PREFIXr:{URI}              set    the sessions that may be subscribed to a resource
 *     PREFIXt:{task}             hash   a task
 *     PREFIX{t}:exp, {t}:o:HOLDER zsets all tasks, and those of one holder, by expiry
 *     PREFIXc:{name}             string a claim
 *     PREFIXn:{node}             string a lease; beside it `:missed`, since when there is none
 *     PREFIXl:{name}             string a counter, which expires with its window
 *     PREFIXa:{name}             string a value that nodes agree on
 *     PREFIXformat               string which of these layouts it is: `mcp-express 1`
 *     PREFIX{bus}                stream messages between nodes
 *     PREFIX{bus}:bytes          string how long the messages in it are together
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

/** Owners and URIs may have any length, and may contain the end of a hash tag. */
function short(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
