import { McpError } from '../protocol/errors.js';
import type { AcceptedFormats } from '../request/response.js';
import { JSON_TYPE, SSE_TYPE } from './http-response.js';

interface Accepted extends AcceptedFormats {
  /** The types that the header names in full, without wildcards. */
  readonly named: { readonly json: boolean; readonly sse: boolean };
}

const ANYTHING: Accepted = { json: true, sse: true, named: { json: false, sse: false } };

/** Distinct `Accept` headers whose result is cached. Real clients send a few; invented ones must not grow the map forever. */
const MAX_KNOWN = 64;

/**
 * Decides the media types that an `Accept` header allows (RFC 9110, section 12.5.1). A missing header and wildcards allow
 * both. Each distinct header is parsed once.
 */
export class AcceptReader {
  readonly #known = new Map<string, Accepted>();

  /**
   * @param strict as the specification demands: a POST must name both types.
   * @param jsonOnly streams are disabled.
   */
  constructor(
    private readonly strict: boolean,
    private readonly jsonOnly: boolean,
  ) {}

  /**
   * The allowed forms of the response to a POST.
   *
   * @throws McpError `not-acceptable` if no available form is allowed.
   */
  forPost(accept: string | undefined): AcceptedFormats {
    const accepted = this.#read(accept);
    const listed = accepted.named.json && accepted.named.sse;
    const form = this.jsonOnly ? { json: accepted.json, sse: false } : accepted;
    if ((this.strict && !listed) || (!form.json && !form.sse)) {
      throw notAcceptable('The Accept header must allow application/json and text/event-stream');
    }
    return form;
  }

  /** @throws McpError `not-acceptable` if the header does not allow a stream. */
  forGet(accept: string | undefined): void {
    const { sse, named } = this.#read(accept);
    if (!sse || (this.strict && !named.sse)) {
      throw notAcceptable('The Accept header must allow text/event-stream');
    }
  }

  #read(accept: string | undefined): Accepted {
    if (accept === undefined || accept === '') return ANYTHING;
    const known = this.#known.get(accept);
    if (known !== undefined) return known;
    const accepted = readAccept(accept);
    if (this.#known.size < MAX_KNOWN) this.#known.set(accept, accepted);
    return accepted;
  }
}

function notAcceptable(message: string): McpError {
  return new McpError('not-acceptable', message);
}

function readAccept(accept: string): Accepted {
  const ranges = accept.split(',').map(readRange);
  const names = (type: string) => ranges.some((range) => range.type === type && !range.refused);
  return {
    json: allows(ranges, 'application', JSON_TYPE),
    sse: allows(ranges, 'text', SSE_TYPE),
    named: { json: names(JSON_TYPE), sse: names(SSE_TYPE) },
  };
}

interface Range {
  readonly type: string;
  readonly refused: boolean;
}

function readRange(text: string): Range {
  const [type = '', ...parameters] = text.toLowerCase().split(';');
  const refused = parameters.some((parameter) => /^\s*q\s*=\s*0(\.0*)?\s*$/.test(parameter));
  return { type: type.trim(), refused };
}

/** The most specific range decides. */
function allows(ranges: readonly Range[], family: string, exact: string): boolean {
  for (const wanted of [exact, `${family}/*`, '*/*']) {
    const range = ranges.find(({ type }) => type === wanted);
    if (range !== undefined) return !range.refused;
  }
  return false;
}

const MEDIA_TYPE = /^application\/json\s*(;|$)/i;

/**
 * Refuses anything but JSON before the body is read: no content type that browsers send across origins without a preflight
 * is JSON.
 *
 * @throws McpError `unsupported-media-type`
 */
export function assertJson(contentType: string | undefined): void {
  if (contentType === JSON_TYPE || (contentType !== undefined && MEDIA_TYPE.test(contentType))) return;
  throw new McpError('unsupported-media-type', 'Content-Type must be application/json');
}
