import type Ajv from 'ajv/dist/core.js';

/**
 * Formats whose values are short, and more characters than any of them needs. A check that takes its time on a long text,
 * such as splitting it or compiling it, is not begun.
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
 * The `url` of ajv-formats, with one character class for what may come before "@" where that has two that overlap, so that
 * the time it takes grows with the length and not with its square.
 */
const URL =
  /^(?:https?|ftp):\/\/(?:\S+@)?(?:(?!(?:10|127)(?:\.\d{1,3}){3})(?!(?:169\.254|192\.168)(?:\.\d{1,3}){2})(?!172\.(?:1[6-9]|2\d|3[0-1])(?:\.\d{1,3}){2})(?:[1-9]\d?|1\d\d|2[01]\d|22[0-3])(?:\.(?:1?\d{1,2}|2[0-4]\d|25[0-5])){2}(?:\.(?:[1-9]\d?|1\d\d|2[0-4]\d|25[0-4]))|(?:(?:[a-z0-9\u{00a1}-\u{ffff}]+-)*[a-z0-9\u{00a1}-\u{ffff}]+)(?:\.(?:[a-z0-9\u{00a1}-\u{ffff}]+-)*[a-z0-9\u{00a1}-\u{ffff}]+)*(?:\.(?:[a-z\u{00a1}-\u{ffff}]{2,})))(?::\d{2,5})?(?:\/\S*)?$/iu;

const SPACE = /\s/;

/** Characters; more than any browser or server takes in an address of http. */
const MAX_URL = 65_536;

/** Makes the time that formats take grow with the length of the text, whatever the text. */
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
  // With a space in it, each "@" would be tried to the end of the text.
  ajv.addFormat('url', (text: string) => text.length <= MAX_URL && !SPACE.test(text) && URL.test(text));
}

interface FormatParts {
  readonly validate: RegExp | ((text: string) => boolean);
  readonly compare?: (one: string, other: string) => number | undefined;
}

function isDefinition(format: unknown): boolean {
  return typeof format === 'object' && format !== null && !(format instanceof RegExp);
}
