import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Block, type Document, PACKAGE, ROOT } from './markdown.js';

/**
 * A program of a document. A `ts` block with imports begins one, and a block without imports goes on with the one before
 * it, as a reader takes it.
 */
export interface Program {
  /** Such as `docs/guides/tools.md:12`. */
  readonly name: string;
  readonly blocks: readonly Block[];
  /** The other blocks between its first line and the next program: what is claimed about it. */
  readonly claims: readonly Block[];
  readonly run: boolean;
  /** File name without extension, in the folder of programs. */
  readonly file: string;
}

const IMPORTS = /^import\s/m;

export function programsOf(document: Document): Program[] {
  const programs: { blocks: Block[]; claims: Block[] }[] = [];
  for (const block of document.blocks) {
    const last = programs.at(-1);
    if (block.language !== 'ts') last?.claims.push(block);
    else if (IMPORTS.test(block.text)) programs.push({ blocks: [block], claims: [] });
    else if (last !== undefined) last.blocks.push(block);
    else throw new Error(`${document.path}:${block.line}: a ts block goes on with a program that was never begun`);
  }
  return programs.map(({ blocks, claims }) => {
    const line = blocks[0]?.line ?? 0;
    return {
      name: `${document.path}:${line}`,
      blocks,
      claims,
      run: !blocks.some(({ flags }) => flags.includes('no-run')),
      file: `${document.path.replaceAll(/[^A-Za-z0-9]+/g, '_')}_${line}`,
    };
  });
}

/** Modules here find the packages that `packages/mcp-express` has, and no tool takes them for sources. */
const FOLDER = join(PACKAGE, 'node_modules/.cache/docs');

/** Every line stands where it stands in the document, so that a compiler's message leads there. */
function sourceOf({ blocks }: Program): string {
  const lines: string[] = [];
  for (const { line, text } of blocks) {
    while (lines.length < line - 1) lines.push('');
    lines.push(...text.split('\n'));
  }
  const exportsServer = lines.some((line) => /^const mcp = /.test(line));
  return `${lines.join('\n')}\n${exportsServer ? 'export { mcp };\n' : 'export {};\n'}`;
}

/**
 * Writes the programs, checks them all in one run of the compiler and makes them ready to be imported.
 *
 * @returns what the compiler has to say; empty when all is well.
 */
export function compile(programs: readonly Program[]): string {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  for (const program of programs) writeFileSync(join(FOLDER, `${program.file}.mts`), sourceOf(program));
  writeFileSync(join(FOLDER, 'tsconfig.json'), JSON.stringify(configFor(programs)));
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const { stdout, stderr } = spawnSync(process.execPath, [tsc, '-p', FOLDER, '--pretty', 'false'], {
    encoding: 'utf8',
    cwd: FOLDER,
  });
  for (const program of programs.filter(({ run }) => run)) writeFileSync(modulePath(program), javascriptOf(program));
  return programs.reduce((said, { file, name }) => {
    return said.replaceAll(`${file}.mts(`, `${name.replace(/:\d+$/, '')}(`);
  }, `${stdout}${stderr}`.trim());
}

/** Where the runnable form of a program is. */
export function modulePath({ file }: Program): string {
  return join(FOLDER, `${file}.mjs`);
}

function configFor(programs: readonly Program[]): object {
  const source = (path: string): string[] => [join(PACKAGE, 'src', path)];
  const entry = (name: string): string[] => [join(ROOT, 'packages', name, 'src/index.ts')];
  return {
    extends: join(ROOT, 'tsconfig.base.json'),
    compilerOptions: {
      noEmit: true,
      declaration: false,
      declarationMap: false,
      // Examples show what a call gives without using it, and are for projects that are less strict than this one.
      noUnusedLocals: false,
      noUnusedParameters: false,
      noPropertyAccessFromIndexSignature: false,
      paths: {
        'mcp-express': source('index.ts'),
        'mcp-express/auth': source('auth/index.ts'),
        'mcp-express/otel': source('otel/index.ts'),
        'mcp-express/sdk': source('sdk/index.ts'),
        'mcp-express/stdio': source('stdio/index.ts'),
        'mcp-express/testing': source('testing/index.ts'),
        'float-api': entry('float-api'),
        'float-sandbox': entry('float-sandbox'),
        'resource-planning': entry('resource-planning'),
      },
    },
    files: [
      ...programs.map(({ file }) => `${file}.mts`),
      ...source('auth/passport-modules.d.ts'),
      // The package has no types of its own.
      join(PACKAGE, 'test/oauth/support/oidc-provider.d.ts'),
    ],
  };
}

interface Swc {
  transformSync(code: string, options: object): { code: string };
}

function javascriptOf(program: Program): string {
  const { transformSync } = createRequire(join(ROOT, 'package.json'))('@swc/core') as Swc;
  const options = {
    configFile: false,
    swcrc: false,
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'es6' },
  };
  return transformSync(sourceOf(program), options).code;
}
