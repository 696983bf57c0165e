import { describe, expect, test } from '@jest/globals';
import { type Entry, matchName, matchWholeName } from './names.js';
import { similarity } from './spelling.js';

const entry = (id: number, name: string, over: Partial<Entry> = {}): Entry => ({
  id,
  name,
  aliases: [],
  active: true,
  ...over,
});
const people = [
  entry(1, 'Ann Smith', { aliases: ['ann@acme.com'] }),
  entry(2, 'Anna Lee'),
  entry(3, 'Bob Smithers'),
  entry(4, 'Bob Stone', { active: false }),
  entry(5, 'José Núñez'),
];
const find = (asked: string | number) => matchName(people, asked, 'person').id;

describe('a name becomes an id', () => {
  test.each([
    [2, 2],
    ['2', 2],
    ['anna lee', 2],
    ['  ANN SMITH ', 1],
    ['ann@ACME.com', 1],
    ['anna', 2],
    ['Lee', 2],
    ['smithers', 3],
    ['bob', 3],
    ['bob stone', 4],
    ['núñ', 5],
  ])('%p is id %p', (asked, id) => {
    expect(find(asked)).toBe(id);
  });

  test.each([
    ['Website', 'Acme – Website redesign'],
    ['website redesign', 'Acme – Website redesign'],
    ['Acme website', 'Acme – Website redesign'],
    ['Acme - Website redesign', 'Acme – Website redesign'],
    ["liam o'brien", 'Liam O’Brien'],
    ["o'brien", 'Liam O’Brien'],
    ['OBrien', 'Liam O’Brien'],
    ['O’Brien', "Liam O'Brien"],
    ['Jose', 'José Núñez'],
    ['jose nunez', 'José Núñez'],
    ['JOSE\u0301', 'José Núñez'],
    ['Soren', 'Søren Weiß'],
    ['weiss', 'Søren Weiß'],
    [' Ann   Smith ', 'Ann Smith'],
    ['Ann Smith', 'Ann\u00a0 Smith'],
    ['Smith, Ann', 'Ann Smith'],
    ['smith,ann', 'Ann Smith'],
    ['Ann Smith', 'Smith, Ann'],
  ])('%p means %p', (asked, name) => {
    expect(matchName([entry(1, 'Zoe Quill'), entry(2, name)], asked, 'record').id).toBe(2);
  });

  test.each(["Liam O'Brien", 'liam obrien', 'jose nunez', 'Núñez,  José', 'acme website redesign'])(
    'a spelling variant is still the whole name, and precedes longer ones: %p',
    (asked) => {
      const names = ['Liam O’Brien', 'José Núñez', 'Acme – Website redesign'];
      const all = names.flatMap((name, index) => [entry(index + 10, `${name} 2`), entry(index, name)]);
      expect(matchName(all, asked, 'record').id).toBeLessThan(names.length);
    },
  );

  test('a typed accent distinguishes names, a missing one is ambiguous', () => {
    const both = [entry(1, 'Jose Ruiz'), entry(2, 'José Ruiz'), entry(3, 'Josè Ruiz')];
    expect(['jose ruiz', 'JOSÉ ruiz'].map((asked) => matchName(both, asked, 'person').id)).toEqual([1, 2]);
    expect(() => matchName(both.slice(1), 'jose ruiz', 'person')).toThrow('José Ruiz (id 2), Josè Ruiz (id 3)');
    expect(() => matchName(both, 'ruiz', 'person')).toThrow('Jose Ruiz (id 1), José Ruiz (id 2), Josè Ruiz (id 3)');
  });

  test.each(['–', ', ', "'", '-'])('%p is no name', (asked) => {
    expect(() => find(asked)).toThrow(expect.objectContaining({ code: 'unknown-name' }));
  });

  test('a full name wins over the beginning of a longer one', () => {
    const both = [entry(1, 'Web'), entry(2, 'Web shop')];
    expect(matchName(both, 'web', 'project').id).toBe(1);
  });

  test('a beginning that fits two is asked back with both', () => {
    expect(() => find('ann')).toThrow(expect.objectContaining({ code: 'ambiguous-name' }));
    expect(() => find('ann')).toThrow('Ann Smith (id 1), Anna Lee (id 2)');
  });

  test('an unknown name lists the most similar', () => {
    expect(() => find('Ana Leee')).toThrow(expect.objectContaining({ code: 'unknown-name' }));
    expect(() => find('Ana Leee')).toThrow('The nearest are: Anna Lee (id 2)');
    expect(() => matchName([], 'x', 'person')).toThrow('There is none at all.');
  });

  test('the empty text is the beginning of everything, and of nothing', () => {
    expect(() => find(' ')).toThrow(expect.objectContaining({ code: 'unknown-name' }));
  });

  test('where nothing can be undone, a beginning is not enough', () => {
    expect(matchWholeName(people, 'Anna Lee', 'person').id).toBe(2);
    expect(matchWholeName(people, 'jose  nunez', 'person').id).toBe(5);
    expect(matchWholeName(people, 'Lee, Anna', 'person').id).toBe(2);
    // Not even the marks between words, by which two records may differ.
    const parts = [entry(1, 'Part 1-2')];
    expect(() => matchWholeName(parts, 'Part 1.2', 'phase')).toThrow(expect.objectContaining({ code: 'unknown-name' }));
    expect(() => matchWholeName(people, 'Anna', 'person')).toThrow(expect.objectContaining({ code: 'unknown-name' }));
  });
});

test('likeness is 1 for the same words in any case and 0 for nothing in common', () => {
  expect(similarity('Design', 'design')).toBe(1);
  expect(similarity('Design', 'xyz')).toBe(0);
  expect(similarity('', '')).toBe(0);
});
