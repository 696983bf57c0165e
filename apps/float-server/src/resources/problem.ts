import { McpError } from 'mcp-express';
import { FloatApiError } from '../float/errors.js';
import { PlanningError } from '../planning/errors.js';
import { problemText, ToolProblem } from '../tools/problem.js';

/** Does the work, and says in the protocol's words why it could not be done. A bug stays what it is. */
export async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw protocolError(error);
  }
}

function protocolError(error: unknown): unknown {
  const text = problemText(error);
  if (text === undefined) return error;
  // Whoever reads learns from the message what is wrong; the observer learns what lies behind it.
  if (error instanceof FloatApiError) return new McpError(codeOf(error), text, { cause: error });
  return new McpError(isAbsence(error) ? 'resource-not-found' : 'invalid-params', text, { cause: error });
}

function codeOf({ code }: FloatApiError): 'resource-not-found' | 'internal-error' {
  return code === 'not-found' ? 'resource-not-found' : 'internal-error';
}

/** An address of nothing, and not a wrong argument: a name nobody has, a week that is none, a page beyond the last. */
function isAbsence(error: unknown): boolean {
  if (error instanceof PlanningError) return true;
  return error instanceof ToolProblem && error.code !== 'ambiguous-name';
}
