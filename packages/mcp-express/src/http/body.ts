import { isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';
import { McpError } from '../ground/errors.js';
import type { InboundBody } from './inbound.js';

type TextBody = InboundBody & { kind: 'text' };

/**
 * Reads a body as text, counting as it comes.
 *
 * @param declared the `Content-Length`, if there is one: a body that says it is too large is not read at all.
 * @throws McpError `body-too-large`, `body-unreadable` when the client went away, `parse-error` when it is not UTF-8.
 */
export function readBody(stream: Readable, limit: number, declared: string | undefined): Promise<TextBody> {
  if (declared !== undefined && Number(declared) > limit) throw tooLarge(limit);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const onLost = (): void => reject(new McpError('body-unreadable', 'The body ended too early'));
    if (stream.destroyed) return onLost();
    // Listeners are left in place: taking them off costs more than they do, and a settled promise is not settled again.
    stream
      .on('data', (chunk: Buffer) => {
        // The rest of one that is too large is thrown away by whatever sends the answer.
        if (length > limit) return;
        length += chunk.length;
        if (length <= limit) chunks.push(chunk);
        else overflow();
      })
      .on('end', () => {
        try {
          resolve({ kind: 'text', text: decode(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)) });
        } catch (thrown) {
          reject(thrown);
        }
      })
      .on('error', onLost);
    const overflow = (): void => {
      chunks.length = 0;
      reject(tooLarge(limit));
    };
  });
}

/** @throws McpError `parse-error`: replacing what is not UTF-8 would let two different names become the same. */
export function decode(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new McpError('parse-error', 'The body is not UTF-8');
  return bytes.toString('utf8');
}

export function tooLarge(limit: number): McpError {
  return new McpError('body-too-large', `The body is larger than ${limit} bytes`, { data: { limit } });
}
