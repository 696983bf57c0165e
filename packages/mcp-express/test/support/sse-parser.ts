/** The fields between two blank lines. */
export interface SseBlock {
  readonly id?: string;
  readonly event?: string;
  /** Absent if the block has no `data` field; a comment or a lone `retry` is no event. */
  readonly data?: string;
  readonly retry?: number;
  readonly comments: readonly string[];
  /** The time at which it was complete, in milliseconds of `performance.now()`. */
  readonly at: number;
}

interface OpenBlock {
  id?: string;
  event?: string;
  data?: string;
  retry?: number;
  comments: string[];
}

/** Parses event streams by the rules of the HTML standard, with LF, CR LF and CR as line ends, and keeps comments. */
export class SseParser {
  #rest = '';
  #block: OpenBlock | undefined;

  constructor(private readonly onBlock: (block: SseBlock) => void) {}

  push(chunk: string): void {
    const lines = (this.#rest + chunk).split(/\r\n|\n|\r/);
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#line(line);
  }

  #line(line: string): void {
    if (line === '') {
      if (this.#block !== undefined) this.onBlock({ ...this.#block, at: performance.now() });
      this.#block = undefined;
      return;
    }
    this.#block ??= { comments: [] };
    const colon = line.indexOf(':');
    if (colon === 0) return void this.#block.comments.push(line.slice(1));
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    this.#field(this.#block, name, value);
  }

  #field(block: OpenBlock, name: string, value: string): void {
    if (name === 'data') block.data = block.data === undefined ? value : `${block.data}\n${value}`;
    else if (name === 'id') block.id = value;
    else if (name === 'event') block.event = value;
    else if (name === 'retry') block.retry = Number(value);
    else throw new Error(`unknown SSE field: ${name}`);
  }
}
