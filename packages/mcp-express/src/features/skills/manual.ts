import { type CompiledResource, compileResource } from '../resources/resource.js';
import type { CompiledSkill } from './skill.js';

/** The SKILL.md of a skill, as the resource by which clients that know no skills find it. */
export function manualResource({ key, files }: CompiledSkill): CompiledResource {
  const file = files.get(key);
  // A compiled skill has its SKILL.md.
  if (file === undefined) throw new Error(`skill ${key} lost its manual`);
  const { contents, uri, name, ...metadata } = file;
  return compileResource(uri, name, metadata, () => ({ contents: [contents] }));
}
