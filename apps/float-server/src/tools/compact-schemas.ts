/**
 * Compact schemas for `tools/list`. Models read every listed schema as tokens in every conversation, so the list leaves
 * out bounds, and descriptions that repeat a name, and describes only the first level of a result. Validation uses the complete schemas.
 */
import { isObject } from 'float-api';
import type { McpServer } from 'mcp-express';
import * as z from 'zod';
import type { ToolConfig } from './granular/registered.js';

/** A JSON Schema document as zod writes it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Wraps a registry so that its tools list compact schemas; calls are validated against the complete ones. */
export function withCompactSchemas(mcp: Pick<McpServer, 'registerTool'>): Pick<McpServer, 'registerTool'> {
  const registerTool = (name: string, config: ToolConfig, handler: never) =>
    mcp.registerTool(name, compactConfig(config), handler);
  return { registerTool } as unknown as Pick<McpServer, 'registerTool'>;
}

/** Replaces the listed schemas of a tool's configuration by compact ones. Validation does not change. */
export function compactConfig<C extends Pick<ToolConfig, 'inputSchema' | 'outputSchema'>>(config: C): C {
  const input = compactInput(z.toJSONSchema(config.inputSchema, { io: 'input' }) as JsonSchema);
  const output = compactOutput(z.toJSONSchema(config.outputSchema) as JsonSchema);
  return {
    ...config,
    inputSchema: listedAs(config.inputSchema, input),
    outputSchema: listedAs(config.outputSchema, output),
  };
}

/** The same schema with another JSON Schema output (https://standardschema.dev/json-schema). */
function listedAs<S extends z.ZodType>(schema: S, json: JsonSchema): S {
  const standard = { ...schema['~standard'], jsonSchema: { input: () => json, output: () => json } };
  return Object.create(schema, { '~standard': { value: standard } }) as S;
}

/** Keywords that ordinary calls never violate. They are validated but not listed. */
const UNLISTED: ReadonlySet<string> = new Set([
  '$schema',
  'exclusiveMinimum',
  'maxItems',
  'maxLength',
  'maximum',
  'minItems',
  'minLength',
  'minimum',
  'pattern',
  'propertyNames',
]);

function compactInput(schema: JsonSchema): JsonSchema {
  const alternatives = schema['anyOf'] as readonly JsonSchema[] | undefined;
  if (alternatives?.some(({ type }) => type === 'string') && alternatives.every(isScalar)) {
    // An id is accepted as text, so text alone describes both.
    const { anyOf: _anyOf, ...rest } = schema;
    return compactInput({ type: 'string', ...rest });
  }
  const entries = Object.entries(schema).flatMap(([name, value]) => {
    if (UNLISTED.has(name) || saysNothing(name, value)) return [];
    return [[name, name === 'properties' ? mapProperties(value, compactArgument) : compactPart(value)] as const];
  });
  return Object.fromEntries(entries);
}

/** Keywords whose value is what their absence means too. */
function saysNothing(keyword: string, value: unknown): boolean {
  const isEmpty = isObject(value) && Object.keys(value).length === 0;
  return keyword === 'default'
    ? isEmpty || value === false || value === 0
    : keyword === 'additionalProperties' && isEmpty;
}

/** Arguments of many tools. Their names say what they are, and the instructions of the server what they take. */
const PLAIN: ReadonlySet<string> = new Set([
  ...[
    'client',
    'department',
    'group_by',
    'person',
    'phase',
    'project',
    'repeat_state',
    'resource',
    'role',
    'tag',
    'type',
  ],
  ...[
    'detail',
    'from_person',
    'to_person',
    'notes',
    'include_placeholders',
    'include_tentative',
    'limit',
    'skip',
    'sort',
  ],
]);

/** An argument, without what its name or the server's instructions say. */
function compactArgument(schema: JsonSchema, name: string): JsonSchema {
  const { description, ...rest } = compactInput(schema);
  const words = String(description ?? '').replace(/ \(name or id\)$/, '');
  const hasExample = name === 'range' && schema['default'] !== undefined;
  const isPlain = PLAIN.has(name) || hasExample || words.toLowerCase() === name.replaceAll('_', ' ') || words === '';
  return { ...withoutLongEnum(rest, name), ...(isPlain ? {} : { description: words }), ...sortText(schema, name) };
}

/** The fields that can be cleared are those of the record: naming them again would double the list. */
function withoutLongEnum(schema: JsonSchema, name: string): JsonSchema {
  if (name === 'clear') return { type: 'array', items: { type: 'string' } };
  if (name !== 'sort') return schema;
  const { enum: _enum, ...rest } = schema;
  return rest;
}

/** A field is named once and not once for each direction. */
function sortText({ enum: values }: JsonSchema, name: string): JsonSchema {
  if (name !== 'sort' || !Array.isArray(values)) return {};
  const fields = values.filter((value) => !String(value).startsWith('-'));
  return { description: `"-" before it: descending. ${fields.join(', ')}` };
}

function compactPart(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(compactPart);
  return isObject(value) ? compactInput(value) : value;
}

function compactOutput({ properties, type }: JsonSchema): JsonSchema {
  return { type, properties: mapProperties(properties, compactValue) };
}

function compactValue(schema: JsonSchema): JsonSchema {
  const { type, description, items } = schema;
  const described = description === undefined ? {} : { description };
  // An array without items may hold anything, such as objects.
  const of = isObject(items) && isScalar(items) ? { items: { type: items['type'] } } : {};
  if (type === 'array') return { type, ...of, ...described };
  return type === undefined ? described : { type, ...described };
}

function mapProperties(properties: unknown, brief: (schema: JsonSchema, name: string) => JsonSchema): JsonSchema {
  const entries = Object.entries(properties as Readonly<Record<string, JsonSchema>>);
  return Object.fromEntries(entries.map(([name, schema]) => [name, brief(schema, name)]));
}

function isScalar({ type }: JsonSchema): boolean {
  return type === 'string' || type === 'number' || type === 'integer';
}
