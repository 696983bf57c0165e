import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';

const PACKAGE = resolve(import.meta.dirname, '../..');
const ROOT = resolve(PACKAGE, '../..');
/** Inside the package, so that its dependencies are found. */
const FOLDER = resolve(PACKAGE, 'node_modules/.cache/many-tools');

const LIBRARIES: Record<string, { import: string; object: string; field: (index: number) => string }> = {
  'zod 4': { import: "import { z } from 'zod';", object: 'z.object', field: zodField },
  'zod 3.25': { import: "import { z } from 'zod3';", object: 'z.object', field: zodField },
  valibot: { import: "import * as v from 'valibot';", object: 'v.object', field: () => 'v.optional(v.string())' },
};

function zodField(index: number): string {
  return ['z.string()', 'z.number().optional()', 'z.array(z.string())', "z.enum(['a', 'b'])"][index % 4] as string;
}

function program(library: string, tools: number): string {
  const { import: imports, object, field } = LIBRARIES[library] as (typeof LIBRARIES)[string];
  const fields = Array.from({ length: 20 }, (_, index) => `field${index}: ${field(index)}`).join(', ');
  const tool = (index: number) =>
    `mcp.registerTool('tool-${index}', { inputSchema: ${object}({ ${fields} }) }, (args) => String(args.field0));`;
  const body = Array.from({ length: tools }, (_, index) => tool(index)).join('\n');
  return `${imports}\nimport { McpServer } from 'mcp-express';\nconst mcp = new McpServer({ name: 'many', version: '1' });\n${body}\n`;
}

afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

describe('the compiler has little to do (R44)', () => {
  test.each(Object.keys(LIBRARIES))('200 tools of 20 fields with %s: under 5 s and 400 MB', (library) => {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(`${FOLDER}/tools.ts`, program(library, 200));
    writeFileSync(
      `${FOLDER}/tsconfig.json`,
      JSON.stringify({
        extends: `${ROOT}/tsconfig.base.json`,
        compilerOptions: { noEmit: true, paths: { 'mcp-express': [`${PACKAGE}/dist/index.d.ts`] } },
        files: ['tools.ts'],
      }),
    );
    const tsc = spawnSync(
      process.execPath,
      [`${ROOT}/node_modules/typescript/bin/tsc`, '-p', FOLDER, '--extendedDiagnostics'],
      {
        encoding: 'utf8',
      },
    );
    expect(tsc.stdout).toMatch(/Files:/);
    expect(tsc.stdout).not.toMatch(/error TS/);
    const figure = (name: string) => Number(new RegExp(`^${name}:\\s+([0-9.]+)`, 'm').exec(tsc.stdout)?.[1]);
    expect(figure('Memory used') / 1024).toBeLessThan(400);
    // User time would be machine-independent, but the requirement is about waiting; three times the room it needs here.
    expect(figure('Total time')).toBeLessThan(5);
  });
});
