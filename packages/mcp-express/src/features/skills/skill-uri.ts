/** The extension's own scheme (Skills extension, "Resource Mapping"). */
const SCHEME = 'skill://';

/** What every skill has at its root. */
export const MANUAL = 'SKILL.md';

/** RFC 3986, "unreserved": they mean the same in an authority and in a path, and are never percent-encoded. */
const PLAIN_SEGMENT = /^[A-Za-z0-9\-._~]+$/;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const UNSAFE = /[\u0000-\u001F\u007F\\\p{Surrogate}]/u;

/** The URI of the folder a skill is served as: no trailing slash. */
export function rootUri(path: string): string {
  return `${SCHEME}${path}`;
}

/** The way down to a skill's folder: the URI of the topmost folder, and the names of those within it. */
export function foldersAbove(root: string): { readonly top: string; readonly names: readonly string[] } {
  const [first = '', ...names] = root.slice(SCHEME.length).split('/');
  return { top: rootUri(first), names };
}

export function childUri(folder: string, name: string): string {
  return `${folder}/${encodeURIComponent(name)}`;
}

/** Why a skill of this name cannot be served at this path below `skill://`. */
export function skillPathFault(path: unknown, name: string): string | undefined {
  if (typeof path !== 'string') return 'has a path that is no text';
  const segments = path.split('/');
  if (segments.at(-1) !== name) return `has a path whose last segment is not its name, "${name}"`;
  const bad = segments.find((segment) => !PLAIN_SEGMENT.test(segment) || isDots(segment));
  if (bad === undefined) return undefined;
  return `has the segment ${JSON.stringify(bad)} in its path; allowed are letters, digits and -._~`;
}

/** Why a file of a skill cannot have this path, which is relative to the skill's folder. */
export function filePathFault(path: string): string | undefined {
  const where = `has the file ${JSON.stringify(path)}, whose path`;
  if (UNSAFE.test(path)) return `${where} has a backslash or a control character in it`;
  const bad = path.split('/').find((segment) => segment === '' || isDots(segment));
  if (bad === undefined) return undefined;
  return bad === '' ? `${where} has an empty segment: it must be relative` : `${where} has the segment "${bad}" in it`;
}

function isDots(segment: string): boolean {
  return segment === '.' || segment === '..';
}
