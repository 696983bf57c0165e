import type { SessionStreams } from './session-streams.js';

/** A sum of bytes over several sessions. */
export interface Sum {
  bytes: number;
}

/** The bytes of the sessions of one quota holder. */
export interface HolderSum extends Sum {
  readonly holder: string;
  /** The sessions in order of opening. */
  readonly sessions: Set<SessionStreams>;
}

/** The bytes of all sessions and of each holder. Each `SessionStreams` updates the sums that it belongs to. */
export class StreamSums implements Sum {
  bytes = 0;
  readonly #holders = new Map<string, HolderSum>();

  /** Counts a session against a holder. */
  join(streams: SessionStreams, holder: string): void {
    const sum = this.#holders.get(holder) ?? { holder, bytes: 0, sessions: new Set() };
    this.#holders.set(holder, sum);
    sum.sessions.add(streams);
    streams.countFor(sum);
  }

  /** Subtracts a session that has ended. */
  leave(streams: SessionStreams): void {
    this.bytes -= streams.bytes;
    const { holder } = streams;
    if (holder === undefined) return;
    holder.bytes -= streams.bytes;
    holder.sessions.delete(streams);
    if (holder.sessions.size === 0) this.#holders.delete(holder.holder);
  }

  /** Holders with more than `bytes`, the largest first. */
  largerThan(bytes: number): readonly HolderSum[] {
    return [...this.#holders.values()].filter((sum) => sum.bytes > bytes).sort((a, b) => b.bytes - a.bytes);
  }
}
