import { createHash } from 'node:crypto';
import { McpError } from '../../protocol/errors.js';
import type { Resource } from '../../protocol/mcp.js';
import { ListOrder } from '../../registry/list-order.js';
import { Directories } from './directories.js';
import { assertSideBySide } from './nested-skills.js';
import { pageOf } from './pages.js';
import type { CompiledSkill, SkillEntry } from './skill.js';
import type { SkillFile } from './skill-files.js';
import { childUri, foldersAbove } from './skill-uri.js';

/** The result of `skills/list`, without what every result or every list has. */
export interface ListSkillsResult {
  readonly skills: readonly SkillEntry[];
  readonly nextCursor?: string;
}

/** The result of `skills/get`, likewise. */
export interface GetSkillResult {
  readonly skill: SkillEntry;
}

/** The result of `resources/directory/read`, likewise. */
export interface ReadDirectoryResult {
  readonly resources: readonly Resource[];
  readonly nextCursor?: string;
}

/** The skills of a server at one moment. Immutable. */
export class SkillShelf {
  readonly #skills: ReadonlyMap<string, CompiledSkill>;
  #fingerprint: string | undefined;
  #files: ReadonlyMap<string, SkillFile> | undefined;
  #directories: ReadonlyMap<string, readonly Resource[]> | undefined;

  /**
   * @param pageSize entries on one page of a list, at least 1.
   * @param skills of which each was put `with` the others before.
   * @param order of these and of those that have gone.
   */
  constructor(
    private readonly pageSize: number,
    skills: readonly CompiledSkill[] = [],
    private readonly order = new ListOrder<CompiledSkill>(),
  ) {
    this.#skills = new Map(skills.map((skill) => [skill.key, skill]));
  }

  /** In order of registration, which is the order of every page. */
  get all(): readonly CompiledSkill[] {
    return [...this.#skills.values()];
  }

  /** The same as clients see them. */
  get entries(): readonly SkillEntry[] {
    return this.all.map(({ entry }) => entry);
  }

  /** Each file of each skill once, by URI: what `resources/read` reads, and `resources/list` may list. */
  get files(): ReadonlyMap<string, SkillFile> {
    this.#files ??= this.#allFiles();
    return this.#files;
  }

  /** The same for the same skills, on every node and after a restart; empty when there are none. */
  get fingerprint(): string {
    if (this.#skills.size === 0) return '';
    this.#fingerprint ??= createHash('sha256').update(JSON.stringify(this.entries)).digest('base64url').slice(0, 12);
    return this.#fingerprint;
  }

  /** @throws ConfigurationError when its URI is taken, or it lies within another skill that has other files there. */
  with(skill: CompiledSkill): SkillShelf {
    for (const other of this.#skills.values()) assertSideBySide(skill, other);
    this.order.add(skill);
    return new SkillShelf(this.pageSize, [...this.all, skill], this.order);
  }

  /** Cursors may have named it in the list, or its folder and those above it in directories. */
  without(skill: CompiledSkill): SkillShelf {
    if (this.find(skill.key) !== skill) return this;
    this.order.remove(skill, [skill.key, ...foldersTo(skill.root)]);
    const others = this.all.filter((other) => other !== skill);
    return new SkillShelf(this.pageSize, others, this.order);
  }

  /** The skill whose SKILL.md has this URI. */
  find(uri: string): CompiledSkill | undefined {
    return this.#skills.get(uri);
  }

  fileAt(uri: string): SkillFile | undefined {
    return this.files.get(uri);
  }

  /** The direct children of a skill's folder, a folder in it, or one that skills are grouped by. */
  directoryAt(uri: string): readonly Resource[] | undefined {
    this.#directories ??= this.#allDirectories();
    return this.#directories.get(uri);
  }

  /** @throws McpError `invalid-params` for a cursor that it does not know. */
  listPage(cursor: string | undefined): ListSkillsResult {
    const { all, pageSize } = this;
    const placeOfGone = this.#placeIn(all, (skill) => this.order.of(skill));
    const { shown, next } = pageOf({ all, pageSize, uriOf: ({ key }) => key, placeOfGone }, cursor);
    return { skills: shown.map(({ entry }) => entry), ...next };
  }

  /** @throws McpError `invalid-params` when no skill has this URI. */
  get(uri: string): GetSkillResult {
    const skill = this.find(uri);
    if (skill === undefined) throw new McpError('invalid-params', 'No skill is served at this URI', { data: { uri } });
    return { skill: skill.entry };
  }

  /** @throws McpError `invalid-params` when the URI is no directory's, or for a cursor that the directory does not know. */
  readDirectory(uri: string, cursor: string | undefined): ReadDirectoryResult {
    const children = this.directoryAt(uri);
    if (children === undefined) {
      throw new McpError('invalid-params', 'No directory is served at this URI', { data: { uri } });
    }
    const { pageSize } = this;
    const placeOfGone = this.#placeIn(children, (child) => this.#firstWithin(child.uri));
    const { shown, next } = pageOf({ all: children, pageSize, uriOf: ({ uri }) => uri, placeOfGone }, cursor);
    return { resources: shown, ...next };
  }

  #placeIn<T>(all: readonly T[], numberOf: (entry: T) => number): (cursor: string) => number | undefined {
    return (cursor) => {
      const gone = this.order.ofGone(cursor);
      if (gone === undefined) return undefined;
      const next = all.findIndex((entry) => numberOf(entry) > gone);
      return next === -1 ? all.length : next;
    };
  }

  /** A folder above skills is there from the first of them on. */
  #firstWithin(folder: string): number {
    const within = this.all.filter(({ root }) => root === folder || root.startsWith(`${folder}/`));
    return Math.min(...within.map((skill) => this.order.of(skill)));
  }

  #allFiles(): ReadonlyMap<string, SkillFile> {
    const files = new Map<string, SkillFile>();
    for (const skill of this.all) {
      for (const [uri, file] of skill.files) {
        // A file of two skills is the same in both, but for the SKILL.md of the inner: that is listed as the inner says.
        if (uri === skill.key || !files.has(uri)) files.set(uri, file);
      }
    }
    return files;
  }

  #allDirectories(): ReadonlyMap<string, readonly Resource[]> {
    const directories = new Map(this.#groups());
    // Whole skills after mere groups; and last, folders of skills that lie within others (see `#allFiles`).
    for (const skill of this.all) for (const [uri, children] of skill.directories) directories.set(uri, children);
    for (const { root, directories: own } of this.all) directories.set(root, own.get(root) ?? []);
    return directories;
  }

  /** The folders above skills, with only what leads to skills in them. */
  #groups(): ReadonlyMap<string, readonly Resource[]> {
    const groups = new Directories();
    for (const { root } of this.all) {
      const { top, names } = foldersAbove(root);
      groups.open(top, names);
    }
    return groups.list();
  }
}

function foldersTo(root: string): readonly string[] {
  const { top, names } = foldersAbove(root);
  let folder = top;
  return names.map((name) => {
    folder = childUri(folder, name);
    return folder;
  });
}
