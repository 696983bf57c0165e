import { describe, expect, test } from '@jest/globals';
import type { Field } from 'float-api';
import { coerce } from './coerce.js';

const field = (type: Field['type'], marks: Partial<Field> = {}): Field => ({ type, about: 'x', ...marks });

describe('coerce', () => {
  test.each<[string, Field, unknown, unknown]>([
    ['an integer', field('integer'), 7, 7],
    ['an integer in a string', field('integer'), '7', 7],
    ['a flag as a boolean', field('flag'), true, 1],
    ['money as a number', field('money'), 120, '120.00'],
    ['money as a string', field('money'), '99.5', '99.50'],
    ['a list', field('integers'), [1, '2'], [1, 2]],
    [
      'an object of a shape, without what the shape does not know',
      field('objects', {
        shape: { name: field('string', { required: true }), type: field('integer', { default: 1 }) },
      }),
      [{ name: 'figma', colour: 'red' }],
      [{ name: 'figma', type: 1 }],
    ],
    ['a time', field('time'), '09:30', '09:30'],
  ])('accepts %s', (_case, row, value, expected) => {
    expect(coerce(row, value)).toEqual({ value: expected });
  });

  test.each<[string, Field, unknown, RegExp]>([
    ['half an integer', field('integer'), 1.5, /integer/],
    ['a flag of 2', field('flag'), 2, /1 or 0/],
    ['a number in words', field('number'), 'eight', /number/],
    ['a number that is none', field('number'), Number.NaN, /number/],
    ['negative money', field('money', { min: 0 }), -1, /no less than 0/],
    ['a date that is none', field('date'), '2026-02-30', /YYYY-MM-DD/],
    ['a time that is none', field('time'), '25:00', /HH:MM/],
    ['a text that is too long', field('string', { maxLength: 3 }), 'four', /at most 3/],
    ['an unknown code', field('integer', { values: { 1: 'a' } }), 2, /invalid/],
    ['too much', field('number', { max: 24 }), 25, /no greater than 24/],
    ['a week of six days', field('numbers', { length: 7 }), [1, 2, 3, 4, 5, 6], /7 elements/],
    ['a list with a wrong element', field('integers'), [1, 'x'], /integer/],
    [
      'an element without its name',
      field('objects', { shape: { name: field('string', { required: true }) } }),
      [{}],
      /"name"/,
    ],
    ['a list for an object', field('object'), [], /object/],
  ])('refuses %s', (_case, row, value, message) => {
    expect(coerce(row, value)).toEqual({ problem: expect.stringMatching(message) });
  });
});
