export interface RawResponse {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/**
 * Reads the responses of one connection that has one request under way at a time. One byte is one character: what the
 * benchmark sends and gets is ASCII.
 */
export class ResponseReader {
  #text = '';

  /** The response, once all of it has come. @throws Error when more than that has come. */
  push(chunk: Buffer): RawResponse | undefined {
    this.#text += chunk.toString('latin1');
    const response = readResponse(this.#text);
    if (response !== undefined) this.#text = '';
    return response;
  }
}

function readResponse(text: string): RawResponse | undefined {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd === -1) return undefined;
  const head = text.slice(0, headEnd);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  const body = length === undefined ? readChunks(text, headEnd + 4) : readBytes(text, headEnd + 4, Number(length));
  if (body === undefined) return undefined;
  return { status: Number(head.slice(9, 12)), type: /\r\ncontent-type: *([^;\r]+)/i.exec(head)?.[1] ?? '', body };
}

function readBytes(text: string, start: number, length: number): string | undefined {
  if (text.length > start + length) throw new Error('more bytes came than Content-Length says');
  return text.length === start + length ? text.slice(start) : undefined;
}

/** RFC 9112, section 7.1. */
function readChunks(text: string, start: number): string | undefined {
  let body = '';
  for (let at = start; ; ) {
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
