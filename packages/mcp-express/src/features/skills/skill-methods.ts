import { MAX_LENGTH } from '../../protocol/json-rpc.js';
import { cursorOf, methodNotFound, textParam } from '../../request/method.js';
import type { CacheHints } from '../../request/result-writer.js';
import type { CompiledExtension } from '../extensions/compile-extension.js';
import type { Admission, FeatureDeps } from '../feature.js';

/** The extension's name (SEP-2640). */
export const SKILLS = 'io.modelcontextprotocol/skills';

/** The settings of the skills extension in `server/discover`. */
const SKILL_SETTINGS = { directoryRead: true };

/** The skills extension: `skills/list`, `skills/get` and `resources/directory/read` (SEP-2640). */
export const skillsFeature: CompiledExtension = {
  extension: { id: SKILLS, settings: ({ catalog }) => (catalog.skills.all.length > 0 ? SKILL_SETTINGS : undefined) },
  methods: {
    'skills/list': {
      handle: (call, deps) => call.writer.write({ ...skillsOf(deps).listPage(cursorOf(call.message)) }, hintsOf(deps)),
      admit: assertSkills,
      only: 'stateless',
    },
    'skills/get': {
      handle: (call, deps) =>
        call.writer.write({ ...skillsOf(deps).get(textParam(call.message, 'uri', MAX_LENGTH.uri)) }, hintsOf(deps)),
      admit: assertSkills,
      only: 'stateless',
    },
    'resources/directory/read': {
      handle: (call, deps) =>
        call.writer.write({
          ...skillsOf(deps).readDirectory(textParam(call.message, 'uri', MAX_LENGTH.uri), cursorOf(call.message)),
        }),
      admit: assertSkills,
      only: 'stateless',
    },
  },
};

/** Results are public, because skills are the same for every caller. */
function hintsOf({ server }: FeatureDeps): CacheHints {
  return { ttlMs: server.options.listTtlMs ?? 0, cacheScope: 'public' };
}

function skillsOf({ server }: FeatureDeps): FeatureDeps['server']['catalog']['skills'] {
  return server.catalog.skills;
}

/**
 * On a server without skills, the methods of the extension are unknown.
 * @throws McpError `method-not-found`
 */
function assertSkills({ request }: Admission, { server }: FeatureDeps): void {
  if (server.catalog.skills.all.length === 0) throw methodNotFound(request.method);
}
