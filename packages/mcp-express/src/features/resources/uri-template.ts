import { ConfigurationError } from '../../protocol/errors.js';
import { spelledUri, withLowerCaseFront } from '../../protocol/uri.js';

/**
 * RFC 6570 URI templates, read backwards: from a URI to the values of the variables.
 *
 * No regular expression is built from a template and nothing is tried twice, so that a long URI costs its length and no
 * more (the class of CVE-2026-0621). The price is a plain rule instead of a search: a variable ends where the next
 * literal first occurs, the last literal must end the URI.
 *
 * Clients write URIs in different spellings: what one encodes, another leaves as it is. So literals and URIs are compared
 * in one spelling, scheme and host in any case, and a value may have every character that does not end it.
 */
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
  /** What the expansion begins with. */
  readonly first: string;
  /** What stands between values. */
  readonly separator: string;
  /** Values are written as `name=value`. */
  readonly named: boolean;
  /** Reserved characters such as `/` may stand in a value. */
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

/** The operators whose expansion cannot be part of a host. */
const ENDS_HOST: ReadonlySet<Operator> = new Set(['/', '?', '#', '&']);

const EXPRESSION = /^([+#./;?&]?)([A-Za-z0-9_.,*%:]+)$/;
const VARIABLE = /^([A-Za-z0-9_.%]+)(?::[0-9]{1,4})?(\*?)$/;

/**
 * The characters that end a value of an operator that does not allow reserved ones. RFC 6570 encodes more of them, but
 * `encodeURIComponent` leaves `!'()*`, and people who write a URI by hand leave `@:+;=&$` too.
 */
const DELIMITER = /[/?#]/;

export class UriTemplate {
  readonly #parts: readonly Part[];

  /** @throws ConfigurationError when it is not a template of RFC 6570. */
  constructor(readonly text: string) {
    this.#parts = withFoldedFront(parse(text));
  }

  get variableNames(): readonly string[] {
    return this.#parts.flatMap((part) => (typeof part === 'string' ? [] : part.variables.map(({ name }) => name)));
  }

  /**
   * The values of the variables in this URI, decoded; `undefined` when the URI is not of this template.
   *
   * @param spelled as `spelledUri` writes it, once for all templates that are tried.
   */
  match(spelled: string): Variables | undefined {
    // No prototype: a variable may be called like one of its members.
    const values: Record<string, string | string[]> = Object.create(null);
    // Literals are looked for here; values keep the case they came in.
    const folded = withLowerCaseFront(spelled);
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

  /** Where the expression at `index` ends: where the first of what may follow it begins, or at the end of the URI. */
  #endOf(uri: string, position: number, index: number): number {
    const own = RULES[(this.#parts[index] as Expression).operator].first;
    const from = uri.startsWith(own, position) ? position + own.length : position;
    const rest = this.#parts.slice(index + 1);
    const next = rest.findIndex((part) => typeof part === 'string');
    // Expressions may be empty, so any of them may be what follows; a literal is never left out.
    const expressions = (next === -1 ? rest : rest.slice(0, next)) as readonly Expression[];
    const starts = expressions.map(({ operator }) => startOf(RULES[operator].first, uri, from));
    const literal = rest[next] as string | undefined;
    if (literal === undefined) return Math.min(uri.length, ...starts);
    const found = next === rest.length - 1 ? endingAt(uri, literal, from) : uri.indexOf(literal, from);
    return found === -1 ? -1 : Math.min(found, ...starts);
  }
}

/** Where an expression that begins with these characters may begin; nowhere before the end when it has none. */
function startOf(first: string, uri: string, from: number): number {
  const found = first === '' ? -1 : uri.indexOf(first, from);
  return found === -1 ? uri.length : found;
}

/** Where a URI's last literal begins, if it ends with it. */
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
    if (literal !== '') parts.push(spelledUri(literal));
    if (open === -1) break;
    const close = text.indexOf('}', open);
    if (close === -1) throw invalid(text, 'a "{" without "}"');
    parts.push(parseExpression(text, text.slice(open + 1, close)));
    position = close + 1;
  }
  return parts;
}

/** Literals of the scheme and the host in lower case. */
function withFoldedFront(parts: readonly Part[]): readonly Part[] {
  const folded: Part[] = [];
  let front = '';
  for (const part of parts) {
    if (typeof part !== 'string') {
      front += ENDS_HOST.has(part.operator) ? '/' : 'x';
      folded.push(part);
      continue;
    }
    const whole = withLowerCaseFront(`${front}${part}`);
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

function invalid(template: string, what: string): ConfigurationError {
  return new ConfigurationError(`URI template ${JSON.stringify(template)} is not RFC 6570: ${what}`);
}

/** Reads one expression's stretch of the URI into `values`. False when it cannot be its expansion. */
function take(expression: Expression, text: string, values: Record<string, string | string[]>): boolean {
  const rule = RULES[expression.operator];
  // An expression whose variables are all undefined expands to nothing.
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

/** False when a variable that is no list is given twice. */
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
