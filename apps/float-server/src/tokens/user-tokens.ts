import { readFileSync, statSync } from 'node:fs';
import * as z from 'zod';

/** The Float token of one caller. */
export interface UserToken {
  /** Issuer of the subject. Undefined matches any issuer. */
  readonly issuer?: string | undefined;
  readonly subject: string;
  readonly token: string;
}

/** A problem with the file. The message names the entry but quotes nothing of it. */
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

/** Permission bits of everyone but the owner. */
const OTHERS = 0o077;

/**
 * Reads tokens from a file such as `{ "tokens": [{ "subject": "ann", "token": "…" }] }`. Only its owner may have access.
 *
 * @throws TokensFileError
 */
export function readUserTokens(path: string): readonly UserToken[] {
  const checked = FILE.safeParse(jsonOf(path));
  if (!checked.success) {
    // Values are not quoted: an invalid token may be a real one with a line break.
    const where = checked.error.issues.map(({ path: at, code }) => `${at.join('.') || 'the file'} (${code})`);
    throw new TokensFileError(`has entries that cannot be used: ${where.join(', ')}`);
  }
  const { tokens } = checked.data;
  const twice = tokens.findIndex((one, index) => tokens.findIndex((other) => isSame(one, other)) < index);
  if (twice !== -1) throw new TokensFileError(`has two entries for one subject: tokens.${twice}`);
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
    // The parser's message would quote the text.
    throw new TokensFileError('is not JSON');
  }
}

function textOf(path: string): string {
  try {
    // Windows has no file modes.
    const mode = process.platform === 'win32' ? 0 : statSync(path).mode;
    if ((mode & OTHERS) === 0) return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new TokensFileError(`cannot be read: ${(cause as NodeJS.ErrnoException).code}`);
  }
  throw new TokensFileError('may be read by others than its owner: chmod 600');
}
