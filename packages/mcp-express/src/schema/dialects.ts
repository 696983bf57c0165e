import type Ajv from 'ajv/dist/core.js';
import type { Options } from 'ajv/dist/core.js';
import libraries from '#libraries';

/** The supported dialects of JSON Schema. */
export type Dialect = 'draft-04' | 'draft-06' | 'draft-07' | '2019-09' | '2020-12';

/** The dialect of schemas without `$schema` (MCP 2026-07-28, "JSON Schema Usage"). */
export const DEFAULT_DIALECT: Dialect = '2020-12';

/** The supported dialects, for error messages. */
export const KNOWN = 'draft-04, draft-06, draft-07, 2019-09 and 2020-12';

const NAMES = /^https?:\/\/json-schema\.org\/(?:(draft-0[467])|draft\/(2019-09|2020-12))\/schema#?$/;

/** The dialect of a `$schema`. `undefined` if it is unknown. */
export function dialectOf($schema: unknown): Dialect | undefined {
  if ($schema === undefined) return DEFAULT_DIALECT;
  const [, draft, date] = NAMES.exec(String($schema)) ?? [];
  return (draft ?? date) as Dialect | undefined;
}

/**
 * Loaded when the first schema of a dialect is registered, because each costs 10 ms or more and most servers need one
 * at most.
 */
const MAKERS: Readonly<Record<Dialect, (options: Options) => Ajv.default>> = {
  'draft-04': (options) => {
    const { default: AjvDraft04 } = libraries.ajvDraft04();
    return new AjvDraft04(options);
  },
  'draft-06': (options) => {
    const { Ajv } = libraries.ajv();
    const ajv = new Ajv({ ...options, meta: libraries.draft06() });
    // Keywords of draft-07.
    for (const keyword of ['if', 'then', 'else']) ajv.removeKeyword(keyword);
    return ajv;
  },
  'draft-07': (options) => {
    const { Ajv } = libraries.ajv();
    return new Ajv(options);
  },
  '2019-09': (options) => {
    const { Ajv2019 } = libraries.ajv2019();
    return new Ajv2019(options);
  },
  '2020-12': (options) => {
    const { Ajv2020 } = libraries.ajv2020();
    return new Ajv2020(options);
  },
};

/** Creates an Ajv instance for a dialect. */
export function newAjv(dialect: Dialect, options: Options): Ajv.default {
  return MAKERS[dialect](options);
}
