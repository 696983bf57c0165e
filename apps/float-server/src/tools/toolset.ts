import type { Toolset } from '../config.js';
import { aliasTools } from './granular/aliases.js';
import { granularTools } from './granular/index.js';
import { tools } from './index.js';
import type { FloatTool } from './tool.js';

const SETS: Readonly<Record<Toolset, readonly FloatTool[]>> = {
  consolidated: tools,
  granular: granularTools,
  aliases: aliasTools,
};

/** The tools of the given sets without duplicates: many old names are also current ones. */
export function toolsOf(sets: readonly Toolset[]): readonly FloatTool[] {
  const named = new Map<string, FloatTool>();
  for (const tool of sets.flatMap((set) => SETS[set])) if (!named.has(tool.name)) named.set(tool.name, tool);
  return [...named.values()];
}
