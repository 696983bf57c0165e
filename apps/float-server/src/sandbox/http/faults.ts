/** Failures on demand, so that a caller's retries and timeouts can be tried. They may be set while the sandbox runs. */

interface When {
  readonly method?: string;
  /** Start of the path below /v3, for example "/tasks". */
  readonly path?: string;
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
  take(method: string, path: string): Fault | undefined;
}

export function createFaults(initial: readonly Fault[] = []): FaultBook {
  let open: { readonly fault: Fault; left: number }[] = [];
  const book: FaultBook = {
    add(fault) {
      const entry = { fault, left: fault.times ?? Number.POSITIVE_INFINITY };
      open.push(entry);
      return () => {
        open = open.filter((other) => other !== entry);
      };
    },
    clear() {
      open = [];
    },
    take(method, path) {
      const entry = open.find(({ fault, left }) => left > 0 && hits(fault, method, path));
      if (entry === undefined) return undefined;
      entry.left -= 1;
      return entry.fault;
    },
  };
  for (const fault of initial) book.add(fault);
  return book;
}

function hits(fault: Fault, method: string, path: string): boolean {
  return (fault.method ?? method) === method && path.startsWith(fault.path ?? '');
}
