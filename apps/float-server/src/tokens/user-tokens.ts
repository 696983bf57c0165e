import { readFileSync, statSync } from 'node:fs';
import * as z from 'zod';

/** A Float token of somebody's own. */
export interface UserToken {
  /** Who vouches for the subject. Absent: whoever does. */
  readonly issuer?: string | undefined;
  readonly subject: string;
  readonly token: string;
}

/** What is wrong with the file. The message names the entry, and nothing that stands in it. */
export class TokensFileError extends Error {
  override readonly name = 'TokensFileError';
}

const FILE = z.strictObject({
  tokens: z.array(
    z.strictObject({
      issuer: z.string().min(1).optional(),
      subject: z.string().min(1),
      token: z.string().regex(/^[\x21-\x7e]+$/),
    }),
  ),
});

/** Anybody but the owner of the file. */
const OTHERS = 0o077;

/**
 * The tokens of a file such as `{ "tokens": [{ "subject": "ann", "token": "…" }] }`, which only its owner may read.
 *
 * @throws TokensFileError
 */
export function readUserTokens(path: string): readonly UserToken[] {
  const checked = FILE.safeParse(jsonOf(path));
  if (!checked.success) {
    // Without the values: what is no token may be one with a line break in it.
    const where = checked.error.issues.map(({ path: at, code }) => `${at.join('.') || 'the file'} (${code})`);
    throw new TokensFileError(`has entries that cannot be used: ${where.join(', ')}`);
  }
  const { tokens } = checked.data;
  const twice = tokens.findIndex((one, index) => tokens.findIndex((other) => isSame(one, other)) < index);
  if (twice !== -1) throw new TokensFileError(`names somebody twice: tokens.${twice}`);
  return tokens;
}

function isSame(one: UserToken, other: UserToken): boolean {
  return one.subject === other.subject && one.issuer === other.issuer;
}

function jsonOf(path: string): unknown {
  const text = textOf(path);
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes what it could not read.
    throw new TokensFileError('is not JSON');
  }
}

function textOf(path: string): string {
  try {
    // Windows has no such modes.
    const mode = process.platform === 'win32' ? 0 : statSync(path).mode;
    if ((mode & OTHERS) === 0) return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new TokensFileError(`cannot be read: ${(cause as NodeJS.ErrnoException).code}`);
  }
  throw new TokensFileError('may be read by others than its owner: chmod 600');
}
