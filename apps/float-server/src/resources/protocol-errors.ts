import { FloatApiError } from 'float-api';
import { McpError } from 'mcp-express';
import { PlanningError } from 'resource-planning';
import { problemText, ToolProblem } from '../tools/problem.js';

/** Runs work and converts its problems to protocol errors. Unexpected errors are rethrown unchanged. */
export async function withProtocolErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw protocolError(error);
  }
}

function protocolError(error: unknown): unknown {
  const text = problemText(error);
  if (text === undefined) return error;
  // The message is for the client; the cause is for observers.
  if (error instanceof FloatApiError) return new McpError(codeOf(error), text, { cause: error });
  return new McpError(isAbsence(error) ? 'resource-not-found' : 'invalid-params', text, { cause: error });
}

function codeOf({ code }: FloatApiError): 'resource-not-found' | 'internal-error' {
  return code === 'not-found' ? 'resource-not-found' : 'internal-error';
}

/** Whether the error means that the URI names nothing (an unknown name, week or page) rather than a wrong argument. */
function isAbsence(error: unknown): boolean {
  if (error instanceof PlanningError) return true;
  return error instanceof ToolProblem && error.code !== 'ambiguous-name';
}
