import type { ErrorObject, ValidateFunction } from 'ajv';
import type Ajv from 'ajv/dist/core.js';
import libraries from '#libraries';
import { canonicalText } from '../protocol/canonical-json.js';
import { ConfigurationError } from '../protocol/errors.js';
import type { JsonSchema } from '../protocol/mcp.js';
import {
  type CompiledSchema,
  type ValidationFailure,
  type ValidationIssue,
  type ValidationResult,
  validationFailure,
} from './compiled-schema.js';
import { type Dialect, dialectOf, KNOWN, newAjv } from './dialects.js';
import { boundFormats } from './formats.js';
import { CompilationNotes, warnOfFormats } from './unknown-formats.js';
import { sizeOf } from './value-size.js';

/**
 * Created when the first schema of a dialect is registered. Registration is synchronous, so Ajv cannot be loaded by
 * `import()`.
 */
const validators = new Map<Dialect, Ajv.default>();

/** The same, but they collect all errors. */
const thorough = new Map<Dialect, Ajv.default>();

function validatorOf(dialect: Dialect, allErrors: boolean): Ajv.default {
  const known = allErrors ? thorough : validators;
  const validator = known.get(dialect) ?? newValidator(dialect, allErrors);
  known.set(dialect, validator);
  return validator;
}

const notes = new CompilationNotes();

function newValidator(dialect: Dialect, allErrors: boolean): Ajv.default {
  // Not strict, because annotations of other vocabularies (`x-…`) are valid JSON Schema.
  const ajv = newAjv(dialect, {
    strict: false,
    strictNumbers: true,
    allErrors,
    // The first validator has validated the schema. This one runs within the time limit of a check, which may stop it
    // anywhere.
    validateSchema: !allErrors,
    validateFormats: true,
    logger: notes,
    // Inherited members, such as "constructor", do not count as sent by the client.
    ownProperties: true,
  });
  libraries.ajvFormats().default(ajv);
  boundFormats(ajv);
  // Ajv's `uniqueItems` compares each item with each other if they are objects.
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

/**
 * @param what subject of the error message
 * @throws ConfigurationError when the schema is invalid in its dialect, or the dialect is unknown
 */
export function compileJsonSchema(schema: JsonSchema, what: string): CompiledSchema {
  const { $schema, ...content } = schema;
  const dialect = dialectOf($schema);
  if (dialect === undefined) {
    throw new ConfigurationError(
      `${what} uses an unknown dialect of JSON Schema: ${String($schema)}. Supported are ${KNOWN}`,
    );
  }
  const validate = compiled(content, { what, dialect, allErrors: false });
  let collect: ValidateFunction | undefined;
  const moreOf = (value: unknown): ValidationFailure | undefined => {
    if (!isSmall(value)) return undefined;
    // Compiled with the first invalid value, because most schemas never see one.
    collect ??= compiled(content, { what, dialect, allErrors: true });
    return collect(value) ? undefined : validationFailure(collect.errors ?? [], issueOf);
  };
  return {
    json: schema,
    check: (value): ValidationResult => {
      if (validate(value)) return { value };
      // A later check overwrites the errors.
      const { errors } = validate;
      return moreOf(value) ?? validationFailure(errors ?? [], issueOf);
    },
  };
}

/**
 * Limits up to which all errors are collected. Collecting means matching patterns even against texts that are too long
 * for the schema (https://ajv.js.org/security.html).
 */
const SMALL = { elements: 50_000, text: 1_000 };

function isSmall(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return typeof value !== 'string' || value.length <= SMALL.text;
  const { elements, longest } = sizeOf(value, SMALL.elements);
  return elements <= SMALL.elements && longest <= SMALL.text;
}

interface Compilation {
  readonly what: string;
  readonly dialect: Dialect;
  readonly allErrors: boolean;
}

/** @param schema without `$schema`, which has many spellings; the validator implies the dialect */
function compiled(schema: JsonSchema, { what, dialect, allErrors }: Compilation): ValidateFunction {
  try {
    // Schemas are listed to clients, so values without a JSON form, such as cycles, are refused here.
    JSON.stringify(schema);
    const ajv = validatorOf(dialect, allErrors);
    // Removes the remains of a compilation that the time limit stopped.
    ajv.removeSchema(schema);
    const validate = ajv.compile(schema);
    // Ajv would keep the schema forever, and refuse a second one with the same `$id`. `addUsedSchema: false` is no
    // alternative, because Ajv would then not resolve `"$ref": "#"`.
    ajv.removeSchema(schema);
    const found = notes.take();
    if (!allErrors) warnOfFormats(found, what);
    return validate;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigurationError(`${what} is not valid JSON Schema ${dialect}: ${reason}`, { cause });
  }
}

function issueOf(error: ErrorObject): ValidationIssue {
  const missing = error.keyword === 'required' ? `/${String(error.params['missingProperty'])}` : '';
  const extra = error.keyword === 'additionalProperties' ? `/${String(error.params['additionalProperty'])}` : '';
  const path = `${error.instancePath}${missing}${extra}`;
  const message = missing === '' ? (error.message ?? error.keyword) : 'is required';
  return { path: path.slice(1).replaceAll('/', '.'), message };
}
