import type { Readable } from 'node:stream';

const NEWLINE = 0x0a;

/**
 * The lines of a stream, each without its line break. A line longer than `maxBytes` is skipped and yields `undefined`, so
 * that a client cannot fill the memory with a line that never ends. Text after the last line break is a line, too.
 */
export async function* linesOf(input: Readable, maxBytes: number): AsyncGenerator<string | undefined> {
  let parts: Buffer[] = [];
  let length = 0;
  const take = (part: Buffer): void => {
    length += part.length;
    if (length <= maxBytes) parts.push(part);
    else parts = [];
  };
  const finish = (): string | undefined => {
    const line = length > maxBytes ? undefined : Buffer.concat(parts).toString('utf8');
    [parts, length] = [[], 0];
    return line?.endsWith('\r') === true ? line.slice(0, -1) : line;
  };
  for await (const chunk of input as AsyncIterable<Buffer | string>) {
    let rest = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    for (let end = rest.indexOf(NEWLINE); end !== -1; end = rest.indexOf(NEWLINE)) {
      take(rest.subarray(0, end));
      rest = rest.subarray(end + 1);
      yield finish();
    }
    take(rest);
  }
  if (length > 0) yield finish();
}
