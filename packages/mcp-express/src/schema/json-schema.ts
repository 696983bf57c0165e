import type { ErrorObject, ValidateFunction } from 'ajv';
import type Ajv from 'ajv/dist/core.js';
import libraries from '#libraries';
import { canonicalText } from '../protocol/canonical-json.js';
import { ConfigurationError } from '../protocol/errors.js';
import type { JsonSchema } from '../protocol/mcp.js';
import { type Checked, type CompiledSchema, type Fault, type Invalid, invalid } from './compiled-schema.js';
import { type Dialect, dialectOf, KNOWN, newAjv } from './dialects.js';
import { extentOf } from './elements.js';
import { boundFormats } from './formats.js';

/** Made when a schema of the dialect is registered. Registration is synchronous, so Ajv cannot be loaded by `import()`. */
const validators = new Map<Dialect, Ajv.default>();

/** As the others, but these go on after the first error. */
const thorough = new Map<Dialect, Ajv.default>();

function validatorOf(dialect: Dialect, allErrors: boolean): Ajv.default {
  const known = allErrors ? thorough : validators;
  const validator = known.get(dialect) ?? newValidator(dialect, allErrors);
  known.set(dialect, validator);
  return validator;
}

function newValidator(dialect: Dialect, allErrors: boolean): Ajv.default {
  // Not strict: annotations of other vocabularies (`x-…`) are legal JSON Schema.
  const ajv = newAjv(dialect, {
    strict: false,
    strictNumbers: true,
    allErrors,
    // The other has done so; this one is used within the time that a check may take, which may end in the midst of it.
    validateSchema: !allErrors,
    validateFormats: true,
    // What every object inherits, such as "constructor", is not what a client has sent.
    ownProperties: true,
  });
  libraries.ajvFormats().default(ajv);
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

/** @throws ConfigurationError naming `what` when it is not valid JSON Schema of its dialect, or of one that is not known. */
export function compileJsonSchema(schema: JsonSchema, what: string): CompiledSchema {
  const { $schema, ...content } = schema;
  const dialect = dialectOf($schema);
  if (dialect === undefined) {
    throw new ConfigurationError(
      `${what} is of a dialect of JSON Schema that is not known: ${String($schema)}. Known are ${KNOWN}`,
    );
  }
  const validate = compiled(content, { what, dialect, allErrors: false });
  let collect: ValidateFunction | undefined;
  const moreOf = (value: unknown): Invalid | undefined => {
    if (!isSmall(value)) return undefined;
    // Compiled at the first value that is not valid, which never comes to most schemas.
    collect ??= compiled(content, { what, dialect, allErrors: true });
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

interface Compilation {
  readonly what: string;
  readonly dialect: Dialect;
  readonly allErrors: boolean;
}

/** @param schema without its `$schema`, which has many spellings: the validator is that of the dialect. */
function compiled(schema: JsonSchema, { what, dialect, allErrors }: Compilation): ValidateFunction {
  try {
    // It is going to be listed: a value that is no JSON, such as one that holds itself, is refused at once.
    JSON.stringify(schema);
    const ajv = validatorOf(dialect, allErrors);
    // A compilation that was stopped with its check leaves a part of it.
    ajv.removeSchema(schema);
    const validate = ajv.compile(schema);
    // Ajv would keep it for ever, and refuse a second schema with the same `$id`. With `addUsedSchema: false` it would not,
    // but nor would it find what `"$ref": "#"` means.
    ajv.removeSchema(schema);
    return validate;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigurationError(`${what} is not valid JSON Schema ${dialect}: ${reason}`, { cause });
  }
}

function faultOf(error: ErrorObject): Fault {
  const missing = error.keyword === 'required' ? `/${String(error.params['missingProperty'])}` : '';
  const extra = error.keyword === 'additionalProperties' ? `/${String(error.params['additionalProperty'])}` : '';
  const path = `${error.instancePath}${missing}${extra}`;
  const message = missing === '' ? (error.message ?? error.keyword) : 'is required';
  return { path: path.slice(1).replaceAll('/', '.'), message };
}
