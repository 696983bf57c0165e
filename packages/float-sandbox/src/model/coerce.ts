/** Converts written values to stored ones, or describes their problem. Pure. */
import { type Field, type FieldType, writtenType } from 'float-api';
import { isDay } from 'resource-planning';

/** A stored value, or the problem with a written one. */
export type Coerced = { readonly value: unknown } | { readonly problem: string };

const MAX_COMMON_TEXT = 65_535;

/** Converts a value according to its field. */
export function coerce(field: Field, value: unknown): Coerced {
  const coerced = COERCIONS[writtenType(field)](value, field);
  return 'problem' in coerced ? coerced : (limitProblem(field, coerced.value) ?? coerced);
}

type Coercion = (value: unknown, field: Field) => Coerced;

const COERCIONS: Readonly<Record<FieldType, Coercion>> = {
  integer: (value) => (isInteger(value) ? { value: Number(value) } : { problem: 'must be an integer.' }),
  number: (value) => (isNumeric(value) ? { value: Number(value) } : { problem: 'must be a number.' }),
  flag: (value) =>
    [0, 1, '0', '1', true, false].includes(value as number) ? { value: Number(value) } : { problem: 'must be 1 or 0.' },
  money: (value) => (isNumeric(value) ? { value: Number(value).toFixed(2) } : { problem: 'must be a number.' }),
  string: (value) => (typeof value === 'string' ? { value } : { problem: 'must be a string.' }),
  'hex-id': (value) => (typeof value === 'string' ? { value } : { problem: 'must be a string.' }),
  datetime: (value) => (typeof value === 'string' ? { value } : { problem: 'must be a string.' }),
  date: (value) =>
    typeof value === 'string' && isDay(value) ? { value } : { problem: 'must be a date in the format YYYY-MM-DD.' },
  time: (value) =>
    typeof value === 'string' && /^([01]\d|2[0-3]):[0-5]\d$/.test(value)
      ? { value }
      : { problem: 'must be a time in the format HH:MM.' },
  integers: (value, field) => list(value, { ...field, type: 'integer' }),
  numbers: (value, field) => list(value, { ...field, type: 'number' }),
  strings: (value, field) => list(value, { ...field, type: 'string' }),
  dates: (value, field) => list(value, { ...field, type: 'date' }),
  object: (value) => (isPlain(value) ? { value } : { problem: 'must be an object.' }),
  objects: (value, field) => shapedList(value, field),
};

function list(value: unknown, { length, ...element }: Field): Coerced {
  if (!Array.isArray(value)) return { problem: 'must be an array.' };
  if (length !== undefined && value.length !== length) return { problem: `must have ${length} elements.` };
  const { writeAs: _, default: __, ...field } = element;
  const coerced = value.map((entry) => coerce(field, entry));
  const wrong = coerced.find((entry) => 'problem' in entry);
  return wrong ?? { value: coerced.map((entry) => ('value' in entry ? entry.value : null)) };
}

/** Keeps the fields of the shape in each element; unknown ones are dropped, as in Float. */
function shapedList(value: unknown, field: Field): Coerced {
  if (!Array.isArray(value)) return { problem: 'must be an array.' };
  const kept: Record<string, unknown>[] = [];
  for (const element of value) {
    if (!isPlain(element)) return { problem: 'must be an array of objects.' };
    const shaped = field.shape === undefined ? { value: element } : shape(element, field.shape);
    if ('problem' in shaped) return shaped;
    kept.push(shaped.value);
  }
  return { value: kept };
}

function shape(
  element: Record<string, unknown>,
  fields: Readonly<Record<string, Field>>,
): { value: Record<string, unknown> } | { problem: string } {
  const kept: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = element[name] ?? field.default;
    if (value === undefined && field.required) return { problem: `needs "${name}" in each element.` };
    if (value === undefined) continue;
    const coerced = coerce(field, value);
    if ('problem' in coerced) return { problem: `has a wrong "${name}": it ${coerced.problem}` };
    kept[name] = coerced.value;
  }
  return { value: kept };
}

function limitProblem(field: Field, value: unknown): Coerced | undefined {
  if (typeof value === 'string') return textProblem(field, value);
  if (typeof value !== 'number') return undefined;
  if (field.min !== undefined && value < field.min) return { problem: `must be no less than ${field.min}.` };
  if (field.max !== undefined && value > field.max) return { problem: `must be no greater than ${field.max}.` };
  if (field.values !== undefined && !(value in field.values)) return { problem: 'is invalid.' };
  return undefined;
}

function textProblem(field: Field, value: string): Coerced | undefined {
  if (field.type === 'money' && Number(value) < (field.min ?? 0)) return { problem: 'must be no less than 0.' };
  const longest = field.maxLength ?? MAX_COMMON_TEXT;
  return value.length > longest ? { problem: `should contain at most ${longest} characters.` } : undefined;
}

function isInteger(value: unknown): boolean {
  return Number.isInteger(value) || (typeof value === 'string' && /^-?\d{1,15}$/.test(value));
}

function isNumeric(value: unknown): boolean {
  return typeof value === 'number'
    ? Number.isFinite(value)
    : typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value);
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
