import { MAX_LENGTH } from '../../ground/lengths.js';
import type { CacheHints } from '../../server/result-writer.js';
import { cursorOf, type Method, type MethodParts, methodNotFound, textParam } from './method.js';

/** The extension's name (SEP-2640). */
export const SKILLS = 'io.modelcontextprotocol/skills';

/** What a server says of its skills in `server/discover`. */
export const SKILL_SETTINGS = { directoryRead: true };

/** The requests about skills. */
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

/** Skills are the same for everybody. */
function hintsOf({ server }: MethodParts): CacheHints {
  return { ttlMs: server.options.listTtlMs ?? 0, cacheScope: 'public' };
}

function skillsOf({ server }: MethodParts): MethodParts['server']['catalog']['skills'] {
  return server.catalog.skills;
}

/** A server without skills does not know what is asked. */
export function assertSkills({ server }: MethodParts, method: string): void {
  if (server.catalog.skills.all.length === 0) throw methodNotFound(method);
}
