import { fieldsOf, type ResourceKey, resourceOf } from '../../float/resources.js';
import { rulesOf } from '../rules/index.js';
import type { AskedQuery } from '../rules/rules.js';
import type { Row } from '../store/store.js';
import type { World } from '../world.js';

/** A stored row as Float answers it: derived values, the expansions that were asked for, perhaps only some fields. */
export function presentRecord(world: World, key: ResourceKey, shown: { row: Row; query: AskedQuery }): Row {
  const resource = resourceOf(key);
  const { row, query } = shown;
  const expand = new Set(words(query['expand']));
  const only = resource.supports?.includes('fields') ? words(query['fields']) : [];
  const derived = rulesOf(key).present?.(world, row) ?? {};
  const answer: Row = {};
  for (const [name, field] of fieldsOf(resource)) {
    if (field.writeOnly || (field.expand && !expand.has(name))) continue;
    if (only.length > 0 && !only.includes(name) && !expand.has(name)) continue;
    const value = field.expand ? rulesOf(key).expand?.[name]?.(world, row, query) : (derived[name] ?? row[name]);
    if (value !== undefined) answer[name] = value;
  }
  return answer;
}

function words(text: string | undefined): string[] {
  return text === undefined ? [] : text.split(',').filter((word) => word !== '');
}
