/** Contents of the image's build context and of the image: nothing unnecessary. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ROOT } from '../chaos/paths.js';

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** As Docker reads the file: the last pattern that fits a path, or a folder above it, decides. */
function ignoring(text: string): (path: string) => boolean {
  const rules = text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ keeps: line.startsWith('!'), pattern: patternOf(line.replace(/^!/, '')) }));
  return (path) => {
    const parts = path.split('/');
    const above = parts.map((_, at) => parts.slice(0, at + 1).join('/'));
    return rules.findLast(({ pattern }) => above.some((one) => pattern.test(one)))?.keeps === false;
  };
}

function patternOf(glob: string): RegExp {
  const source = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/|\*\*|\*/g, (stars) => ({ '**/': '(?:.*/)?', '**': '.*' })[stars] ?? '[^/]*');
  return new RegExp(`^${source}$`);
}

const ignored = ignoring(read('deploy/Dockerfile.dockerignore'));

describe('the context of the build', () => {
  test('is the same with an ignore file per Dockerfile and with a common one', () => {
    expect(read('.dockerignore')).toBe(read('deploy/Dockerfile.dockerignore'));
  });

  test.each([
    '.env',
    '.git/config',
    'apps/float-server/.env',
    'apps/float-server/src/.env.production',
    'apps/float-server/src/secret.key',
    'apps/float-server/src/app.test.ts',
    'apps/float-server/test/support/server.ts',
    'apps/float-server/dist/main.js',
    'apps/float-server/node_modules/express/index.js',
    'apps/float-server/tokens.json',
    'packages/mcp-express/test/http/origin.test.ts',
    'packages/mcp-express/src/options.test.ts',
    'packages/mcp-express/.npmrc',
    'node_modules/zod/index.js',
    'deploy/kubernetes/redis.yaml',
    'docs/scaling.md',
    'server.pem',
    'data.mdb',
  ])('has no %s', (path) => {
    expect(ignored(path)).toBe(true);
  });

  test('has every source of the app and its packages, and what they are built and installed with', () => {
    const tracked = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');
    const needed = tracked.filter(
      (path) =>
        /^(apps\/float-server|packages\/[^/]+)\/(src\/.*(?<!\.test)\.ts|package\.json|tsconfig\.json)$/.test(path) ||
        /^scripts\/[^/]+\.mjs$/.test(path) ||
        /^(package\.json|pnpm-lock\.yaml|pnpm-workspace\.yaml|tsconfig\.base\.json|bench\/package\.json)$/.test(path),
    );
    expect(needed.length).toBeGreaterThan(300);
    expect(needed.filter(ignored)).toEqual([]);
  });
});

const DEPLOYED = [
  'apps/float-server',
  ...['float-api', 'float-sandbox', 'mcp-express', 'resource-planning'].map((name) => `packages/${name}`),
];

test.each(DEPLOYED)('%s is deployed as built files and nothing else', (folder) => {
  const listed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: join(ROOT, folder),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [{ files }] = JSON.parse(listed) as [{ files: { path: string }[] }];
  const paths = files.map(({ path }) => path);
  expect(paths).toContain('package.json');
  expect(
    paths.filter(
      (path) => !/^(dist\/.*\.(js|d\.ts|map)|libraries\.(cjs|d\.cts)|package\.json|[A-Z]+(\.md)?)$/.test(path),
    ),
  ).toEqual([]);
  expect(paths.filter((path) => /\.test\.|tsbuildinfo/.test(path))).toEqual([]);
});

test('images are named by exact versions, and their digests can be given', () => {
  const exact = /^[a-z]+:\d+\.\d+\.\d+-[a-z]+(-slim)?$/;
  expect(/^ARG NODE_IMAGE=(.*)$/m.exec(read('deploy/Dockerfile'))?.[1]).toMatch(exact);
  const bases = [...read('deploy/Dockerfile').matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
  expect([bases.length, new Set(bases)]).toEqual([2, new Set([`\${NODE_IMAGE}`])]);
  const defaults = [...read('deploy/compose.yaml').matchAll(/\$\{(?:REDIS|NGINX)_IMAGE:-(.*)\}/g)];
  expect(defaults).toHaveLength(2);
  for (const [, image] of defaults) expect(image).toMatch(exact);
  expect(/image: (redis:\S+)/.exec(read('deploy/kubernetes/redis.yaml'))?.[1]).toMatch(exact);
});

test('the package manager is named with the hash of its bytes, which npx is not given', () => {
  const { packageManager } = JSON.parse(read('package.json')) as { packageManager: string };
  expect(packageManager).toMatch(/^pnpm@\d+\.\d+\.\d+\+sha512\.[0-9a-f]{128}$/);
  for (const file of ['scripts/setup.mjs', 'deploy/Dockerfile'])
    expect(read(file)).toContain("packageManager.split('+')[0]");
});
