/**
 * Schemas as models read them, which is as tokens in every conversation. What is listed is shorter than what is checked:
 * lengths of texts and lists are left out, and of a result only its first level is described.
 */
import type { McpServer } from 'mcp-express';
import * as z from 'zod';
import { isObject } from '../float/answer.js';
import type { ToolConfig } from './granular/registered.js';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** A registry whose tools are listed with brief schemas, and checked against the whole ones. */
export function withBriefSchemas(mcp: Pick<McpServer, 'registerTool'>): Pick<McpServer, 'registerTool'> {
  const registerTool = (name: string, config: ToolConfig, handler: never) =>
    mcp.registerTool(name, briefly(config), handler);
  return { registerTool } as unknown as Pick<McpServer, 'registerTool'>;
}

export function briefly<C extends Pick<ToolConfig, 'inputSchema' | 'outputSchema'>>(config: C): C {
  const input = briefInput(z.toJSONSchema(config.inputSchema, { io: 'input' }) as JsonSchema);
  const output = briefOutput(z.toJSONSchema(config.outputSchema) as JsonSchema);
  return {
    ...config,
    inputSchema: listedAs(config.inputSchema, input),
    outputSchema: listedAs(config.outputSchema, output),
  };
}

/** The same schema, which writes itself as another JSON Schema (https://standardschema.dev/json-schema). */
function listedAs<S extends z.ZodType>(schema: S, json: JsonSchema): S {
  const standard = { ...schema['~standard'], jsonSchema: { input: () => json, output: () => json } };
  return Object.create(schema, { '~standard': { value: standard } }) as S;
}

/** Bounds that no honest call meets. They are checked all the same. */
const UNLISTED: ReadonlySet<string> = new Set([
  '$schema',
  'maxLength',
  'minLength',
  'maxItems',
  'maximum',
  'pattern',
  'propertyNames',
]);

function briefInput(schema: JsonSchema): JsonSchema {
  const alternatives = schema['anyOf'] as readonly JsonSchema[] | undefined;
  if (alternatives?.some(({ type }) => type === 'string') && alternatives.every(isScalar)) {
    // An id is taken as text, too.
    const { anyOf: _anyOf, ...rest } = schema;
    return briefInput({ type: 'string', ...rest });
  }
  const entries = Object.entries(schema).flatMap(([name, value]) => {
    if (UNLISTED.has(name)) return [];
    return [[name, name === 'properties' ? eachOf(value, briefInput) : briefPart(value)] as const];
  });
  return Object.fromEntries(entries);
}

function briefPart(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(briefPart);
  return isObject(value) ? briefInput(value) : value;
}

function briefOutput({ properties, type }: JsonSchema): JsonSchema {
  return { type, properties: eachOf(properties, briefValue) };
}

function briefValue(schema: JsonSchema): JsonSchema {
  const { type, description, items } = schema;
  const said = description === undefined ? {} : { description };
  // An array without items may hold anything, such as objects.
  const of = isObject(items) && isScalar(items) ? { items: { type: items['type'] } } : {};
  if (type === 'array') return { type, ...of, ...said };
  return type === undefined ? said : { type, ...said };
}

function eachOf(properties: unknown, brief: (schema: JsonSchema) => JsonSchema): JsonSchema {
  const entries = Object.entries(properties as Readonly<Record<string, JsonSchema>>);
  return Object.fromEntries(entries.map(([name, schema]) => [name, brief(schema)]));
}

function isScalar({ type }: JsonSchema): boolean {
  return type === 'string' || type === 'number' || type === 'integer';
}
