import { ConfigurationError } from '../../protocol/errors.js';
import type { CompiledSkill } from './skill.js';

/**
 * Checks that two skills can be served together. A skill may lie in the folder of another, and its files then belong to
 * both entries (Skills extension, "Resources": completeness extends to nested skills).
 * @throws ConfigurationError when they have the same URI, or different files in the shared folder
 */
export function assertCompatible(one: CompiledSkill, other: CompiledSkill): void {
  if (one.key === other.key) throw new ConfigurationError(`Skill ${one.root} is registered already`);
  const [outer, inner] = one.root.length < other.root.length ? [one, other] : [other, one];
  const folder = `${inner.root}/`;
  if (!folder.startsWith(`${outer.root}/`) || hasSameFiles(outer, inner, folder)) return;
  throw new ConfigurationError(
    `Skill ${inner.root} lies within skill ${outer.root}, which does not have exactly the same files there`,
  );
}

function hasSameFiles(outer: CompiledSkill, inner: CompiledSkill, folder: string): boolean {
  const shared = outer.entry.resources.filter(({ uri }) => uri.startsWith(folder));
  const digests = new Map(inner.entry.resources.map(({ uri, digest }) => [uri, digest]));
  return shared.length === digests.size && shared.every(({ uri, digest }) => digests.get(uri) === digest);
}
