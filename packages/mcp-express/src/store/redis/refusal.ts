const REFUSED = /\bNOPERM\b|unknown command/i;

/** Redis does not let its user do something, or does not know it: it will not pass by itself. */
export function isRefusal(cause: unknown): boolean {
  return REFUSED.test(String(cause));
}
