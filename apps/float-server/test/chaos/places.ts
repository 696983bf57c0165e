import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The root of the repository, from the sources as from what was compiled of them. */
export const ROOT = above(import.meta.dirname);

/** What is shipped for nginx. */
export const NGINX_CONFIG = join(ROOT, 'deploy/nginx/float-server.conf');

export const FLOAT_SERVER = built('apps/float-server/dist/main.js');

/** The server of this folder, which writes down what it runs. */
export const CHAOS_NODE = built('apps/float-server/test/chaos/dist/node/main.js');

function above(folder: string): string {
  return existsSync(join(folder, 'pnpm-workspace.yaml')) ? folder : above(dirname(folder));
}

function built(path: string): string {
  return join(ROOT, path);
}
