import { fieldsOf, type ResourceKey, resourceOf } from 'float-api';
import { rulesOf } from '../rules/index.js';
import type { RequestQuery } from '../rules/rules.js';
import type { Row } from '../store/store.js';
import type { World } from '../world.js';

/** Converts a stored row to a response: derived values, requested expansions, and the requested fields only. */
export function presentRecord(world: World, key: ResourceKey, shown: { row: Row; query: RequestQuery }): Row {
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
