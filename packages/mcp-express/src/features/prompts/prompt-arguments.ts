import { ConfigurationError } from '../../protocol/errors.js';
import { isObject } from '../../protocol/json-rpc.js';
import type { JsonSchema } from '../../protocol/mcp.js';
import type { CompiledSchema } from '../../schema/compiled-schema.js';
import { dereference } from '../../schema/dereference.js';

/** Samples of strings that schemas convert to other types. */
const SAMPLES = ['1', 'true', '1999-12-31', '1999-12-31T00:00:00Z', '{}', '[]', '', 'x'];

/**
 * Checks that every argument of a prompt accepts strings: "arguments?: { [key: string]: string }" (MCP 2025-11-25,
 * schema, GetPromptRequestParams). Otherwise every call would fail. Schemas that describe another type but convert
 * strings, such as `z.coerce.number()`, are detected by trying.
 * @throws ConfigurationError naming an argument that accepts no string
 */
export function assertTakesStrings({ json, check }: CompiledSchema, what: string): void {
  const properties = Object.entries(isObject(json['properties']) ? json['properties'] : {});
  const names = properties.map(([name]) => name);
  for (const [name, property] of properties) {
    if (allowsString(property, json) || SAMPLES.some((text) => takes(check, name, namesWith(names, text)))) continue;
    throw new ConfigurationError(
      `${what}: "${name}" does not accept a string, but the arguments of prompts are strings. Describe it as one and convert it, ` +
        'such as with z.coerce.number(), or convert it in the handler',
    );
  }
}

function allowsString(given: unknown, document: JsonSchema): boolean {
  const schema = dereference(given, document);
  if (!isObject(schema)) return schema !== false;
  const { type, enum: values, const: value, anyOf, oneOf, not } = schema;
  if (isObject(not) && Object.keys(not).length === 0) return false;
  if (type !== undefined && ![type].flat().includes('string')) return false;
  if (Array.isArray(values)) return values.some((each) => typeof each === 'string');
  if ('const' in schema) return typeof value === 'string';
  const choices = anyOf ?? oneOf;
  return !Array.isArray(choices) || choices.some((choice) => allowsString(choice, document));
}

function namesWith(names: readonly string[], text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, text]));
}

/**
 * Whether the argument accepts its value; other arguments may fail in the same attempt. Asynchronous schemas are
 * assumed to accept it.
 */
function takes(check: CompiledSchema['check'], name: string, given: Readonly<Record<string, string>>): boolean {
  try {
    const checked = check(given);
    if (checked instanceof Promise) {
      checked.catch(() => {});
      return true;
    }
    return 'value' in checked || checked.more > 0 || !checked.issues.some(({ path }) => isAt(path, name));
  } catch {
    return true;
  }
}

function isAt(path: string, name: string): boolean {
  return path === name || path.startsWith(`${name}.`);
}
