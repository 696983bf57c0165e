import { McpError } from './errors.js';

/** A body of so many bytes or less is not counted: the calls that hold such are bounded by their number. */
export const UNCOUNTED_BYTES = 2 * 1024;

/** What a value in JSON costs as an object, beside its characters: a small array or object, or a member of one. */
const BYTES_PER_VALUE = 24;

export interface InFlightLimits {
  /** Bytes in all. */
  readonly total: number;
  /** Bytes of one principal, or of one address where callers are anonymous. */
  readonly perHolder: number;
}

/**
 * How many bytes of requests a node holds: bodies that are not read to their end yet, and the arguments of what runs.
 * A holder is a principal, or the address of anonymous callers.
 */
export class InFlight {
  readonly #holders = new Map<string, number>();
  #total = 0;

  constructor(private readonly limits: InFlightLimits) {}

  get bytes(): number {
    return this.#total;
  }

  /** @throws McpError `too-many-bytes`, `overloaded`, or `body-too-large` for what no waiting makes room for. */
  take(holder: string, bytes: number, alreadyTaken: number): void {
    const { perHolder, total } = this.limits;
    if (bytes + alreadyTaken > perHolder) {
      throw new McpError('body-too-large', 'The body holds more values than the server keeps for one caller');
    }
    const held = (this.#holders.get(holder) ?? 0) + bytes;
    if (held > perHolder) throw new McpError('too-many-bytes', `Running requests may hold ${perHolder} bytes together`);
    if (this.#total + bytes > total) throw new McpError('overloaded', 'The server holds as many bytes as it may');
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

/** What one request holds, for as long as one of those who use it needs it. The first of them is who made it. */
export class Charge {
  #bytes = 0;
  #users = 1;

  constructor(
    private readonly inFlight: InFlight,
    private readonly holder: string,
  ) {}

  /** It holds this many bytes by now. @throws McpError as `InFlight.take`; then it holds as many as before. */
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
 * What a body costs once it is parsed, at most: its bytes, and a number for each value in it. A list of empty lists is
 * small as text and large in memory. Counted before it is parsed, so that it need not be.
 */
export function parsedCost(body: Uint8Array): number {
  return body.length + valuesIn(body) * BYTES_PER_VALUE;
}

/** Objects, lists and all but the first of their members, in JSON text. */
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
