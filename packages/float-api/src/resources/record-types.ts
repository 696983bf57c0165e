import type { Field, FieldType, FieldValues } from './resource-types.js';

/** TypeScript types derived from a row: records in responses, and bodies of creates and updates. */

type Fields = Readonly<Record<string, Field>>;
type Flat<T> = { [K in keyof T]: T[K] };

type ValueOf<F extends Field> = F extends { shape: infer S extends Fields }
  ? F['type'] extends 'objects'
    ? readonly ResponseOf<S>[]
    : ResponseOf<S>
  : FieldValues[F['type']];

/** Fields present in every response. All others may be null or missing. */
type Certain = { id: true } | { required: true } | { default: unknown };
type CertainKeys<T extends Fields> = {
  [K in keyof T]: T[K] extends { writeOnly: true } ? never : T[K] extends Certain ? K : never;
}[keyof T];
type PossibleKeys<T extends Fields> = {
  [K in keyof T]: T[K] extends { writeOnly: true } | Certain ? never : K;
}[keyof T];

/** A record in a response. */
export type ResponseOf<T extends Fields> = Flat<
  { readonly [K in CertainKeys<T>]: ValueOf<T[K]> } & { readonly [K in PossibleKeys<T>]?: ValueOf<T[K]> | null }
>;

type WrittenType<F extends Field> = F extends { writeAs: infer W extends FieldType } ? W : F['type'];
type WrittenOf<F extends Field> =
  WrittenType<F> extends 'money'
    ? string | number
    : F extends { writeAs: FieldType }
      ? FieldValues[WrittenType<F>]
      : F extends { shape: infer S extends Fields }
        ? F['type'] extends 'objects'
          ? readonly InputOf<S>[]
          : InputOf<S>
        : FieldValues[F['type']];

type RequiredKeys<T extends Fields> = {
  [K in keyof T]: T[K] extends { readOnly: true } ? never : T[K] extends { required: true } ? K : never;
}[keyof T];
type OptionalKeys<T extends Fields> = {
  [K in keyof T]: T[K] extends { readOnly: true } | { required: true } ? never : K;
}[keyof T];

/** The body of a create. */
export type InputOf<T extends Fields> = Flat<
  { readonly [K in RequiredKeys<T>]: WrittenOf<T[K]> } & {
    readonly [K in OptionalKeys<T>]?: WrittenOf<T[K]> | null | undefined;
  }
>;
