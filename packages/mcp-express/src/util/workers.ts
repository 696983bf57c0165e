/** Environment variable with the number of processes that serve the same port. */
export const WORKERS_VARIABLE = 'MCP_EXPRESS_WORKERS';

/** Whether this process is one of several that `serve` started. */
export function isOneOfSeveral(): boolean {
  return Number(process.env[WORKERS_VARIABLE] ?? 1) > 1;
}
