import { expect, test } from '@jest/globals';
import { resourceOf } from 'float-api';
import { newColumns } from './columns.js';

test('a table that was made before a field was known gets its column', () => {
  expect(newColumns(resourceOf('clients'), new Set(['client_id']))).toEqual([
    'ALTER TABLE "clients" ADD COLUMN "name" TEXT',
  ]);
  expect(newColumns(resourceOf('clients'), new Set(['client_id', 'name']))).toEqual([]);
});
