import { type CompiledResource, compileResource } from '../resources/resource.js';
import type { CompiledSkill } from './skill.js';

/** The SKILL.md of a skill as a resource, for clients that do not support skills. */
export function skillDocumentResource({ key, files }: CompiledSkill): CompiledResource {
  const file = files.get(key);
  // Every compiled skill has a SKILL.md.
  if (file === undefined) throw new Error(`skill ${key} has no SKILL.md`);
  const { contents, uri, name, ...metadata } = file;
  return compileResource(uri, name, metadata, () => ({ contents: [contents] }));
}
