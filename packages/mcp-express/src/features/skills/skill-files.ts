import { createHash } from 'node:crypto';
import { ConfigurationError } from '../../protocol/errors.js';
import type { BlobResourceContents, Resource, TextResourceContents } from '../../protocol/mcp.js';
import type { FrontMatter } from './front-matter.js';
import { isTextual, mediaTypeOf } from './media-type.js';
import { childUri, filePathFault, MANUAL } from './skill-uri.js';

/** What every conforming client loads (Skills extension, "Limits"): SKILL.md included. */
export const MAX_FILES = 512;
/** Bytes of all files of a skill, likewise: 16 MiB. */
export const MAX_BYTES = 16 * 1_024 * 1_024;

/** A file of a skill: its entry in `resources/list`, and what `resources/read` returns of it. */
export interface SkillFile extends Resource {
  readonly mimeType: string;
  /** Bytes, before any encoding. */
  readonly size: number;
  /** The one element of `contents`. */
  readonly contents: TextResourceContents | BlobResourceContents;
}

/** A file as an entry of `skills/list` names it. */
export interface SkillFileDigest {
  readonly uri: string;
  /** Of the file's bytes: `sha256:` and 64 lower-case hexadecimal digits. */
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
}

export type SkillFiles = Readonly<Record<string, string | Uint8Array>>;

/**
 * The files as bytes: SKILL.md first, the others by their paths, so that a skill looks the same on every node.
 *
 * @param skill what messages call it.
 * @throws ConfigurationError when there are too many, too much of them, none called SKILL.md, or a path is not allowed.
 */
export function readFiles(files: SkillFiles, skill: string): ReadonlyMap<string, Buffer> {
  if (typeof files !== 'object' || files === null || !Object.hasOwn(files, MANUAL)) {
    throw new ConfigurationError(`${skill} needs "files" with a "${MANUAL}"`);
  }
  const others = Object.keys(files).filter((path) => path !== MANUAL);
  const paths = [MANUAL, ...others.sort()];
  if (paths.length > MAX_FILES) throw new ConfigurationError(`${skill} has more than ${MAX_FILES} files`);
  const known = new Set(paths);
  const fault = first(paths, (path) => filePathFault(path) ?? doubleUse(path, known));
  if (fault !== undefined) throw new ConfigurationError(`${skill} ${fault}`);
  const bytes = new Map(paths.map((path) => [path, bytesOf(files[path], path, skill)]));
  const total = [...bytes.values()].reduce((sum, { length }) => sum + length, 0);
  if (total > MAX_BYTES) throw new ConfigurationError(`${skill} has files of more than ${MAX_BYTES} bytes in all`);
  return bytes;
}

/** Decodes to what encodes to the same bytes again, or `undefined`: clients check the digest against what they encode. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** A file as clients list and read it. */
export function compileFile(uri: string, path: string, bytes: Buffer): SkillFile {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const known = mediaTypeOf(name);
  const text = known === undefined || isTextual(known) ? textOf(bytes) : undefined;
  const mimeType = known ?? (text === undefined ? 'application/octet-stream' : 'text/plain');
  const contents = text === undefined ? { uri, mimeType, blob: bytes.toString('base64') } : { uri, mimeType, text };
  return Object.freeze({ uri, name, mimeType, size: bytes.length, contents: Object.freeze(contents) });
}

/** What a skill's own SKILL.md is listed as (Skills extension, "Resource Metadata"). */
export function asManual(file: SkillFile, { name, description }: FrontMatter): SkillFile {
  return Object.freeze({ ...file, name, description });
}

export function digestOf(uri: string, bytes: Buffer): SkillFileDigest {
  const hash = createHash('sha256').update(bytes).digest('hex');
  return Object.freeze({ uri, digest: `sha256:${hash}`, size: bytes.length });
}

export function fileUri(root: string, path: string): string {
  return path.split('/').reduce(childUri, root);
}

function bytesOf(contents: unknown, path: string, skill: string): Buffer {
  if (typeof contents === 'string') return Buffer.from(contents, 'utf8');
  if (contents instanceof Uint8Array) return Buffer.from(contents.buffer, contents.byteOffset, contents.byteLength);
  throw new ConfigurationError(`${skill} has the file "${path}", which is neither a string nor bytes`);
}

/** `a` cannot be a file when there is `a/b`. */
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
