/** One response. Its body is decoded only on demand. */
export interface RawResponse {
  readonly status: number;
  /** Such as `application/json`. */
  readonly type: string;
  readonly head: string;
  readonly bytes: number;
  /** The body, one character for each byte: all messages of the benchmark are ASCII. */
  text(): string;
}

/**
 * Reads the responses of a connection with one request in flight at a time. The pieces may share a reused buffer: the text
 * of a response must then be read at once.
 */
export class ResponseReader {
  /** @param wants whether a body of this many bytes may be read; other bodies are only counted. */
  constructor(private readonly wants: (bytes: number) => boolean = () => true) {}

  #chunks: Buffer[] = [];
  #head: string | undefined;
  #length: number | undefined;
  #received = 0;
  #isWanted = true;

  /** The response, once it is complete. @throws Error when more data than that has arrived. */
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

  /** Parses the head, once it is complete. @returns the data after it. */
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
    // Otherwise each piece of a long body would be parsed with all pieces before it.
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

/** The value of a header in the head of a response; `undefined` if it has none. */
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
