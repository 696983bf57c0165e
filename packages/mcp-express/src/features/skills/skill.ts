import { assertKnown, ConfigurationError } from '../../protocol/errors.js';
import { isObject } from '../../protocol/json-rpc.js';
import type { Resource } from '../../protocol/mcp.js';
import { Directories } from './directories.js';
import { type FrontMatter, readFrontMatter } from './front-matter.js';
import {
  asSkillDocument,
  compileFile,
  digestOf,
  fileUri,
  readFiles,
  type SkillFile,
  type SkillFileDigest,
  type SkillFiles,
  textOf,
} from './skill-files.js';
import { rootUri, SKILL_DOCUMENT, skillPathIssue } from './skill-uri.js';

/** A skill: a folder of files that instruct a model (agentskills.io). */
export interface SkillSource {
  /**
   * Path below `skill://`, such as `acme/billing/refunds`. The last segment must be the skill's name. The others are
   * for grouping, and consist of letters, digits and `-._~`.
   * @default the `name` in the front matter of SKILL.md
   */
  readonly path?: string;
  /**
   * Contents by path relative to the skill's folder, with `/` as separator. Strings are served as UTF-8. Requires a
   * `SKILL.md` that begins with YAML front matter with `name` and `description`. At most 512 files and 16 MiB in total.
   */
  readonly files: SkillFiles;
}

/** A skill as `skills/list` and `skills/get` return it (Skills extension, "Skill Entries"). */
export interface SkillEntry {
  /** The URI of its SKILL.md. */
  readonly uri: string;
  readonly frontmatter: FrontMatter;
  /** All files, SKILL.md first. */
  readonly resources: readonly SkillFileDigest[];
}

/** A skill compiled at registration. Immutable. */
export interface CompiledSkill {
  /** The URI of its SKILL.md, which identifies it. */
  readonly key: string;
  /** The URI of its folder. */
  readonly root: string;
  readonly entry: SkillEntry;
  /** Files by URI, in the order of the entry. */
  readonly files: ReadonlyMap<string, SkillFile>;
  /** The direct children of its folder and all subfolders, by the folder's URI. */
  readonly directories: ReadonlyMap<string, readonly Resource[]>;
}

/** @throws ConfigurationError naming the skill and the problem */
export function compileSkill(source: SkillSource): CompiledSkill {
  if (!isObject(source)) throw new ConfigurationError('A skill must be an object with "files"');
  assertKnown(source, ['path', 'files'], 'A skill');
  const nameless = source.path === undefined ? 'A skill' : called(source.path);
  const contents = readFiles(source.files, nameless);
  const manual = textOf(contents.get(SKILL_DOCUMENT) ?? new Uint8Array());
  if (manual === undefined) throw new ConfigurationError(`${nameless} has a ${SKILL_DOCUMENT} that is not UTF-8 text`);
  const frontmatter = readFrontMatter(manual, nameless);
  const path = source.path ?? frontmatter.name;
  const fault = skillPathIssue(path, frontmatter.name);
  if (fault !== undefined) throw new ConfigurationError(`${called(path)} ${fault}`);
  return compiled(rootUri(path), frontmatter, contents);
}

function compiled(root: string, frontmatter: FrontMatter, contents: ReadonlyMap<string, Buffer>): CompiledSkill {
  const files = new Map<string, SkillFile>();
  const directories = new Directories();
  const resources: SkillFileDigest[] = [];
  for (const [path, bytes] of contents) {
    const uri = fileUri(root, path);
    const plain = compileFile(uri, path, bytes);
    const file = path === SKILL_DOCUMENT ? asSkillDocument(plain, frontmatter) : plain;
    const { contents: _, ...listed } = file;
    files.set(uri, file);
    resources.push(digestOf(uri, bytes));
    directories.put(directories.open(root, path.split('/').slice(0, -1)), listed);
  }
  const key = fileUri(root, SKILL_DOCUMENT);
  const entry = Object.freeze({ uri: key, frontmatter, resources: Object.freeze(resources) });
  return Object.freeze({ key, root, entry, files, directories: directories.list() });
}

function called(path: unknown): string {
  return `Skill ${JSON.stringify(path)}`;
}
