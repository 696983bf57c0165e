import type Ajv from 'ajv/dist/core.js';

/**
 * Most characters of formats whose values are short. Longer texts fail at once, because some checks, such as splitting
 * or compiling, take long on them.
 */
const MAX_LENGTHS: Readonly<Record<string, number>> = {
  date: 64,
  time: 256,
  'date-time': 256,
  'iso-time': 256,
  'iso-date-time': 256,
  duration: 256,
  email: 1_000,
  hostname: 254,
  ipv4: 64,
  ipv6: 64,
  uuid: 64,
  regex: 4_096,
};

/**
 * The `url` format of ajv-formats with one character class before "@" instead of two overlapping ones, so that the time
 * is linear in the length and not quadratic.
 */
const URL =
  /^(?:https?|ftp):\/\/(?:\S+@)?(?:(?!(?:10|127)(?:\.\d{1,3}){3})(?!(?:169\.254|192\.168)(?:\.\d{1,3}){2})(?!172\.(?:1[6-9]|2\d|3[0-1])(?:\.\d{1,3}){2})(?:[1-9]\d?|1\d\d|2[01]\d|22[0-3])(?:\.(?:1?\d{1,2}|2[0-4]\d|25[0-5])){2}(?:\.(?:[1-9]\d?|1\d\d|2[0-4]\d|25[0-4]))|(?:(?:[a-z0-9\u{00a1}-\u{ffff}]+-)*[a-z0-9\u{00a1}-\u{ffff}]+)(?:\.(?:[a-z0-9\u{00a1}-\u{ffff}]+-)*[a-z0-9\u{00a1}-\u{ffff}]+)*(?:\.(?:[a-z\u{00a1}-\u{ffff}]{2,})))(?::\d{2,5})?(?:\/\S*)?$/iu;

const SPACE = /\s/;

/** Most characters of a URL. Browsers and servers accept no longer ones. */
const MAX_URL = 65_536;

/** Limits the time of format checks to be linear in the length of the text. */
export function boundFormats(ajv: Ajv.default): void {
  for (const [name, longest] of Object.entries(MAX_LENGTHS)) {
    const format: unknown = ajv.formats[name];
    const { validate, compare } = (isDefinition(format) ? format : { validate: format }) as FormatParts;
    const test = validate instanceof RegExp ? (text: string) => validate.test(text) : validate;
    ajv.addFormat(name, {
      validate: (text: string) => text.length <= longest && test(text),
      ...(compare === undefined ? {} : { compare }),
    });
  }
  // With a space in the text, the expression would search from each "@" to the end.
  ajv.addFormat('url', (text: string) => text.length <= MAX_URL && !SPACE.test(text) && URL.test(text));
}

interface FormatParts {
  readonly validate: RegExp | ((text: string) => boolean);
  readonly compare?: (one: string, other: string) => number | undefined;
}

function isDefinition(format: unknown): boolean {
  return typeof format === 'object' && format !== null && !(format instanceof RegExp);
}
