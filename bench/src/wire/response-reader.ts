/** One response, whose body is made a text only when somebody looks at it. */
export interface RawResponse {
  readonly status: number;
  /** Such as `application/json`. */
  readonly type: string;
  readonly head: string;
  readonly bytes: number;
  /** The body; one byte is one character, for what the benchmark sends and gets is ASCII. */
  text(): string;
}

/**
 * Reads the responses of one connection that has one request under way at a time. Pieces may be of a buffer that is used
 * again: the text of a response must then be asked for at once.
 */
export class ResponseReader {
  /** @param wants whether somebody may look into a body of so many bytes; one that nobody wants is only counted. */
  constructor(private readonly wants: (bytes: number) => boolean = () => true) {}

  #chunks: Buffer[] = [];
  #head: string | undefined;
  #length: number | undefined;
  #received = 0;
  #isWanted = true;

  /** The response, once all of it has come. @throws Error when more than that has come. */
  push(chunk: Buffer): RawResponse | undefined {
    const rest = this.#head === undefined ? this.#readHead(chunk) : chunk;
    if (rest === undefined) return undefined;
    this.#received += rest.length;
    if (this.#length === undefined) {
      if (rest.length > 0) this.#chunks.push(Buffer.from(rest));
      return this.#endOfChunks();
    }
    if (this.#received < this.#length) {
      if (this.#isWanted) this.#chunks.push(Buffer.from(rest));
      return undefined;
    }
    return this.#endOfLength(this.#length, rest);
  }

  /** What follows the head, once all of that has come. */
  #readHead(chunk: Buffer): Buffer | undefined {
    const bytes = this.#chunks.length === 0 ? chunk : Buffer.concat([...this.#chunks, chunk]);
    const end = bytes.indexOf('\r\n\r\n');
    if (end === -1) {
      this.#chunks = [Buffer.from(bytes)];
      return undefined;
    }
    this.#chunks = [];
    this.#head = bytes.toString('latin1', 0, end);
    const length = /\r\ncontent-length: *(\d+)/i.exec(this.#head)?.[1];
    const isEmpty = this.#head.startsWith('HTTP/1.1 204');
    this.#length = isEmpty ? 0 : length === undefined ? undefined : Number(length);
    this.#isWanted = this.#length === undefined || this.wants(this.#length);
    return bytes.subarray(end + 4);
  }

  #endOfLength(length: number, last: Buffer): RawResponse {
    if (this.#received > length) throw new Error('more bytes came than Content-Length says');
    const chunks = this.#chunks;
    return this.#finish(length, () => Buffer.concat([...chunks, last]).toString('latin1'));
  }

  /** RFC 9112, section 7.1. */
  #endOfChunks(): RawResponse | undefined {
    const last = this.#chunks.at(-1);
    // Without this every piece of a long body would cause another look at all of it.
    if (last === undefined || !endsLikeLastChunk(last)) return undefined;
    const body = readChunks(Buffer.concat(this.#chunks).toString('latin1'));
    return body === undefined ? undefined : this.#finish(body.length, () => body);
  }

  #finish(bytes: number, text: () => string): RawResponse {
    const head = this.#head as string;
    this.#head = undefined;
    this.#chunks = [];
    this.#received = 0;
    return {
      status: Number(head.slice(9, 12)),
      type: /\r\ncontent-type: *([^;\r]+)/i.exec(head)?.[1] ?? '',
      head,
      bytes,
      text,
    };
  }
}

export function headerIn(head: string, name: string): string | undefined {
  return new RegExp(`\\r\\n${name}: *([^\\r]+)`, 'i').exec(head)?.[1];
}

/** The last chunk is 0 and two line breaks; a piece of it may come alone. */
function endsLikeLastChunk(piece: Buffer): boolean {
  return piece.length < 5 || piece.toString('latin1', piece.length - 4) === '\r\n\r\n';
}

function readChunks(text: string): string | undefined {
  let body = '';
  for (let at = 0; ; ) {
    const lineEnd = text.indexOf('\r\n', at);
    if (lineEnd === -1) return undefined;
    const size = Number.parseInt(text.slice(at, lineEnd), 16);
    if (Number.isNaN(size)) throw new Error('a response with neither Content-Length nor chunks');
    if (size === 0) return text.length >= lineEnd + 4 ? body : undefined;
    const end = lineEnd + 2 + size;
    if (text.length < end + 2) return undefined;
    body += text.slice(lineEnd + 2, end);
    at = end + 2;
  }
}
