import type Ajv from 'ajv/dist/core.js';
import type { Options } from 'ajv/dist/core.js';

type AjvClass = new (options: Options) => Ajv.default;

/** Each loads its library when it is called; those of optional peers throw where the library is not there. */
declare const libraries: {
  ajv(): { readonly Ajv: AjvClass };
  ajv2019(): { readonly Ajv2019: AjvClass };
  ajv2020(): { readonly Ajv2020: AjvClass };
  ajvDraft04(): { readonly default: AjvClass };
  ajvFormats(): { readonly default: (ajv: Ajv.default) => void };
  draft06(): object;
  lmdb(): typeof import('lmdb');
  minisearch(): typeof import('minisearch').default;
  redis(): typeof import('redis');
  valibotToJsonSchema(): unknown;
  yaml(): typeof import('yaml');
  zodCore(): unknown;
  zodToJsonSchema(): unknown;
};

export = libraries;
