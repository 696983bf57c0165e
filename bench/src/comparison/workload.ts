import { type BenchTool, toolsOf } from '../tools.js';
import { callRequest, type Era, listRequest, type PreparedRequest } from '../wire/messages.js';

/** `first-tool`: calls to one tool; `mixed`: one list for each nine calls. */
export type Kind = 'calls' | 'first-tool' | 'lists' | 'mixed';

/** The kind of requests of a load, and how the client connects. */
export interface Workload {
  readonly kind: Kind;
  readonly era: Era;
}

/** Prepared requests: more than are ever in flight, so that no two of those have the same id. */
const POOL = 2_000;
/** A mixed load has one list in this many requests. */
const LIST_EVERY = 10;

/** The requests of a load, made before it starts, so that making them costs it nothing. */
export function preparedRequests({ kind, era }: Workload, toolCount: number): readonly PreparedRequest[] {
  const tools = toolsOf(toolCount);
  return Array.from({ length: POOL }, (_, number) => requestOf(kind, era, tools, number));
}

function requestOf(kind: Kind, era: Era, tools: readonly BenchTool[], number: number): PreparedRequest {
  if (kind === 'lists' || (kind === 'mixed' && number % LIST_EVERY === 0)) return listRequest(number, tools, era);
  const tool = kind === 'first-tool' ? tools[0]! : tools[(number * 7) % tools.length]!;
  return callRequest(number, tool, era);
}
