import { ConfigurationError } from '../../protocol/errors.js';
import { normalizedUri, withLowerCaseAuthority } from '../../protocol/uri.js';

/** The variables of a URI template, by name. */
export type Variables = Readonly<Record<string, string | string[]>>;

interface Variable {
  readonly name: string;
  readonly explode: boolean;
}

interface Expression {
  readonly operator: Operator;
  readonly variables: readonly Variable[];
}

type Part = string | Expression;

type Operator = '' | '+' | '#' | '.' | '/' | ';' | '?' | '&';

interface OperatorRule {
  /** Prefix of the expansion. */
  readonly first: string;
  /** Separator between values. */
  readonly separator: string;
  /** Values have the form `name=value`. */
  readonly named: boolean;
  /** Values may contain reserved characters such as `/`. */
  readonly reserved: boolean;
}

/** RFC 6570, appendix A. */
const RULES: Readonly<Record<Operator, OperatorRule>> = {
  '': { first: '', separator: ',', named: false, reserved: false },
  '+': { first: '', separator: ',', named: false, reserved: true },
  '#': { first: '#', separator: ',', named: false, reserved: true },
  '.': { first: '.', separator: '.', named: false, reserved: false },
  '/': { first: '/', separator: '/', named: false, reserved: false },
  ';': { first: ';', separator: ';', named: true, reserved: false },
  '?': { first: '?', separator: '&', named: true, reserved: false },
  '&': { first: '&', separator: '&', named: true, reserved: false },
};

/** Operators whose expansion cannot be part of a host. */
const ENDS_HOST: ReadonlySet<Operator> = new Set(['/', '?', '#', '&']);

const EXPRESSION = /^([+#./;?&]?)([A-Za-z0-9_.,*%:]+)$/;
const VARIABLE = /^([A-Za-z0-9_.%]+)(?::[0-9]{1,4})?(\*?)$/;

/**
 * Characters that end a value of an operator without reserved characters. RFC 6570 encodes more of them, but
 * `encodeURIComponent` does not encode `!'()*`, and URIs written by hand often contain `@:+;=&$`.
 */
const DELIMITER = /[/?#]/;

const BEGINS_URI = /^(?:[A-Za-z][A-Za-z0-9+.-]*:|\{|[A-Za-z][A-Za-z0-9+.-]*\{)/;

/**
 * A URI template (RFC 6570) for matching: it extracts the variables from a URI.
 *
 * The matcher needs no regular expression built from the template and no backtracking, so its time is linear in the
 * length of the URI (compare CVE-2026-0621). In return the rule is simple: a variable ends at the first occurrence of
 * the next literal, and the last literal must end the URI.
 *
 * Clients encode URIs differently. Literals and URIs are therefore compared in normalised form, scheme and host
 * regardless of case, and a value may contain every character that does not end it.
 */
export class UriTemplate {
  readonly #parts: readonly Part[];

  /** @throws ConfigurationError when the text is not an RFC 6570 template */
  constructor(readonly text: string) {
    this.#parts = withFoldedFront(parse(text));
    // What is read is a URI, so it has a scheme.
    if (!BEGINS_URI.test(text))
      throw invalid(text, 'no scheme, such as that of "orders://{id}", at the start', 'a URI');
  }

  get variableNames(): readonly string[] {
    return this.#parts.flatMap((part) => (typeof part === 'string' ? [] : part.variables.map(({ name }) => name)));
  }

  /**
   * The decoded values of the variables. `undefined` when the URI does not match.
   * @param spelled the URI as normalised by `spelledUri`, once for all templates
   */
  match(spelled: string): Variables | undefined {
    // No prototype, because variables may have the names of its members.
    const values: Record<string, string | string[]> = Object.create(null);
    // For comparing literals. Values keep their case.
    const folded = withLowerCaseAuthority(spelled);
    let position = 0;
    for (const [index, part] of this.#parts.entries()) {
      if (typeof part === 'string') {
        if (!folded.startsWith(part, position)) return undefined;
        position += part.length;
      } else {
        const end = this.#endOf(folded, position, index);
        if (end === -1 || !take(part, spelled.slice(position, end), values)) return undefined;
        position = end;
      }
    }
    return position === spelled.length ? { ...values } : undefined;
  }

  /** The end of the expression at `index`: the start of the next part, or the end of the URI. */
  #endOf(uri: string, position: number, index: number): number {
    const own = RULES[(this.#parts[index] as Expression).operator].first;
    const from = uri.startsWith(own, position) ? position + own.length : position;
    const rest = this.#parts.slice(index + 1);
    const next = rest.findIndex((part) => typeof part === 'string');
    // Each following expression may be empty, so any of them may be next. A literal is always present.
    const expressions = (next === -1 ? rest : rest.slice(0, next)) as readonly Expression[];
    const starts = expressions.map(({ operator }) => startOf(RULES[operator].first, uri, from));
    const literal = rest[next] as string | undefined;
    if (literal === undefined) return Math.min(uri.length, ...starts);
    const found = next === rest.length - 1 ? endingAt(uri, literal, from) : uri.indexOf(literal, from);
    return found === -1 ? -1 : Math.min(found, ...starts);
  }
}

/** The first possible start of an expression with this prefix, or the end of the URI. */
function startOf(first: string, uri: string, from: number): number {
  const found = first === '' ? -1 : uri.indexOf(first, from);
  return found === -1 ? uri.length : found;
}

/** The position of the last literal, if the URI ends with it. Otherwise -1. */
function endingAt(uri: string, literal: string, from: number): number {
  const start = uri.length - literal.length;
  return start >= from && uri.endsWith(literal) ? start : -1;
}

function parse(text: string): Part[] {
  const parts: Part[] = [];
  let position = 0;
  while (position < text.length) {
    const open = text.indexOf('{', position);
    const literal = text.slice(position, open === -1 ? undefined : open);
    if (literal.includes('}')) throw invalid(text, 'a "}" without "{"');
    if (literal !== '') parts.push(normalizedUri(literal));
    if (open === -1) break;
    const close = text.indexOf('}', open);
    if (close === -1) throw invalid(text, 'a "{" without "}"');
    parts.push(parseExpression(text, text.slice(open + 1, close)));
    position = close + 1;
  }
  return parts;
}

/** Converts literals of the scheme and the host to lower case. */
function withFoldedFront(parts: readonly Part[]): readonly Part[] {
  const folded: Part[] = [];
  let front = '';
  for (const part of parts) {
    if (typeof part !== 'string') {
      front += ENDS_HOST.has(part.operator) ? '/' : 'x';
      folded.push(part);
      continue;
    }
    const whole = withLowerCaseAuthority(`${front}${part}`);
    folded.push(whole.slice(front.length));
    front = whole;
  }
  return folded;
}

function parseExpression(template: string, text: string): Expression {
  const match = EXPRESSION.exec(text);
  const variables = (match?.[2] ?? '').split(',').map((spec) => VARIABLE.exec(spec));
  if (match === null || variables.some((variable) => variable === null)) throw invalid(template, `"{${text}}"`);
  return {
    operator: match[1] as Operator,
    variables: variables.map((variable) => ({ name: variable?.[1] ?? '', explode: variable?.[2] === '*' })),
  };
}

function invalid(template: string, what: string, wanted = 'RFC 6570'): ConfigurationError {
  return new ConfigurationError(`URI template ${JSON.stringify(template)} is not ${wanted}: ${what}`);
}

/** Adds the variables of one expression to `values`. False if the text is not an expansion of it. */
function take(expression: Expression, text: string, values: Record<string, string | string[]>): boolean {
  const rule = RULES[expression.operator];
  // An expression with only undefined variables expands to nothing.
  if (text === '') return rule.first !== '';
  if (!text.startsWith(rule.first)) return false;
  const pieces = text.slice(rule.first.length).split(rule.separator);
  return rule.named ? takeNamed(expression, pieces, values) : takeOrdered(expression, pieces, values, rule);
}

function takeNamed(
  { variables }: Expression,
  pieces: readonly string[],
  values: Record<string, string | string[]>,
): boolean {
  return pieces.every((piece) => {
    const equals = piece.indexOf('=');
    const name = equals === -1 ? piece : piece.slice(0, equals);
    const variable = variables.find((candidate) => candidate.name === name);
    const value = decoded(equals === -1 ? '' : piece.slice(equals + 1));
    return variable !== undefined && value !== undefined && put(values, variable, value);
  });
}

/** False when a variable without `*` occurs twice. */
function put(values: Record<string, string | string[]>, { name, explode }: Variable, value: string): boolean {
  const before = values[name];
  if (Array.isArray(before)) before.push(value);
  else if (before !== undefined) return false;
  else values[name] = explode ? [value] : value;
  return true;
}

function takeOrdered(
  { variables }: Expression,
  pieces: readonly string[],
  values: Record<string, string | string[]>,
  rule: OperatorRule,
): boolean {
  const decodedPieces = pieces.map((piece) => (rule.reserved || !DELIMITER.test(piece) ? decoded(piece) : undefined));
  if (decodedPieces.includes(undefined)) return false;
  const rest = decodedPieces as string[];
  for (const [index, { name, explode }] of variables.entries()) {
    const isLast = index === variables.length - 1;
    if (explode && isLast) values[name] = rest.splice(0);
    else if (isLast && rule.reserved) values[name] = rest.splice(0).join(rule.separator);
    else values[name] = rest.shift() ?? '';
  }
  return rest.length === 0;
}

function decoded(text: string): string | undefined {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
