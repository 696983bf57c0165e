/** Float's timestamp format: YYYY-MM-DD HH:mm:ss. */
export function stampOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}
