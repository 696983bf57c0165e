/** What the tool `emit` says, in every server: `count` steps, each a notification of progress. */
export const EMIT = {
  name: 'emit',
  description: 'Say how far it is, so many times.',
  message: 'Counting the stock of the warehouse in Leiden',
  answer: 'All was said',
} as const;

/** The text of one notification, as the servers that speak MCP write it. */
export function progressText(progressToken: number, progress: number, total: number): string {
  return JSON.stringify({
    jsonrpc: '2.0',
    method: 'notifications/progress',
    params: { progressToken, progress, total, message: EMIT.message },
  });
}
