import type { Dirent, Stats } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { ConfigurationError, kindOf } from '../../protocol/errors.js';
import { compileSkill, type SkillSource } from './skill.js';
import { MAX_BYTES, MAX_FILES } from './skill-files.js';

/**
 * Reads a skill from a folder and its subfolders. Names that begin with a dot are skipped, because all files are served
 * to every client, and `.git` or `.env` should not be. Symbolic links are followed within the folder.
 * @throws ConfigurationError naming the folder when it is unreadable or not a skill, has more than 512 files or 16 MiB,
 * or a symbolic link that leads out of it
 */
export async function loadSkill(directory: string): Promise<SkillSource> {
  if (typeof directory !== 'string') {
    throw new ConfigurationError(`loadSkill takes the path of a folder, a string; it was given ${kindOf(directory)}`);
  }
  try {
    const reader = new FolderReader(await realpath(directory));
    await reader.readAll();
    const source = { files: Object.fromEntries(reader.files) };
    // Compiled here as well, because errors at registration could not name the folder.
    compileSkill(source);
    return source;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigurationError(`The folder "${directory}" cannot be loaded as a skill: ${why}`, { cause });
  }
}

class FolderReader {
  readonly files = new Map<string, Buffer>();
  #bytes = 0;
  #folders = 0;
  /** The ancestors of the current folder, to detect cycles. */
  readonly #open = new Set<string>();

  constructor(private readonly root: string) {}

  async readAll(): Promise<void> {
    await this.#readFolder(this.root, '');
  }

  /** @param path relative to the root, with a trailing slash; empty for the root */
  async #readFolder(real: string, path: string): Promise<void> {
    if (this.#open.has(real)) throw new ConfigurationError(`"${path}" is a symbolic link to one of its parent folders`);
    this.#folders += 1;
    // Links between folders can multiply them exponentially, even without files.
    if (this.#folders > MAX_FILES) throw new ConfigurationError(`it has more than ${MAX_FILES} folders`);
    this.#open.add(real);
    for (const entry of await readdir(real, { withFileTypes: true })) {
      if (!entry.name.startsWith('.')) await this.#readEntry(entry, join(real, entry.name), `${path}${entry.name}`);
    }
    this.#open.delete(real);
  }

  async #readEntry(entry: Dirent, place: string, path: string): Promise<void> {
    const real = entry.isSymbolicLink() ? await this.#follow(place, path) : place;
    const what = await stat(real);
    if (what.isDirectory()) return await this.#readFolder(real, `${path}/`);
    if (!what.isFile()) throw new ConfigurationError(`"${path}" is neither a file nor a folder`);
    await this.#readFile(real, path, what);
  }

  async #follow(place: string, path: string): Promise<string> {
    const real = await realpath(place);
    if (real === this.root || real.startsWith(`${this.root}${sep}`)) return real;
    throw new ConfigurationError(`"${path}" is a symbolic link that leads out of it`);
  }

  async #readFile(real: string, path: string, { size }: Stats): Promise<void> {
    if (this.files.size === MAX_FILES) throw new ConfigurationError(`it has more than ${MAX_FILES} files`);
    if (this.#bytes + size > MAX_BYTES) throw new ConfigurationError(`it has more than ${MAX_BYTES} bytes in all`);
    const bytes = await readFile(real);
    this.#bytes += bytes.length;
    this.files.set(path, bytes);
  }
}
