/** The amount of measurements. Every one is limited by count or time. */
export interface Extent {
  readonly name: 'full' | 'quick' | 'tiny';
  /** Rounds of each server. */
  readonly rounds: number;
  /** Seconds of a round. */
  readonly seconds: number;
  /** Seconds before the rounds, so that compiled code is measured: a slow server needs them most. */
  readonly warmUpSeconds: number;
  readonly connections: number;
  /** Sessions whose memory is measured. */
  readonly sessions: number;
  /** Streams whose memory is measured. */
  readonly streams: number;
  /** Fresh processes for each measurement of memory. */
  readonly processes: number;
  /** Streams that receive notifications, and the number of notifications in a round. */
  readonly listeners: number;
  readonly notifications: number;
  /** Events that are replayed, and how often in a round. */
  readonly replayedEvents: number;
  readonly replays: number;
  /** Events that one client is replayed again and again while others call. */
  readonly backlog: number;
  readonly starts: number;
  /** Calls and pings whose latency is measured one by one. */
  readonly singleCalls: number;
}

/** About 25 minutes. */
const FULL: Extent = {
  name: 'full',
  rounds: 7,
  seconds: 2,
  warmUpSeconds: 4,
  connections: 50,
  sessions: 5_000,
  streams: 5_000,
  processes: 3,
  listeners: 1_000,
  notifications: 50,
  replayedEvents: 10_000,
  replays: 5,
  backlog: 100_000,
  starts: 9,
  singleCalls: 2_000,
};

/** Rough figures in less than four minutes. */
const QUICK: Extent = {
  ...FULL,
  name: 'quick',
  rounds: 3,
  seconds: 0.4,
  warmUpSeconds: 1,
  sessions: 2_000,
  streams: 2_000,
  processes: 1,
  notifications: 20,
  replays: 2,
  starts: 3,
  singleCalls: 500,
};

/** For tests: runs everything, with meaningless figures. */
const TINY: Extent = {
  name: 'tiny',
  rounds: 1,
  seconds: 0.1,
  warmUpSeconds: 0.1,
  connections: 4,
  sessions: 50,
  streams: 50,
  processes: 1,
  listeners: 10,
  notifications: 3,
  replayedEvents: 200,
  replays: 1,
  backlog: 500,
  starts: 1,
  singleCalls: 20,
};

/** The extents by name. */
export const EXTENTS: Readonly<Record<Extent['name'], Extent>> = { full: FULL, quick: QUICK, tiny: TINY };
