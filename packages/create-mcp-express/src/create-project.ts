import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Options of `createProject`. */
export interface CreateOptions {
  /** Callers need an API key. @default false */
  readonly auth?: boolean;
  /** Sessions are kept in Redis. @default false: in a file, by LMDB */
  readonly redis?: boolean;
  /** Version of `mcp-express`, or `file:` and the path of a tarball. @default the version of this package */
  readonly mcpExpress?: string;
}

/** A project that was made. */
export interface Project {
  /** The name in its package.json. */
  readonly name: string;
  /** The absolute path. */
  readonly folder: string;
}

/** A project that cannot be made as asked. The message is for the caller. */
export class CreateError extends Error {
  override readonly name = 'CreateError';
}

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));

/** npm leaves out or renames these files when it packs a package, so that the template has other names for them. */
const RENAMED: Readonly<Record<string, string>> = { _gitignore: '.gitignore', _dockerignore: '.dockerignore' };

/** A name that npm and MCP clients accept. */
const NAME = /^[a-z0-9][a-z0-9._-]{0,99}$/;

/**
 * Writes a project into a folder that does not exist or is empty.
 *
 * @param folder its last part is the name of the project and of the MCP server
 * @throws CreateError if the folder has files, or its name is not one of an npm package
 */
export async function createProject(folder: string, options: CreateOptions = {}): Promise<Project> {
  const path = resolve(folder);
  const name = basename(path);
  if (!NAME.test(name)) {
    throw new CreateError(
      `"${name}" cannot be the name of a package: use lower-case letters, digits, "-", "." and "_"`,
    );
  }
  await assertEmpty(path);
  const { auth = false, redis = false } = options;
  const values = { NAME: name, STORE: redis ? 'redis://127.0.0.1:6379' : 'lmdb:data/sessions' };
  const layers = ['base', ...(auth ? ['auth'] : []), ...(redis ? ['redis'] : [])];
  for (const [file, text] of await templateOf(layers)) {
    const target = join(path, file);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, filled(text, values, { auth, redis }));
  }
  await writeFile(join(path, 'package.json'), await packageJson(name, options));
  return { name, folder: path };
}

async function assertEmpty(path: string): Promise<void> {
  if (!existsSync(path)) return;
  if (!(await stat(path)).isDirectory()) throw new CreateError(`${path} is a file`);
  if ((await readdir(path)).length > 0) throw new CreateError(`${path} has files already`);
}

/** The files of the template by their paths in the project. Later layers replace files of earlier ones. */
async function templateOf(layers: readonly string[]): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const layer of layers) {
    const root = join(PACKAGE, 'template', layer);
    for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const file = join(entry.parentPath.slice(root.length), RENAMED[entry.name] ?? entry.name);
      files.set(file, await readFile(path, 'utf8'));
    }
  }
  return files;
}

/**
 * Fills in `{{NAME}}`. Keeps or removes the lines between `{{#auth}}` and `{{/auth}}` and each line of code that ends with
 * `// {{#auth}}`; `{{^auth}}` is the opposite.
 */
function filled(
  text: string,
  values: Readonly<Record<string, string>>,
  flags: Readonly<Record<string, boolean>>,
): string {
  const kept = (kind: string, flag: string, part: string) => ((flags[flag] ?? false) === (kind === '#') ? part : '');
  return text
    .replace(LINE, (_all, line: string, kind: string, flag: string) => kept(kind, flag, `${line}\n`))
    .replace(SECTION, (_all, kind: string, flag: string, part: string) => kept(kind, flag, part))
    .replace(/\{\{(\w+)\}\}/g, (_all, name: string) => values[name] ?? '');
}

const LINE = /^(.*;|.*,) \/\/ \{\{([#^])(\w+)\}\}\n/gm;
const SECTION = /^.*\{\{([#^])(\w+)\}\}.*\n([\s\S]*?)^.*\{\{\/\2\}\}.*\n/gm;

async function packageJson(name: string, { auth = false, redis = false, mcpExpress }: CreateOptions): Promise<string> {
  const own = JSON.parse(await readFile(join(PACKAGE, 'package.json'), 'utf8')) as { version: string };
  return `${JSON.stringify(
    {
      name,
      version: '1.0.0',
      private: true,
      type: 'module',
      engines: { node: '>=20.19' },
      scripts: {
        dev: 'tsx watch src/main.ts',
        build: 'tsc -p tsconfig.build.json',
        start: 'node dist/main.js',
        test: 'tsc && node --import tsx --test test/*.test.ts',
        ...(auth ? { 'new-key': 'tsx src/new-key.ts' } : {}),
      },
      dependencies: {
        express: '^5.1.0',
        ...(redis ? {} : { lmdb: '^3.5.0' }),
        'mcp-express': mcpExpress ?? `^${own.version}`,
        ...(redis ? { redis: '^6.0.0' } : {}),
        zod: '^4.1.0',
      },
      devDependencies: {
        '@modelcontextprotocol/client': '^2.4.0',
        '@types/express': '^5.0.0',
        '@types/node': '^20.19.0',
        tsx: '^4.20.0',
        typescript: '^7.0.0',
      },
    },
    undefined,
    2,
  )}\n`;
}
