import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NGINX_CONFIG } from '../paths.js';
import { freePort, isTaken } from './port.js';
import { Program } from './program.js';

/** The shipped configuration with other addresses, substituted as described in its first lines. */
export function withAddresses(config: string, listen: number, nodes: readonly number[]): string {
  const placed = nodes.reduce(
    (text, port, index) => text.replaceAll(`node${index + 1}:3000`, `127.0.0.1:${port}`),
    config,
  );
  return placed.replace('listen 8080;', `listen 127.0.0.1:${listen};`);
}

/** nginx with the shipped configuration, in front of nodes on this machine. */
export class Nginx {
  private constructor(
    private readonly program: Program,
    /** The MCP endpoint. */
    readonly url: string,
  ) {}

  /** @param folder directory for its files */
  static async start(folder: string, nodes: readonly number[]): Promise<Nginx> {
    mkdirSync(folder, { recursive: true });
    const port = await freePort();
    writeFileSync(join(folder, 'site.conf'), withAddresses(readFileSync(NGINX_CONFIG, 'utf8'), port, nodes));
    writeFileSync(join(folder, 'nginx.conf'), aroundIt(folder));
    const args = ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')];
    const program = await Program.start({ command: 'nginx', args, isReady: () => isTaken(port) });
    return new Nginx(program, `http://127.0.0.1:${port}/mcp`);
  }

  get hasCrashed(): boolean {
    return this.program.hasCrashed;
  }

  async stop(): Promise<void> {
    await this.program.end('SIGTERM');
  }
}

/** A minimal nginx.conf around the shipped file. A single process, so that no worker can be left behind. */
function aroundIt(folder: string): string {
  const written = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return [
    'daemon off;',
    'master_process off;',
    `pid ${join(folder, 'nginx.pid')};`,
    'events { worker_connections 4096; }',
    'http {',
    '  access_log off;',
    ...written.map((name) => `  ${name}_temp_path ${join(folder, name)};`),
    `  include ${join(folder, 'site.conf')};`,
    '}',
    '',
  ].join('\n');
}
