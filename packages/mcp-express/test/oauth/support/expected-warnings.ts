/**
 * Keeps warnings that have this text from the console while something is done that is meant to cause them. All others are
 * shown, so that new ones are seen.
 */
export async function expectingWarning<T>(expected: string, work: () => Promise<T>): Promise<T> {
  const { warn } = console;
  console.warn = (...told: unknown[]) => {
    if (!String(told[0]).includes(expected)) warn(...told);
  };
  try {
    return await work();
  } finally {
    console.warn = warn;
  }
}

/** The 2.x client tells of each grant that is refused, before it begins anew. */
export const GRANT_REFUSED = '[mcp-sdk] OAuth "invalid_grant"';
