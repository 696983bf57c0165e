import type { Field, FieldType, FieldValues } from './kinds.js';

/** TypeScript's view of a row: what Float answers, what a create needs, what an update may carry. */

type Fields = Readonly<Record<string, Field>>;
type Flat<T> = { [K in keyof T]: T[K] };

type ValueOf<F extends Field> = F extends { shape: infer S extends Fields }
  ? F['type'] extends 'objects'
    ? readonly AnswerOf<S>[]
    : AnswerOf<S>
  : FieldValues[F['type']];

/** Present in every answer; anything else may be null or, Float being compatible both ways, missing. */
type Certain = { id: true } | { required: true } | { default: unknown };
type CertainKeys<T extends Fields> = {
  [K in keyof T]: T[K] extends { writeOnly: true } ? never : T[K] extends Certain ? K : never;
}[keyof T];
type PossibleKeys<T extends Fields> = {
  [K in keyof T]: T[K] extends { writeOnly: true } | Certain ? never : K;
}[keyof T];

export type AnswerOf<T extends Fields> = Flat<
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

export type InputOf<T extends Fields> = Flat<
  { readonly [K in RequiredKeys<T>]: WrittenOf<T[K]> } & {
    readonly [K in OptionalKeys<T>]?: WrittenOf<T[K]> | null | undefined;
  }
>;
