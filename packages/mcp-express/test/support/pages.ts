import type { PageLimit } from 'mcp-express';

/** All of a stream at once. */
export const ALL: PageLimit = { events: 1_000_000, characters: 1_000_000_000 };
