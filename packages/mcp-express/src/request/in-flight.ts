import { McpError } from '../protocol/errors.js';

/** Smaller bodies, in bytes, are not counted, because limits on the number of calls bound them. */
export const UNCOUNTED_BYTES = 2 * 1024;

/**
 * Estimated bytes per JSON value in memory, in addition to its characters: a small array or object, or a member of one.
 */
const BYTES_PER_VALUE = 24;

/** Limits on memory for requests. */
export interface InFlightLimits {
  /** Bytes in total. */
  readonly total: number;
  /** Bytes per principal, or per address of anonymous callers. */
  readonly perHolder: number;
}

/**
 * Counts the bytes of requests in memory: bodies that are being read, and arguments of running calls. A holder is a
 * principal, or the address of anonymous callers.
 */
export class InFlight {
  readonly #holders = new Map<string, number>();
  #total = 0;

  constructor(private readonly limits: InFlightLimits) {}

  get bytes(): number {
    return this.#total;
  }

  /** @throws McpError `too-many-bytes`, `overloaded`, or `body-too-large` when the body alone exceeds the limit */
  take(holder: string, bytes: number, alreadyTaken: number): void {
    const { perHolder, total } = this.limits;
    if (bytes + alreadyTaken > perHolder) {
      throw new McpError('body-too-large', 'The body holds more values than the server keeps for one caller');
    }
    const held = (this.#holders.get(holder) ?? 0) + bytes;
    if (held > perHolder) throw new McpError('too-many-bytes', `Running requests may hold ${perHolder} bytes together`);
    if (this.#total + bytes > total)
      throw new McpError('overloaded', 'The server has reached its limit of bytes in requests');
    this.#holders.set(holder, held);
    this.#total += bytes;
  }

  give(holder: string, bytes: number): void {
    this.#total -= bytes;
    const left = (this.#holders.get(holder) ?? 0) - bytes;
    if (left > 0) this.#holders.set(holder, left);
    else this.#holders.delete(holder);
  }
}

/** The bytes of one request, counted until its last user releases it. The creator is the first user. */
export class Charge {
  #bytes = 0;
  #users = 1;

  constructor(
    private readonly inFlight: InFlight,
    private readonly holder: string,
  ) {}

  /**
   * Raises the count to `bytes`.
   * @throws McpError as `InFlight.take`, without changing the count
   */
  grow(bytes: number): void {
    const more = bytes - this.#bytes;
    if (more <= 0) return;
    this.inFlight.take(this.holder, more, this.#bytes);
    this.#bytes = bytes;
  }

  hold(): void {
    this.#users += 1;
  }

  release(): void {
    this.#users -= 1;
    if (this.#users > 0 || this.#bytes === 0) return;
    this.inFlight.give(this.holder, this.#bytes);
    this.#bytes = 0;
  }
}

const [QUOTE, COMMA, BACKSLASH, BRACKET, BRACE] = ['"', ',', '\\', '[', '{'].map((sign) => sign.charCodeAt(0));

/**
 * Upper bound of the memory for a body once parsed: its bytes, and a constant per value, because an array of empty
 * arrays is short as text but large in memory. Computed from the text, so that oversized bodies are never parsed.
 */
export function parsedCost(body: Uint8Array): number {
  return body.length + valuesIn(body) * BYTES_PER_VALUE;
}

/** Counts objects, arrays, and all but the first of their members, in JSON text. */
export function valuesIn(json: Uint8Array): number {
  let values = 0;
  let inText = false;
  for (let i = 0; i < json.length; i += 1) {
    const byte = json[i];
    if (byte === QUOTE) inText = !inText;
    else if (inText) i += byte === BACKSLASH ? 1 : 0;
    else if (byte === COMMA || byte === BRACKET || byte === BRACE) values += 1;
  }
  return values;
}
