import { describe, expect, test } from '@jest/globals';
import { createFaults, type Fault } from './faults.js';

const GET = { method: 'GET', path: '/tasks', page: 1 };
const DROP = { does: 'drop' } as const satisfies Fault;
const hits = (fault: Fault, ...asked: (typeof GET)[]) => {
  const faults = createFaults([fault]);
  return asked.map((one) => faults.take(one) !== undefined);
};

describe('requests that a fault affects', () => {
  test('every one, by default', () => {
    expect(hits(DROP, GET, { ...GET, method: 'POST' }, { ...GET, path: '/people' })).toEqual([true, true, true]);
  });

  test('those of a method, a path, a page', () => {
    expect(hits({ ...DROP, method: 'POST' }, GET, { ...GET, method: 'POST' })).toEqual([false, true]);
    expect(hits({ ...DROP, path: '/tasks' }, { ...GET, path: '/people' }, { ...GET, path: '/tasks/4' })).toEqual([
      false,
      true,
    ]);
    expect(hits({ ...DROP, page: 2 }, GET, { ...GET, page: 2 }, { ...GET, page: 3 })).toEqual([false, true, false]);
  });

  test('a number of requests, after a number that pass', () => {
    expect(hits({ ...DROP, times: 2 }, GET, GET, GET)).toEqual([true, true, false]);
    expect(hits({ ...DROP, skip: 1, times: 1 }, GET, GET, GET)).toEqual([false, true, false]);
    expect(hits({ ...DROP, skip: 1, path: '/people' }, GET, { ...GET, path: '/people' })).toEqual([false, false]);
  });

  test('the next fault applies when the first is used up or skips', () => {
    const faults = createFaults([
      { ...DROP, skip: 1, times: 1 },
      { does: 'garble', times: 1 },
    ]);
    expect([faults.take(GET)?.does, faults.take(GET)?.does, faults.take(GET)]).toEqual(['garble', 'drop', undefined]);
  });

  test('none after removal', () => {
    const faults = createFaults();
    const remove = faults.add(DROP);
    remove();
    expect(faults.take(GET)).toBeUndefined();
    faults.add(DROP);
    faults.clear();
    expect(faults.take(GET)).toBeUndefined();
  });
});
