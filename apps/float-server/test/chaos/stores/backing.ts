/** The storage that nodes share: Redis or a file. */
export interface Backing {
  /** The value of `STORE` for a direct connection. */
  readonly name: string;
  /** The port of Redis. */
  readonly port?: number;
  readonly hasCrashed: boolean;
  start(): Promise<void>;
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Stops the process by SIGSTOP for a time in milliseconds. */
  stall(ms: number): Promise<void>;
  /** `CONFIG SET`. */
  configure(setting: string, value: string): Promise<void>;
  /** Kills a master that its replica replaces. Restarts it as a replica after a time in milliseconds. */
  failOver(ms: number): Promise<void>;
}

/** For faults that a file cannot have. */
const NOTHING = (): Promise<never> => Promise.reject(new Error('this store has no such fault'));

/** A file as storage, without a process. */
export function fileAt(name: string): Backing {
  const nothing = async (): Promise<void> => {};
  return {
    name,
    hasCrashed: false,
    start: nothing,
    end: nothing,
    stall: NOTHING,
    configure: NOTHING,
    failOver: NOTHING,
  };
}
