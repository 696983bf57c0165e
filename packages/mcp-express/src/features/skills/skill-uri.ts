/** The URI scheme of the extension (Skills extension, "Resource Mapping"). */
const SCHEME = 'skill://';

/** The file that every skill has at its root. */
export const SKILL_DOCUMENT = 'SKILL.md';

/**
 * RFC 3986, "unreserved": these characters mean the same in an authority and in a path, and are never percent-encoded.
 */
const PLAIN_SEGMENT = /^[A-Za-z0-9\-._~]+$/;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const UNSAFE = /[\u0000-\u001F\u007F\\\p{Surrogate}]/u;

/** The URI of a skill's folder, without a trailing slash. */
export function rootUri(path: string): string {
  return `${SCHEME}${path}`;
}

/** The folders from the top down to a skill: the URI of the topmost, and the names below it. */
export function foldersAbove(root: string): { readonly top: string; readonly names: readonly string[] } {
  const [first = '', ...names] = root.slice(SCHEME.length).split('/');
  return { top: rootUri(first), names };
}

/** The URI of a file or folder within a folder. */
export function childUri(folder: string, name: string): string {
  return `${folder}/${encodeURIComponent(name)}`;
}

/** The reason why a skill with this name cannot have this path below `skill://`. */
export function skillPathIssue(path: unknown, name: string): string | undefined {
  if (typeof path !== 'string') return 'has a path that is not a string';
  const segments = path.split('/');
  if (segments.at(-1) !== name) return `has a path whose last segment is not its name, "${name}"`;
  const bad = segments.find((segment) => !PLAIN_SEGMENT.test(segment) || isDots(segment));
  if (bad === undefined) return undefined;
  return `has the segment ${JSON.stringify(bad)} in its path; allowed are letters, digits and -._~`;
}

/** The reason why a file of a skill cannot have this path, relative to the skill's folder. */
export function filePathIssue(path: string): string | undefined {
  const where = `has the file ${JSON.stringify(path)}, whose path`;
  if (UNSAFE.test(path)) return `${where} has a backslash or a control character in it`;
  const bad = path.split('/').find((segment) => segment === '' || isDots(segment));
  if (bad === undefined) return undefined;
  return bad === '' ? `${where} has an empty segment: it must be relative` : `${where} has the segment "${bad}" in it`;
}

function isDots(segment: string): boolean {
  return segment === '.' || segment === '..';
}
