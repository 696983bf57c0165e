import { createHash } from 'node:crypto';
import { McpError } from '../../protocol/errors.js';
import type { Resource } from '../../protocol/mcp.js';
import { ListOrder } from '../../registry/list-order.js';
import { Directories } from './directories.js';
import { assertCompatible } from './nested-skills.js';
import { pageOf } from './pages.js';
import type { CompiledSkill, SkillEntry } from './skill.js';
import type { SkillFile } from './skill-files.js';
import { childUri, foldersAbove } from './skill-uri.js';

/** The result of `skills/list`, without members that all results share. */
export interface ListSkillsResult {
  readonly skills: readonly SkillEntry[];
  readonly nextCursor?: string;
}

/** The result of `skills/get`, without members that all results share. */
export interface GetSkillResult {
  readonly skill: SkillEntry;
}

/** The result of `resources/directory/read`, without members that all results share. */
export interface ReadDirectoryResult {
  readonly resources: readonly Resource[];
  readonly nextCursor?: string;
}

/** The registered skills of a server at one time. Immutable. */
export class SkillCatalog {
  readonly #skills: ReadonlyMap<string, CompiledSkill>;
  #fingerprint: string | undefined;
  #files: ReadonlyMap<string, SkillFile> | undefined;
  #directories: ReadonlyMap<string, readonly Resource[]> | undefined;

  /**
   * @param pageSize entries per page, at least 1
   * @param skills skills added by `with`, and therefore compatible with each other
   * @param order the order of registration, including removed skills
   */
  constructor(
    private readonly pageSize: number,
    skills: readonly CompiledSkill[] = [],
    private readonly order = new ListOrder<CompiledSkill>(),
  ) {
    this.#skills = new Map(skills.map((skill) => [skill.key, skill]));
  }

  /** All skills in order of registration, which is the order of the pages. */
  get all(): readonly CompiledSkill[] {
    return [...this.#skills.values()];
  }

  /** The skills as clients see them. */
  get entries(): readonly SkillEntry[] {
    return this.all.map(({ entry }) => entry);
  }

  /** The files of all skills by URI, for `resources/read`. */
  get files(): ReadonlyMap<string, SkillFile> {
    this.#files ??= this.#allFiles();
    return this.#files;
  }

  /** A hash of the skills, identical on every node and after a restart. Empty when there are none. */
  get fingerprint(): string {
    if (this.#skills.size === 0) return '';
    this.#fingerprint ??= createHash('sha256').update(JSON.stringify(this.entries)).digest('base64url').slice(0, 12);
    return this.#fingerprint;
  }

  /**
   * Adds a skill.
   * @throws ConfigurationError when its URI is taken, or it conflicts with a nested skill
   */
  with(skill: CompiledSkill): SkillCatalog {
    for (const other of this.#skills.values()) assertCompatible(skill, other);
    this.order.add(skill);
    return new SkillCatalog(this.pageSize, [...this.all, skill], this.order);
  }

  /** Removes a skill. Its URI and those of its folders are remembered, because cursors may name them. */
  without(skill: CompiledSkill): SkillCatalog {
    if (this.find(skill.key) !== skill) return this;
    this.order.remove(skill, [skill.key, ...foldersTo(skill.root)]);
    const others = this.all.filter((other) => other !== skill);
    return new SkillCatalog(this.pageSize, others, this.order);
  }

  /** The skill whose SKILL.md has this URI. */
  find(uri: string): CompiledSkill | undefined {
    return this.#skills.get(uri);
  }

  fileAt(uri: string): SkillFile | undefined {
    return this.files.get(uri);
  }

  /** The direct children of a folder: of a skill, within a skill, or above skills. */
  directoryAt(uri: string): readonly Resource[] | undefined {
    this.#directories ??= this.#allDirectories();
    return this.#directories.get(uri);
  }

  /**
   * One page of `skills/list`.
   * @throws McpError `invalid-params` for an unknown cursor
   */
  listPage(cursor: string | undefined): ListSkillsResult {
    const { all, pageSize } = this;
    const placeOfGone = this.#placeIn(all, (skill) => this.order.of(skill));
    const { shown, next } = pageOf({ all, pageSize, uriOf: ({ key }) => key, indexAfterRemoved: placeOfGone }, cursor);
    return { skills: shown.map(({ entry }) => entry), ...next };
  }

  /** @throws McpError `invalid-params` when no skill has this URI */
  get(uri: string): GetSkillResult {
    const skill = this.find(uri);
    if (skill === undefined) throw new McpError('invalid-params', 'No skill is served at this URI', { data: { uri } });
    return { skill: skill.entry };
  }

  /**
   * One page of a directory.
   * @throws McpError `invalid-params` when there is no directory with this URI, or for an unknown cursor
   */
  readDirectory(uri: string, cursor: string | undefined): ReadDirectoryResult {
    const children = this.directoryAt(uri);
    if (children === undefined) {
      throw new McpError('invalid-params', 'No directory is served at this URI', { data: { uri } });
    }
    const { pageSize } = this;
    const placeOfGone = this.#placeIn(children, (child) => this.#firstWithin(child.uri));
    const { shown, next } = pageOf(
      { all: children, pageSize, uriOf: ({ uri }) => uri, indexAfterRemoved: placeOfGone },
      cursor,
    );
    return { resources: shown, ...next };
  }

  #placeIn<T>(all: readonly T[], numberOf: (entry: T) => number): (cursor: string) => number | undefined {
    return (cursor) => {
      const gone = this.order.ofRemoved(cursor);
      if (gone === undefined) return undefined;
      const next = all.findIndex((entry) => numberOf(entry) > gone);
      return next === -1 ? all.length : next;
    };
  }

  /** A folder above skills has the number of the first of them. */
  #firstWithin(folder: string): number {
    const within = this.all.filter(({ root }) => root === folder || root.startsWith(`${folder}/`));
    return Math.min(...within.map((skill) => this.order.of(skill)));
  }

  #allFiles(): ReadonlyMap<string, SkillFile> {
    const files = new Map<string, SkillFile>();
    for (const skill of this.all) {
      for (const [uri, file] of skill.files) {
        // Files that belong to two skills are identical, except for the listing of the inner SKILL.md, which has the
        // inner skill's name.
        if (uri === skill.key || !files.has(uri)) files.set(uri, file);
      }
    }
    return files;
  }

  #allDirectories(): ReadonlyMap<string, readonly Resource[]> {
    const directories = new Map(this.#groups());
    // Folders of skills override groups; roots of nested skills override the folders of outer skills (see `#allFiles`).
    for (const skill of this.all) for (const [uri, children] of skill.directories) directories.set(uri, children);
    for (const { root, directories: own } of this.all) directories.set(root, own.get(root) ?? []);
    return directories;
  }

  /** The folders above skills. They contain only folders and skills. */
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
