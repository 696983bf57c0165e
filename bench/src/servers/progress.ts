/** The tool `emit` of every server: it sends `count` progress notifications. */
export const EMIT = {
  name: 'emit',
  description: 'Say how far it is, so many times.',
  message: 'Counting the stock of the warehouse in Leiden',
  answer: 'All was said',
} as const;

/** The text of one progress notification, with the members that MCP servers write. */
export function progressText(progressToken: number, progress: number, total: number): string {
  return JSON.stringify({
    jsonrpc: '2.0',
    method: 'notifications/progress',
    params: { progressToken, progress, total, message: EMIT.message },
  });
}
