/** Failures on demand, so that a caller's retries and timeouts can be tried. They may be set while the sandbox runs. */

interface When {
  readonly method?: string;
  /** Start of the path below /v3, for example "/tasks". */
  readonly path?: string;
  /** Which page of a list it hits. @default any */
  readonly page?: number;
  /** How many requests that it would hit are let through first. @default 0 */
  readonly skip?: number;
  /** How many requests it hits. @default every one until `clear` */
  readonly times?: number;
  /** The request is carried out first; only its answer is lost or spoiled. @default before */
  readonly moment?: 'before' | 'after';
}

export type Fault = When &
  (
    | { readonly does: 'status'; readonly status: number; readonly retryAfter?: number | string }
    | { readonly does: 'slow'; readonly ms: number }
    | { readonly does: 'drop' }
    /** The connection breaks in the middle of the body. Always after the request was carried out. */
    | { readonly does: 'cut' }
    /** 200 with a body that is no JSON, as a captive proxy sends it. */
    | { readonly does: 'garble' }
  );

export interface Faults {
  /** Adds a fault and returns how to take it away again. */
  add(fault: Fault): () => void;
  clear(): void;
}

export interface FaultBook extends Faults {
  /** The fault that hits this request, used up by one. */
  take(asked: Asked): Fault | undefined;
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly page: number;
}

export function createFaults(initial: readonly Fault[] = []): FaultBook {
  let open: { readonly fault: Fault; left: number; skip: number }[] = [];
  const book: FaultBook = {
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

function hits(fault: Fault, { method, path, page }: Asked): boolean {
  return (fault.method ?? method) === method && path.startsWith(fault.path ?? '') && (fault.page ?? page) === page;
}
