import { createRequire } from 'node:module';
import type { ErrorObject, ValidateFunction } from 'ajv';
import type { Ajv2020 } from 'ajv/dist/2020.js';
import { ConfigurationError } from '../ground/errors.js';
import type { JsonSchema } from '../ground/mcp.js';
import type { Checked, CompiledSchema, Fault } from './compiled-schema.js';

/**
 * Loaded at the first plain JSON Schema: Ajv takes some 40 ms to load, which a server whose tools all use Standard
 * Schemas never pays. Registration is synchronous, so this cannot be an `import()`.
 */
let ajv: Ajv2020 | undefined;

function validator(): Ajv2020 {
  if (ajv !== undefined) return ajv;
  const require = createRequire(import.meta.url);
  const { Ajv2020 } = require('ajv/dist/2020.js') as typeof import('ajv/dist/2020.js');
  const formats = require('ajv-formats') as { default: (ajv: Ajv2020) => void };
  // Not strict: annotations of other vocabularies (`x-…`) are legal JSON Schema.
  ajv = new Ajv2020({
    strict: false,
    strictNumbers: true,
    allErrors: true,
    addUsedSchema: false,
    validateFormats: true,
    // What every object inherits, such as "constructor", is not what a client has sent.
    ownProperties: true,
  });
  formats.default(ajv);
  return ajv;
}

/** @throws ConfigurationError naming `what` when it is not valid JSON Schema 2020-12. */
export function compileJsonSchema(schema: JsonSchema, what: string): CompiledSchema {
  const validate = compiled(schema, what);
  return {
    json: schema,
    check: (value): Checked => (validate(value) ? { value } : { faults: (validate.errors ?? []).map(faultOf) }),
  };
}

function compiled(schema: JsonSchema, what: string): ValidateFunction {
  const ajv = validator();
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
