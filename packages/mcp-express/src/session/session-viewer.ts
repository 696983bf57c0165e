import type { Principal } from '../auth/principal.js';
import type { Viewer } from '../registry/visibility.js';
import type { SessionRecord } from '../store/store.js';

/** The caller of a session outside its requests, for `visible` functions: without headers. */
export function sessionViewer(
  { client, capabilities, revision }: Pick<SessionRecord, 'client' | 'capabilities' | 'revision'>,
  principal: Principal | undefined,
): Viewer {
  return { principal, client: { info: client, capabilities }, revision };
}
