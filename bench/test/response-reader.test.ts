import assert from 'node:assert/strict';
import { describe, test } from '@jest/globals';
import { headerIn, ResponseReader } from '../src/wire/response-reader.js';

const PLAIN = 'HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: 8\r\n\r\n{"id":1}';
const CHUNKED =
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n' +
  '3\r\n:\n\n\r\na\r\ndata: {}\n\n\r\n0\r\n\r\n';

/** Gives the text in two pieces, cut there. */
function readInTwo(text: string, cut: number) {
  const reader = new ResponseReader();
  const bytes = Buffer.from(text);
  const early = reader.push(bytes.subarray(0, cut));
  assert.equal(early, undefined);
  return reader.push(bytes.subarray(cut));
}

describe('reading responses', () => {
  test('a response is the same wherever it was cut', () => {
    for (let cut = 1; cut < PLAIN.length; cut += 1) assert.equal(readInTwo(PLAIN, cut)?.text(), '{"id":1}');
    for (let cut = 1; cut < CHUNKED.length; cut += 1)
      assert.equal(readInTwo(CHUNKED, cut)?.text(), ':\n\ndata: {}\n\n');
  });

  test('the head has the status and the type', () => {
    const response = new ResponseReader().push(Buffer.from(PLAIN));
    assert.equal(response?.status, 200);
    assert.equal(response?.type, 'application/json');
    assert.equal(response?.bytes, 8);
    assert.equal(headerIn(response?.head ?? '', 'content-length'), '8');
    assert.equal(headerIn(response?.head ?? '', 'mcp-session-id'), undefined);
  });

  test('the next response of the connection is another one', () => {
    const reader = new ResponseReader();
    assert.equal(reader.push(Buffer.from(PLAIN))?.text(), '{"id":1}');
    assert.equal(reader.push(Buffer.from(CHUNKED))?.bytes, 13);
    assert.equal(reader.push(Buffer.from('HTTP/1.1 204 No Content\r\n\r\n'))?.status, 204);
  });

  test('more than was announced is an error', () => {
    assert.throws(() => new ResponseReader().push(Buffer.from(`${PLAIN}HTTP/1.1 200`)), /more bytes came/);
  });

  test('an unwanted body is still counted', () => {
    const reader = new ResponseReader((bytes) => bytes < 8);
    reader.push(Buffer.from(PLAIN.slice(0, -3)));
    assert.equal(reader.push(Buffer.from(PLAIN.slice(-3)))?.bytes, 8);
  });
});
