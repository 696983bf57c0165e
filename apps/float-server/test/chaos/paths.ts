import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The root of the repository, found from the sources as well as from compiled files. */
export const ROOT = above(import.meta.dirname);

/** The shipped configuration of nginx. */
export const NGINX_CONFIG = join(ROOT, 'deploy/nginx/float-server.conf');

/** The built float-server. */
export const FLOAT_SERVER = built('apps/float-server/dist/main.js');

/** The server of this folder, which keeps a journal of its calls. */
export const CHAOS_NODE = built('apps/float-server/test/chaos/dist/node/main.js');

/** The thread of the proxies between nodes and the store. */
export const LINES_THREAD = built('apps/float-server/test/chaos/dist/cluster/lines-thread.js');

function above(folder: string): string {
  return existsSync(join(folder, 'pnpm-workspace.yaml')) ? folder : above(dirname(folder));
}

function built(path: string): string {
  return join(ROOT, path);
}
