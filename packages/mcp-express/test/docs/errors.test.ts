import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ERRORS, type ErrorCode, McpError } from '../../src/protocol/errors.js';
import { allRows, documentAt, PACKAGE, plain } from './support/markdown.js';
import { filesBehind } from './support/source.js';

const rows = allRows(documentAt('docs/errors.md')).map(
  ([code = '', status = '', rpc = '', modern = '', cause = '', remedy = '']) => ({
    code: plain(code),
    status: Number(status),
    rpc: Number(rpc),
    modern: modern === '' ? { status: 200, rpc: Number(rpc) } : modernOf(modern),
    cause,
    remedy,
  }),
);

/** `404 / -32601`: the status of the answer to a request that was taken, where it is not 200, and the JSON-RPC code. */
function modernOf(cell: string): { status: number; rpc: number } {
  const [, status = '200', rpc] = /^(?:(\d{3}) \/ )?(-\d{5})$/.exec(cell) ?? [];
  return { status: Number(status), rpc: Number(rpc) };
}

describe('the page about errors', () => {
  test('has each code once, with its status and its JSON-RPC code in both eras, and no other', () => {
    const written = rows.map(({ code, status, rpc, modern }) => [code, { status, rpc, modern }] as const);
    const real = (Object.keys(ERRORS) as ErrorCode[]).map((code) => {
      const { status, rpcCode, answerStatus, modernRpcCode } = new McpError(code, '');
      return [code, { status, rpc: rpcCode, modern: { status: answerStatus, rpc: modernRpcCode } }] as const;
    });
    expect(Object.fromEntries(written)).toEqual(Object.fromEntries(real));
    expect(written).toHaveLength(Object.keys(ERRORS).length);
  });

  test('gives each code a cause and a remedy', () => {
    expect(rows.filter(({ cause, remedy }) => cause === '' || remedy === '')).toEqual([]);
  });

  test('says of those codes, and only of those, that nothing raises them that nothing raises', () => {
    const code = [...filesBehind('index.ts'), ...filesBehind('sdk/index.ts')]
      .filter((file) => file !== 'protocol/errors.ts')
      .map((file) => readFileSync(join(PACKAGE, 'src', file), 'utf8'))
      .join('\n');
    const unused = Object.keys(ERRORS).filter((name) => !code.includes(`'${name}'`));
    const said = rows.filter(({ cause }) => cause.startsWith('not raised by the package yet')).map((row) => row.code);
    expect(said.sort()).toEqual(unused.sort());
  });
});
