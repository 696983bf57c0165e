import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ERRORS } from '../../src/ground/errors.js';
import { allRows, documentAt, PACKAGE, plain } from './support/markdown.js';

const rows = allRows(documentAt('docs/errors.md')).map(
  ([code = '', status = '', rpc = '', cause = '', remedy = '']) => ({
    code: plain(code),
    status: Number(status),
    rpc: Number(rpc),
    cause,
    remedy,
  }),
);

describe('the page about errors', () => {
  test('has each code once, with its status and its JSON-RPC code, and no other', () => {
    const written = rows.map(({ code, status, rpc }) => [code, { status, rpc }] as const);
    const real = Object.entries(ERRORS).map(([code, { status, rpc }]) => [code, { status, rpc }] as const);
    expect(Object.fromEntries(written)).toEqual(Object.fromEntries(real));
    expect(written).toHaveLength(Object.keys(ERRORS).length);
  });

  test('gives each code a cause and a remedy', () => {
    expect(rows.filter(({ cause, remedy }) => cause === '' || remedy === '')).toEqual([]);
  });

  test('says of those codes, and only of those, that nothing raises them that nothing raises', () => {
    const files = readdirSync(join(PACKAGE, 'src'), { recursive: true, encoding: 'utf8' });
    const code = files
      .filter((file) => /(?<!\.test)\.ts$/.test(file) && file !== 'ground/errors.ts')
      .map((file) => readFileSync(join(PACKAGE, 'src', file), 'utf8'))
      .join('\n');
    const unused = Object.keys(ERRORS).filter((name) => !code.includes(`'${name}'`));
    const said = rows.filter(({ cause }) => cause.startsWith('not raised by the package yet')).map((row) => row.code);
    expect(said.sort()).toEqual(unused.sort());
  });
});
