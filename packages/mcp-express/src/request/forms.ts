import { ConfigurationError, kindOf } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';
import type { CompiledSchema } from '../schema/compiled-schema.js';
import { dereference } from '../schema/dereference.js';
import { compileSchema, isPlainJsonSchema, type SchemaSource } from '../schema/schema.js';

/** An elicitation form with any kind of schema that tools accept. */
export interface ElicitFormRequest<S extends SchemaSource> {
  readonly mode?: 'form';
  readonly message: string;
  readonly requestedSchema: S;
}

/** The params of a form elicitation, and the schema that validates its result. */
export interface Form {
  readonly params: Readonly<Record<string, unknown>>;
  readonly schema: CompiledSchema;
}

/** @throws ConfigurationError when the message is missing or the schema cannot be a form */
export function formParams(request: ElicitFormRequest<SchemaSource>): Form {
  assertForm(request);
  const { message, requestedSchema } = request;
  const schema = formSchema(requestedSchema);
  return { params: { message, requestedSchema: schema.json }, schema };
}

function assertForm(request: unknown): void {
  if (!isObject(request)) {
    throw new ConfigurationError(`elicit takes { message, requestedSchema }; it was given ${kindOf(request)}`);
  }
  const { message, mode = 'form', requestedSchema } = request;
  if (mode !== 'form') throw new ConfigurationError('"mode" of elicit must be "form" or "url"');
  if (typeof message !== 'string') throw new ConfigurationError('elicit needs a "message"');
  if (requestedSchema !== undefined) return;
  const meant = Object.keys(request).find(
    (name) => name !== 'requestedSchema' && /schema|form|fields|properties/i.test(name),
  );
  const hint = meant === undefined ? '' : `. Did you mean "${meant}"?`;
  throw new ConfigurationError(`elicit needs a "requestedSchema", the fields of the form${hint}`);
}

/** Cache of forms, which handlers often create anew for each call. */
const forms = new Map<string, CompiledSchema>();
const MAX_FORMS = 200;

/** The types of fields in a form (MCP 2025-11-25, Elicitation, "Requested Schema"), beside arrays of choices. */
const FIELD_TYPES: readonly unknown[] = ['string', 'number', 'integer', 'boolean'];

function formSchema(source: SchemaSource): CompiledSchema {
  // Only plain JSON Schema can be cached by its text: libraries also validate rules that their JSON Schema does not
  // contain.
  if (!isPlainJsonSchema(source)) return flat(compileSchema(source, 'requestedSchema', 'input'));
  const text = JSON.stringify(source);
  const known = forms.get(text);
  if (known !== undefined) return known;
  const schema = flat(compileSchema(source, 'requestedSchema', 'input'));
  if (forms.size >= MAX_FORMS) forms.clear();
  forms.set(text, schema);
  return schema;
}

/**
 * Replaces references by definitions, because clients render a form from its fields alone.
 * @throws ConfigurationError when a field cannot be in a form
 */
function flat(schema: CompiledSchema): CompiledSchema {
  if (schema.isUnion === true) {
    throw new ConfigurationError(
      'requestedSchema: a form cannot be a union, because clients show all its fields at once. Ask for the kind first, or make the fields of one object optional',
    );
  }
  const { $schema: _dialect, $defs: _definitions, ...json } = schema.json;
  const properties: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(isObject(json['properties']) ? json['properties'] : {})) {
    const field = typedChoice(dereference(property, schema.json));
    if (!isObject(field) || !(FIELD_TYPES.includes(field['type']) || isChoiceList(field))) {
      throw new ConfigurationError(
        `requestedSchema: a form cannot have a field like "${name}": fields are strings, numbers, booleans and choices of strings`,
      );
    }
    properties[name] = field;
  }
  return { ...schema, json: { ...json, properties } };
}

/** Adds the type of an enum, which clients need to render it. Some libraries omit it. */
function typedChoice(field: unknown): unknown {
  if (!isObject(field) || field['type'] !== undefined) return field;
  const values = Array.isArray(field['enum']) ? field['enum'] : 'const' in field ? [field['const']] : [];
  const [type, ...others] = new Set(values.map((value) => typeof value));
  return type !== undefined && others.length === 0 && FIELD_TYPES.includes(type) ? { ...field, type } : field;
}

function isChoiceList({ type, items }: Record<string, unknown>): boolean {
  return type === 'array' && isObject(items) && (Array.isArray(items['enum']) || Array.isArray(items['anyOf']));
}
