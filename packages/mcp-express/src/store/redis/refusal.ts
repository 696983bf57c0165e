const REFUSED = /\bNOPERM\b|unknown command/i;

/** Whether Redis refused a command for good: the user has no permission, or the server does not know the command. */
export function isRefusal(cause: unknown): boolean {
  return REFUSED.test(String(cause));
}
