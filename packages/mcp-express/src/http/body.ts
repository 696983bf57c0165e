import { isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';
import { McpError } from '../protocol/errors.js';
import { parsedCost, UNCOUNTED_BYTES } from '../request/in-flight.js';
import type { InboundBody } from './inbound.js';

type TextBody = InboundBody & { kind: 'text' };

/** What a body is read within. */
export interface BodyBounds {
  readonly maxBodyBytes: number;
  /** Counts the bytes that are held by now, of a body that is not small. @throws McpError when they are too many. */
  grow(bytes: number): void;
}

/**
 * Reads a body as text, counting as it comes.
 *
 * @param declared the `Content-Length`, if there is one: a body that says it is too large is not read at all.
 * @throws McpError `body-too-large`, `body-unreadable` when the client went away, `parse-error` when it is not UTF-8, and
 *   what `bounds` throws.
 */
export function readBody(stream: Readable, bounds: BodyBounds, declared: string | undefined): Promise<TextBody> {
  const { maxBodyBytes: limit } = bounds;
  if (declared !== undefined && Number(declared) > limit) throw tooLarge(limit);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    let isRefused = false;
    const onLost = (): void => {
      chunks.length = 0;
      reject(new McpError('body-unreadable', 'The body ended too early'));
    };
    if (stream.destroyed) return onLost();
    const refuse = (thrown: unknown): void => {
      isRefused = true;
      chunks.length = 0;
      reject(thrown);
    };
    // Listeners are left in place: taking them off costs more than they do, and a settled promise is not settled again.
    stream
      .on('data', (chunk: Buffer) => {
        // The rest of one that is refused is thrown away by whatever sends the answer.
        if (isRefused) return;
        length += chunk.length;
        if (length > limit) return refuse(tooLarge(limit));
        try {
          if (length > UNCOUNTED_BYTES) bounds.grow(length);
          chunks.push(chunk);
        } catch (thrown) {
          refuse(thrown);
        }
      })
      .on('end', () => {
        if (isRefused) return;
        try {
          const bytes = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
          // The listeners live as long as the request: what was read must not.
          chunks.length = 0;
          resolve({ kind: 'text', text: textOf(bytes, bounds) });
        } catch (thrown) {
          reject(thrown);
        }
      })
      .on('error', onLost);
  });
}

/** @throws McpError `parse-error`, and what `bounds` throws when its values are too many. */
export function textOf(bytes: Buffer, bounds: BodyBounds): string {
  if (bytes.length > UNCOUNTED_BYTES) bounds.grow(parsedCost(bytes));
  return decode(bytes);
}

/** @throws McpError `parse-error`: replacing what is not UTF-8 would let two different names become the same. */
function decode(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new McpError('parse-error', 'The body is not UTF-8');
  return bytes.toString('utf8');
}

export function tooLarge(limit: number): McpError {
  return new McpError('body-too-large', `The body is larger than ${limit} bytes`, { data: { limit } });
}
