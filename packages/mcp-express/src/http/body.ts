import { isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';
import { McpError } from '../protocol/errors.js';
import { parsedCost, UNCOUNTED_BYTES } from '../request/in-flight.js';
import type { RequestBody } from './http-request.js';

type TextBody = RequestBody & { kind: 'text' };

/** Limits for reading a body. */
export interface BodyBounds {
  /** The largest allowed body, in bytes. */
  readonly maxBodyBytes: number;
  /**
   * Charges the bytes held so far, for a body above `UNCOUNTED_BYTES`. @throws McpError if a byte budget is exceeded.
   */
  grow(bytes: number): void;
}

/**
 * Reads a body as text and counts its bytes as they arrive.
 *
 * @param declared the `Content-Length`, if any: a body declared too large is not read at all.
 * @throws McpError `body-too-large`; `body-unreadable` if the client disconnected; `parse-error` if it is not UTF-8;
 *   and any error of `bounds`.
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
    // The listeners stay: removing them costs more than they do, and a settled promise ignores further calls.
    stream
      .on('data', (chunk: Buffer) => {
        // The sender of the refusal discards the rest of the body.
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
          // The listeners live as long as the request, the bytes must not.
          chunks.length = 0;
          resolve({ kind: 'text', text: textOf(bytes, bounds) });
        } catch (thrown) {
          reject(thrown);
        }
      })
      .on('error', onLost);
  });
}

/**
 * Decodes a complete body and charges the memory that its parsed values will take.
 *
 * @throws McpError `parse-error` if it is not UTF-8, and the error of `bounds` if a byte budget is exceeded.
 */
export function textOf(bytes: Buffer, bounds: BodyBounds): string {
  if (bytes.length > UNCOUNTED_BYTES) bounds.grow(parsedCost(bytes));
  return decode(bytes);
}

/** @throws McpError `parse-error`. Replacement characters would make different names equal. */
function decode(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new McpError('parse-error', 'The body is not UTF-8');
  return bytes.toString('utf8');
}

/** The refusal of a body above `maxBodyBytes`. @param limit bytes. */
export function tooLarge(limit: number): McpError {
  return new McpError('body-too-large', `The body is larger than ${limit} bytes`, { data: { limit } });
}
