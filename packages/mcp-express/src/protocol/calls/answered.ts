import type { StreamReader } from '../../stream/reader.js';

/** The forms a client takes an answer in. At least one is true. */
export interface ReplyForm {
  readonly json: boolean;
  readonly sse: boolean;
}

/** How a POST is answered: one JSON body, a stream, or (all its calls were cancelled) nothing. */
export type Answered =
  | {
      readonly kind: 'json';
      readonly body: string;
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>> | undefined;
    }
  | { readonly kind: 'stream'; readonly reader: StreamReader; readonly lasting?: boolean }
  | { readonly kind: 'nothing' };

/** What the client of a POST can do with its answer. */
export interface ReplyManner {
  readonly form: ReplyForm;
  /** It is given an event id as soon as a stream opens, so it can come back for the rest. */
  readonly resumable: boolean;
}
