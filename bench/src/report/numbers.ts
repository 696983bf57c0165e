import type { Unit } from '../rows/row.js';
import { median, range } from '../statistics.js';

const FORMATS: Readonly<Record<Unit, (value: number) => string>> = {
  times: (value) => `${digits(value)} ×`,
  count: (value) => value.toFixed(2),
  bytes: (value) => `${whole(value)} B`,
  percent: (value) => `${value.toFixed(1)} %`,
  ms: (value) => `${digits(value)} ms`,
  'per second': (value) => `${whole(value)} /s`,
  microseconds: (value) => `${whole(value)} µs`,
};

/** A value with its unit. */
export function shown(value: number, unit: Unit): string {
  return FORMATS[unit](value);
}

/** The median, and the range of the rounds. */
export function withSpread(values: readonly number[], unit: Unit): string {
  const [least, most] = range(values);
  const spread = values.length > 1 ? ` (${bare(least, unit)} – ${bare(most, unit)})` : '';
  return `${shown(median(values), unit)}${spread}`;
}

/** A rounded number with separators of thousands. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

function bare(value: number, unit: Unit): string {
  return shown(value, unit).replace(/ \D+$/, '');
}

function digits(value: number): string {
  return Math.abs(value) >= 100 ? whole(value) : value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}
