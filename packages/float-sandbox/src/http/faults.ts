/** Injected failures for testing retries and timeouts. They can be changed while the sandbox runs. */

interface When {
  readonly method?: string;
  /** Prefix of the path below /v3, for example "/tasks". */
  readonly path?: string;
  /** Page of a list that is affected. @default any */
  readonly page?: number;
  /** Number of matching requests that pass first. @default 0 */
  readonly skip?: number;
  /** Number of requests that are affected. @default all until `clear` */
  readonly times?: number;
  /** `after`: the request is carried out, and only its response is affected. @default before */
  readonly moment?: 'before' | 'after';
}

/** A failure and the requests it affects. */
export type Fault = When &
  (
    | { readonly does: 'status'; readonly status: number; readonly retryAfter?: number | string }
    | { readonly does: 'slow'; readonly ms: number }
    | { readonly does: 'drop' }
    /** The connection breaks within the body, always after the request was carried out. */
    | { readonly does: 'cut' }
    /** 200 with a body that is no JSON, as a captive portal sends. */
    | { readonly does: 'garble' }
  );

/** The injected failures of a sandbox. */
export interface Faults {
  /** Adds a fault and returns a function that removes it. */
  add(fault: Fault): () => void;
  clear(): void;
}

/** Failures as the application consumes them. */
export interface FaultRegistry extends Faults {
  /** The fault that applies to a request, counted as used. */
  take(asked: FaultTarget): Fault | undefined;
}

/** A request that a fault may affect. */
export interface FaultTarget {
  readonly method: string;
  readonly path: string;
  readonly page: number;
}

/** Creates the failures of a sandbox. */
export function createFaults(initial: readonly Fault[] = []): FaultRegistry {
  let open: { readonly fault: Fault; left: number; skip: number }[] = [];
  const book: FaultRegistry = {
    add(fault) {
      const entry = { fault, left: fault.times ?? Number.POSITIVE_INFINITY, skip: fault.skip ?? 0 };
      open.push(entry);
      return () => {
        open = open.filter((other) => other !== entry);
      };
    },
    clear() {
      open = [];
    },
    take(asked) {
      for (const entry of open) {
        if (entry.left === 0 || !hits(entry.fault, asked)) continue;
        if (entry.skip > 0) {
          entry.skip -= 1;
          continue;
        }
        entry.left -= 1;
        return entry.fault;
      }
      return undefined;
    },
  };
  for (const fault of initial) book.add(fault);
  return book;
}

function hits(fault: Fault, { method, path, page }: FaultTarget): boolean {
  return (fault.method ?? method) === method && path.startsWith(fault.path ?? '') && (fault.page ?? page) === page;
}
