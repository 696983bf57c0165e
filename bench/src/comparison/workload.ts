import { type BenchTool, toolsOf } from '../tools.js';
import { callRequest, type Era, listRequest, type PreparedRequest } from '../wire/messages.js';

/** `first-tool`: calls to one tool; `mixed`: one list for each nine calls. */
export type Kind = 'calls' | 'first-tool' | 'lists' | 'mixed';

export interface Workload {
  readonly kind: Kind;
  readonly era: Era;
}

/** More than are ever under way at a time, so that no two of those have the same id. */
const POOL = 2_000;
/** One list in so many requests. */
const LIST_EVERY = 10;

/** The requests of a load, made before it: their cost is no part of it. */
export function preparedRequests({ kind, era }: Workload, toolCount: number): readonly PreparedRequest[] {
  const tools = toolsOf(toolCount);
  return Array.from({ length: POOL }, (_, number) => requestOf(kind, era, tools, number));
}

function requestOf(kind: Kind, era: Era, tools: readonly BenchTool[], number: number): PreparedRequest {
  if (kind === 'lists' || (kind === 'mixed' && number % LIST_EVERY === 0)) return listRequest(number, tools, era);
  const tool = kind === 'first-tool' ? tools[0]! : tools[(number * 7) % tools.length]!;
  return callRequest(number, tool, era);
}
