import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { effectiveStatus } from './status.js';

test.each([
  ['confirmed', undefined, 'tentative', 'tentative'],
  ['confirmed', 'draft', 'tentative', 'draft'],
  ['tentative', undefined, 'confirmed', 'tentative'],
  ['confirmed', undefined, 'complete', 'confirmed'],
  ['complete', undefined, 'confirmed', 'complete'],
  ['complete', undefined, 'tentative', 'tentative'],
  ['confirmed', 'confirmed', 'cancelled', 'cancelled'],
  ['complete', undefined, undefined, 'complete'],
] as const)('%s work in a phase %p of a project %p is %s', (own, phase, project, status) => {
  expect(effectiveStatus(own, phase, project)).toBe(status);
});

test('nothing makes work firmer, and what is above changes only what it makes less firm', () => {
  const status = fc.constantFrom('draft', 'tentative', 'confirmed', 'complete', 'cancelled');
  const order = ['cancelled', 'draft', 'tentative', 'confirmed'];
  const firmness = (one: string) => order.indexOf(one === 'complete' ? 'confirmed' : one);
  fc.assert(
    fc.property(status, status, status, (own, phase, project) => {
      const found = effectiveStatus(own, phase, project);
      expect(firmness(found)).toBe(Math.min(...[own, phase, project].map(firmness)));
      if (firmness(found) === firmness(own)) expect(found).toBe(own);
      expect(effectiveStatus(own, project, phase)).toBe(found);
    }),
  );
});
