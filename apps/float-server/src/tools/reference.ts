/** Generates `docs/float-tools.md`: every tool with its arguments, and the successors of the old tool names. */
import type { FloatClient } from 'float-api';
import * as z from 'zod';
import { granularTools } from './granular/index.js';
import type { OldName } from './granular/old-name.js';
import { OLD_NAMES } from './granular/old-names.js';
import { type Registered, registeredOf } from './granular/registered.js';
import { tools } from './index.js';
import type { FloatTool } from './tool.js';

const HEAD = `# Tools of float-server

Written by \`node apps/float-server/scripts/write-tool-reference.mjs\` from the tables in \`apps/float-server/src/tools\`:
change those, not this page.

\`FLOAT_TOOLSET\` selects the tools, one set or several separated by commas:

| set | contents |
| --- | --- |
| \`consolidated\` (default) | ${tools.length} tools: whole questions, and a few tools for all records |
| \`granular\` | ${granularTools.length} tools: one per operation of each resource of Float's API |
| \`aliases\` | the names of the archived community server, where Float has an endpoint for them |

In the tables, \`*\` marks required arguments. Names work wherever an id does.`;

const OLD_HEAD = `## The 132 names of the archived community server

The current name of each tool. With \`FLOAT_TOOLSET=granular,aliases\` the old names work too, with the current
arguments. Tools without a successor never worked: Float has no endpoint for them.

| old name | today |
| --- | --- |`;

/** The reference of all tools as Markdown. */
export function toolReference(): string {
  return `${[
    HEAD,
    '## Consolidated tools',
    ...tools.map(section),
    '## Granular tools',
    'Deleting asks the user first and is permanent.\n',
    ['| tool | what it does | arguments |', '| --- | --- | --- |', ...granularTools.map(line)].join('\n'),
    [OLD_HEAD, ...OLD_NAMES.map(oldLine)].join('\n'),
  ].join('\n\n')}\n`;
}

/** Dependencies for reading a tool's configuration. No tool is called. */
const NO_DEPS = { api: {} as FloatClient, today: () => '1970-01-01' };

function section(tool: FloatTool): string {
  const { config } = registeredOf(tool, NO_DEPS);
  const rows = argumentsOf(config).map(({ name, needed, type, about }) => {
    return `| \`${name}\`${needed ? ' *' : ''} | ${cell(type)} | ${cell(about)} |`;
  });
  const table = ['| argument | values | meaning |', '| --- | --- | --- |', ...rows].join('\n');
  return `### ${tool.name}\n\n${config.description} (${effectOf(config)})\n\n${table}`;
}

function line(tool: FloatTool): string {
  const { config } = registeredOf(tool, NO_DEPS);
  const names = argumentsOf(config).map(({ name, needed }) => `\`${name}\`${needed ? '*' : ''}`);
  return `| \`${tool.name}\` | ${cell(config.description)} | ${names.join(', ')} |`;
}

function oldLine(row: OldName): string {
  return `| \`${row.old}\` | ${cell(today(row))} |`;
}

function today(row: OldName): string {
  if ('why' in row) return `none: ${row.why}${row.instead === undefined ? '' : `. Nearest: \`${row.instead}\``}`;
  if ('each' in row) return `\`${row.each}\`, once for each`;
  const set = Object.entries(row.preset ?? {}).map(([name, value]) => `\`${name}: ${JSON.stringify(value)}\``);
  const given = (row.needs ?? []).map((name) => `\`${name}\``);
  const details = [
    ...(set.length === 0 ? [] : [`with ${set.join(', ')}`]),
    ...(given.length === 0 ? [] : [`given ${given.join(' and ')}`]),
    ...(row.note === undefined ? [] : [row.note]),
  ];
  const same = row.tool === row.old ? 'the same' : `\`${row.tool}\``;
  return details.length === 0 ? same : `${same}: ${details.join('; ')}`;
}

interface Argument {
  readonly name: string;
  readonly needed: boolean;
  readonly type: string;
  readonly about: string;
}

interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

function argumentsOf({ inputSchema }: Registered['config']): Argument[] {
  const { properties = {}, required = [] } = z.toJSONSchema(inputSchema, { io: 'input' }) as JsonSchema;
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    needed: required.includes(name),
    type: typeOf(schema),
    about: schema.description ?? '',
  }));
}

function typeOf(schema: JsonSchema): string {
  const standard = schema.default === undefined ? '' : `, default ${JSON.stringify(schema.default)}`;
  return `${plainType(schema)}${standard}`;
}

function plainType({ type, enum: values, anyOf, items, properties }: JsonSchema): string {
  if (values !== undefined) return values.map((value) => `\`${String(value)}\``).join(', ');
  if (anyOf !== undefined) return anyOf.map(plainType).join(' or ');
  if (items !== undefined) return `list of ${plainType(items)}`;
  if (properties !== undefined) return `{ ${Object.keys(properties).join(', ')} }`;
  return type ?? 'anything';
}

function effectOf({ annotations }: Registered['config']): string {
  if (annotations.readOnlyHint === true) return 'reads';
  return annotations.destructiveHint === true ? 'changes' : 'adds';
}

/** Escapes the characters that would end a table cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
