import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The programs that the tests run, and their Debian packages. */
const NEEDED = { 'redis-server': 'redis-server', nginx: 'nginx', haproxy: 'haproxy' };

/** The proxies that `npm run proxies` measures, and their Debian packages. */
export const PROXIES = {
  nginx: 'nginx',
  haproxy: 'haproxy',
  caddy: 'caddy',
  apache2: 'apache2',
  varnishd: 'varnish',
  squid: 'squid',
  h2o: 'h2o',
  lighttpd: 'lighttpd',
};

/** Folders of servers in Debian, which the `PATH` of an ordinary user does not have. */
const OF_SERVERS = ['/usr/local/sbin', '/usr/sbin'];

/** Installs the programs that the tests need, or others, where that is allowed. Otherwise names the missing ones and exits. */
export function ensurePrograms(needed = NEEDED) {
  process.env.PATH = [process.env.PATH ?? '', ...OF_SERVERS].join(delimiter);
  const missing = Object.entries(needed).filter(([program]) => !isThere(program));
  if (missing.length === 0) return;
  const packages = missing.map(([, name]) => name);
  if (process.getuid?.() === 0 && isThere('apt-get')) {
    process.stdout.write(`Installing ${packages.join(', ')}.\n`);
    const quietly = { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
    try {
      execFileSync('apt-get', ['update', '-qq'], quietly);
      execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], quietly);
    } catch {
      // The missing programs are named below.
    }
  }
  const still = missing.filter(([program]) => !isThere(program)).map(([program]) => program);
  if (still.length === 0) return;
  process.stderr.write(`This needs ${still.join(', ')} on the PATH: install ${packages.join(', ')}.\n`);
  process.exit(1);
}

function isThere(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
