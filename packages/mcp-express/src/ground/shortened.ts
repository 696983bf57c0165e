/** The start of a text, which does not end within a character. */
export function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const start = text.slice(0, longest - 1);
  return `${start.replace(/[\uD800-\uDBFF]$/, '')}…`;
}
