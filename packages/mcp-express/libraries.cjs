'use strict';

/**
 * Libraries that are loaded when they are first needed, by code that cannot wait for `import()`. Most servers need few of
 * them. This file is CommonJS because `require` of a literal name is what every bundler follows, whatever it writes; what
 * `createRequire(import.meta.url)` loads is left out of bundles.
 */

exports.ajv = () => require('ajv');
exports.ajv2019 = () => require('ajv/dist/2019.js');
exports.ajv2020 = () => require('ajv/dist/2020.js');
exports.ajvDraft04 = () => require('ajv-draft-04');
exports.ajvFormats = () => require('ajv-formats');
exports.draft06 = () => require('ajv/dist/refs/json-schema-draft-06.json');
exports.minisearch = () => require('minisearch');
exports.yaml = () => require('yaml');

// Optional peers. Bundlers do not miss what is required inside of `try`.

exports.lmdb = () => {
  try {
    return require('lmdb');
  } catch (cause) {
    throw notLoaded('lmdb', cause);
  }
};

exports.redis = () => {
  try {
    return require('redis');
  } catch (cause) {
    throw notLoaded('redis', cause);
  }
};

exports.valibotToJsonSchema = () => {
  try {
    return require('@valibot/to-json-schema');
  } catch (cause) {
    throw notLoaded('@valibot/to-json-schema', cause);
  }
};

exports.zodCore = () => {
  try {
    return require('zod/v4/core');
  } catch (cause) {
    throw notLoaded('zod', cause);
  }
};

exports.zodToJsonSchema = () => {
  try {
    return require('zod-to-json-schema');
  } catch (cause) {
    throw notLoaded('zod-to-json-schema', cause);
  }
};

function notLoaded(name, cause) {
  return new Error(`the package "${name}" is not installed, or cannot be loaded: ${cause.message}`, { cause });
}
