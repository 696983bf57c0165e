import { createRequire } from 'node:module';
import type { ErrorObject, ValidateFunction } from 'ajv';
import type { Ajv2020 } from 'ajv/dist/2020.js';
import { canonicalText } from '../ground/canonical-json.js';
import { ConfigurationError } from '../ground/errors.js';
import type { JsonSchema } from '../ground/mcp.js';
import { type Checked, type CompiledSchema, type Fault, type Invalid, invalid } from './compiled-schema.js';
import { extentOf } from './elements.js';
import { boundFormats } from './formats.js';

/**
 * Loaded at the first plain JSON Schema: Ajv takes some 40 ms to load, which a server whose tools all use Standard
 * Schemas never pays. Registration is synchronous, so this cannot be an `import()`.
 */
let ajv: Ajv2020 | undefined;

/** As the other, but goes on after the first error. */
let thorough: Ajv2020 | undefined;

function validator(): Ajv2020 {
  ajv ??= newValidator(false);
  return ajv;
}

function newValidator(allErrors: boolean): Ajv2020 {
  const require = createRequire(import.meta.url);
  const { Ajv2020 } = require('ajv/dist/2020.js') as typeof import('ajv/dist/2020.js');
  const formats = require('ajv-formats') as { default: (ajv: Ajv2020) => void };
  // Not strict: annotations of other vocabularies (`x-…`) are legal JSON Schema.
  const ajv = new Ajv2020({
    strict: false,
    strictNumbers: true,
    allErrors,
    addUsedSchema: false,
    validateFormats: true,
    // What every object inherits, such as "constructor", is not what a client has sent.
    ownProperties: true,
  });
  formats.default(ajv);
  boundFormats(ajv);
  // That of Ajv compares each item with each other, where items are objects.
  ajv.removeKeyword('uniqueItems').addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    validate: (wanted: boolean, items: readonly unknown[]) => !wanted || areUnique(items),
    error: { message: 'must NOT have duplicate items' },
  });
  return ajv;
}

function areUnique(items: readonly unknown[]): boolean {
  return items.length < 2 || new Set(items.map(canonicalText)).size === items.length;
}

/** @throws ConfigurationError naming `what` when it is not valid JSON Schema 2020-12. */
export function compileJsonSchema(schema: JsonSchema, what: string): CompiledSchema {
  const validate = compiled(schema, what, validator());
  let collect: ValidateFunction | undefined;
  const moreOf = (value: unknown): Invalid | undefined => {
    if (!isSmall(value)) return undefined;
    thorough ??= newValidator(true);
    // Compiled at the first value that is not valid, which never comes to most schemas.
    collect ??= compiled(schema, what, thorough);
    return collect(value) ? undefined : invalid(collect.errors ?? [], faultOf);
  };
  return {
    json: schema,
    check: (value): Checked => {
      if (validate(value)) return { value };
      // A later check overwrites them.
      const { errors } = validate;
      return moreOf(value) ?? invalid(errors ?? [], faultOf);
    },
  };
}

/**
 * Of which values all errors are collected: to go on after an error means to ask about a text that is too long for its
 * schema whether it matches a pattern (https://ajv.js.org/security.html).
 */
const SMALL = { elements: 50_000, text: 1_000 };

function isSmall(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return typeof value !== 'string' || value.length <= SMALL.text;
  const { elements, longest } = extentOf(value, SMALL.elements);
  return elements <= SMALL.elements && longest <= SMALL.text;
}

function compiled(schema: JsonSchema, what: string, ajv: Ajv2020): ValidateFunction {
  try {
    // It is going to be listed: one that is no JSON, such as one that holds itself, is better told of now.
    JSON.stringify(schema);
    const validate = ajv.compile(schema);
    // Ajv would keep it for ever, and refuse a second schema with the same `$id`.
    ajv.removeSchema(schema);
    return validate;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigurationError(`${what} is not valid JSON Schema 2020-12: ${reason}`, { cause });
  }
}

function faultOf(error: ErrorObject): Fault {
  const missing = error.keyword === 'required' ? `/${String(error.params['missingProperty'])}` : '';
  const extra = error.keyword === 'additionalProperties' ? `/${String(error.params['additionalProperty'])}` : '';
  const path = `${error.instancePath}${missing}${extra}`;
  const message = missing === '' ? (error.message ?? error.keyword) : 'is required';
  return { path: path.slice(1).replaceAll('/', '.'), message };
}
