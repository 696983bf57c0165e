import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { effectiveStatus } from './status.js';

test.each([
  ['confirmed', undefined, 'tentative', 'tentative'],
  ['confirmed', 'draft', 'tentative', 'draft'],
  ['tentative', undefined, 'confirmed', 'tentative'],
  ['confirmed', undefined, 'complete', 'confirmed'],
  ['complete', undefined, 'confirmed', 'confirmed'],
  ['confirmed', 'confirmed', 'cancelled', 'cancelled'],
  ['complete', undefined, undefined, 'complete'],
] as const)('%s work in a phase %p of a project %p is %s', (own, phase, project, status) => {
  expect(effectiveStatus(own, phase, project)).toBe(status);
});

test('the order in which the three are named does not matter, and nothing makes work firmer', () => {
  const status = fc.constantFrom('draft', 'tentative', 'confirmed', 'complete', 'cancelled');
  fc.assert(
    fc.property(status, status, status, (a, b, c) => {
      const found = effectiveStatus(a, b, c);
      expect(effectiveStatus(c, a, b)).toBe(found);
      expect(effectiveStatus(found, a, b, c)).toBe(found);
      expect([a, b, c]).toContain(found);
    }),
  );
});
