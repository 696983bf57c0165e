#!/usr/bin/env node
/** `npm create mcp-express`: arguments, output and exit codes. */
import { parseArgs } from 'node:util';
import { CreateError, createProject } from './create-project.js';

const USAGE = `Usage: npm create mcp-express FOLDER [-- --auth] [-- --redis]

Makes a TypeScript project of an MCP server with one tool, one test and a Dockerfile.

  --auth             callers need an API key
  --redis            sessions in Redis, for several nodes (else in a file, for one machine)
  --mcp-express SPEC the version of mcp-express, or the path of a tarball (file:…)
  -h, --help         this text
`;

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      auth: { type: 'boolean', default: false },
      redis: { type: 'boolean', default: false },
      'mcp-express': { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [folder, ...others] = positionals;
  if (values.help) {
    process.stdout.write(USAGE);
  } else if (folder === undefined || others.length > 0) {
    throw new CreateError(
      folder === undefined ? 'Name the folder of the project' : `Name one folder, not also ${others[0]}`,
    );
  } else {
    const spec = values['mcp-express'];
    const options = { auth: values.auth, redis: values.redis, ...(spec === undefined ? {} : { mcpExpress: spec }) };
    const project = await createProject(folder, options);
    process.stdout.write(`Made ${project.name} in ${project.folder}. Next:\n\n${steps(folder, values.auth)}\n`);
  }
} catch (cause) {
  const { code } = cause as { code?: string };
  // Wrong arguments of the caller; anything else is a fault of this program and keeps its stack.
  if (!(cause instanceof CreateError) && code?.startsWith('ERR_PARSE_ARGS') !== true) throw cause;
  process.stderr.write(`${(cause as Error).message}\n\n${USAGE}`);
  process.exitCode = 1;
}

function steps(folder: string, auth: boolean): string {
  const commands = [
    `cd ${folder}`,
    'npm install',
    'npm test',
    ...(auth ? ['npm run new-key -- alice'] : []),
    'npm run dev',
  ];
  return commands.map((command) => `  ${command}`).join('\n');
}
