import { MAX_LENGTH } from '../../protocol/lengths.js';
import { cursorOf, type Method, type MethodParts, methodNotFound, textParam } from '../../request/method.js';
import type { CacheHints } from '../../request/result-writer.js';

/** The extension's name (SEP-2640). */
export const SKILLS = 'io.modelcontextprotocol/skills';

/** The settings of the skills extension in `server/discover`. */
export const SKILL_SETTINGS = { directoryRead: true };

/** The methods of the skills extension. */
export const SKILL_METHODS: readonly (readonly [string, Method])[] = [
  [
    'skills/list',
    (call, parts) => call.writer.write({ ...skillsOf(parts).listPage(cursorOf(call.message)) }, hintsOf(parts)),
  ],
  [
    'skills/get',
    (call, parts) =>
      call.writer.write({ ...skillsOf(parts).get(textParam(call.message, 'uri', MAX_LENGTH.uri)) }, hintsOf(parts)),
  ],
  [
    'resources/directory/read',
    (call, parts) =>
      call.writer.write({
        ...skillsOf(parts).readDirectory(textParam(call.message, 'uri', MAX_LENGTH.uri), cursorOf(call.message)),
      }),
  ],
];

/** Results are public, because skills are the same for every caller. */
function hintsOf({ server }: MethodParts): CacheHints {
  return { ttlMs: server.options.listTtlMs ?? 0, cacheScope: 'public' };
}

function skillsOf({ server }: MethodParts): MethodParts['server']['catalog']['skills'] {
  return server.catalog.skills;
}

/**
 * On a server without skills, the methods of the extension are unknown.
 * @throws McpError `method-not-found`
 */
export function assertSkills({ server }: MethodParts, method: string): void {
  if (server.catalog.skills.all.length === 0) throw methodNotFound(method);
}
