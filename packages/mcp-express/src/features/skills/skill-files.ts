import { createHash } from 'node:crypto';
import { ConfigurationError } from '../../protocol/errors.js';
import type { BlobResourceContents, Resource, TextResourceContents } from '../../protocol/mcp.js';
import type { FrontMatter } from './front-matter.js';
import { isTextual, mediaTypeOf } from './media-type.js';
import { childUri, filePathIssue, SKILL_DOCUMENT } from './skill-uri.js';

/**
 * Most files of a skill, including SKILL.md. Every conforming client supports that many (Skills extension, "Limits").
 */
export const MAX_FILES = 512;
/** Most bytes of all files of a skill: 16 MiB, by the same section. */
export const MAX_BYTES = 16 * 1_024 * 1_024;

/** A file of a skill: its entry in `resources/list`, and its contents for `resources/read`. */
export interface SkillFile extends Resource {
  readonly mimeType: string;
  /** Size in bytes, before any encoding. */
  readonly size: number;
  /** The single element of `contents`. */
  readonly contents: TextResourceContents | BlobResourceContents;
}

/** A file in an entry of `skills/list`. */
export interface SkillFileDigest {
  readonly uri: string;
  /** `sha256:` and 64 lower-case hexadecimal digits, computed over the bytes of the file. */
  readonly digest: string;
  /** Size in bytes. */
  readonly size: number;
}

/** The contents of files by path. */
export type SkillFiles = Readonly<Record<string, string | Uint8Array>>;

/**
 * The files as bytes, SKILL.md first and the others sorted by path, so that every node lists them in the same order.
 * @param skill subject of error messages
 * @throws ConfigurationError when SKILL.md is missing, a limit is exceeded, or a path is invalid
 */
export function readFiles(files: SkillFiles, skill: string): ReadonlyMap<string, Buffer> {
  if (typeof files !== 'object' || files === null || !Object.hasOwn(files, SKILL_DOCUMENT)) {
    throw new ConfigurationError(`${skill} needs "files" with a "${SKILL_DOCUMENT}"`);
  }
  const others = Object.keys(files).filter((path) => path !== SKILL_DOCUMENT);
  const paths = [SKILL_DOCUMENT, ...others.sort()];
  if (paths.length > MAX_FILES) throw new ConfigurationError(`${skill} has more than ${MAX_FILES} files`);
  const known = new Set(paths);
  const fault = first(paths, (path) => filePathIssue(path) ?? doubleUse(path, known));
  if (fault !== undefined) throw new ConfigurationError(`${skill} ${fault}`);
  const bytes = new Map(paths.map((path) => [path, bytesOf(files[path], path, skill)]));
  const total = [...bytes.values()].reduce((sum, { length }) => sum + length, 0);
  if (total > MAX_BYTES) throw new ConfigurationError(`${skill} has files of more than ${MAX_BYTES} bytes in all`);
  return bytes;
}

/**
 * Decodes UTF-8 so that encoding it again yields the same bytes, because clients verify the digest. `undefined` for
 * other bytes.
 */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Compiles a file for listing and reading. */
export function compileFile(uri: string, path: string, bytes: Buffer): SkillFile {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const known = mediaTypeOf(name);
  const text = known === undefined || isTextual(known) ? textOf(bytes) : undefined;
  const mimeType = known ?? (text === undefined ? 'application/octet-stream' : 'text/plain');
  const contents = text === undefined ? { uri, mimeType, blob: bytes.toString('base64') } : { uri, mimeType, text };
  return Object.freeze({ uri, name, mimeType, size: bytes.length, contents: Object.freeze(contents) });
}

/**
 * The listing of a skill's own SKILL.md, with the name and description of the skill (Skills extension, "Resource
 * Metadata").
 */
export function asSkillDocument(file: SkillFile, { name, description }: FrontMatter): SkillFile {
  return Object.freeze({ ...file, name, description });
}

/** The digest of a file. */
export function digestOf(uri: string, bytes: Buffer): SkillFileDigest {
  const hash = createHash('sha256').update(bytes).digest('hex');
  return Object.freeze({ uri, digest: `sha256:${hash}`, size: bytes.length });
}

/** The URI of a file, from the URI of its skill's folder and its path. */
export function fileUri(root: string, path: string): string {
  return path.split('/').reduce(childUri, root);
}

function bytesOf(contents: unknown, path: string, skill: string): Buffer {
  if (typeof contents === 'string') return Buffer.from(contents, 'utf8');
  if (contents instanceof Uint8Array) return Buffer.from(contents.buffer, contents.byteOffset, contents.byteLength);
  throw new ConfigurationError(`${skill} has the file "${path}", which is neither a string nor bytes`);
}

/** A path cannot be both a file and a folder. */
function doubleUse(path: string, known: ReadonlySet<string>): string | undefined {
  for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1)) {
    const folder = path.slice(0, end);
    if (known.has(folder)) return `has both a file and a folder called "${folder}"`;
  }
  return undefined;
}

function first(paths: readonly string[], faultOf: (path: string) => string | undefined): string | undefined {
  for (const path of paths) {
    const fault = faultOf(path);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
