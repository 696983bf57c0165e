import type { SessionStreams } from './session-streams.js';

/** Bytes that sessions hold together. */
export interface Sum {
  bytes: number;
}

/** What the sessions of one holder hold. */
export interface HolderSum extends Sum {
  readonly holder: string;
  /** In order of opening. */
  readonly sessions: Set<SessionStreams>;
}

/** What all sessions hold, and those of each holder. Sessions count themselves. */
export class StreamSums implements Sum {
  bytes = 0;
  readonly #holders = new Map<string, HolderSum>();

  join(streams: SessionStreams, holder: string): void {
    const sum = this.#holders.get(holder) ?? { holder, bytes: 0, sessions: new Set() };
    this.#holders.set(holder, sum);
    sum.sessions.add(streams);
    streams.countFor(sum);
  }

  leave(streams: SessionStreams): void {
    this.bytes -= streams.bytes;
    const { holder } = streams;
    if (holder === undefined) return;
    holder.bytes -= streams.bytes;
    holder.sessions.delete(streams);
    if (holder.sessions.size === 0) this.#holders.delete(holder.holder);
  }

  /** Holders of more than so many bytes, the largest first. */
  largerThan(bytes: number): readonly HolderSum[] {
    return [...this.#holders.values()].filter((sum) => sum.bytes > bytes).sort((a, b) => b.bytes - a.bytes);
  }
}
