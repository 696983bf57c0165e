/** How a process knows that it is one of several that serve the same port: how many there are. */
export const WORKERS_VARIABLE = 'MCP_EXPRESS_WORKERS';

/** This process is one of several that `serve` has started. */
export function isOneOfSeveral(): boolean {
  return Number(process.env[WORKERS_VARIABLE] ?? 1) > 1;
}
