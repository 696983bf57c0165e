import { ServerResponse } from 'node:http';

/** The methods that take part in building the head of a response. Node itself calls those with an underscore. */
interface HeadMethods
  extends Pick<
    ServerResponse,
    'writeHead' | 'setHeader' | 'setHeaders' | 'appendHeader' | 'getHeaderNames' | 'write' | 'end'
  > {
  _implicitHeader(): void;
  _storeHeader(...args: never): void;
}

/**
 * Patterns for the source text of Node's own methods. A tracing agent may have replaced any of them before this file
 * was loaded, so there may be no original to compare with. The identifiers exist only inside Node; a wrapper contains
 * none of them.
 */
const SOURCES: Readonly<Record<keyof HeadMethods, RegExp>> = {
  writeHead:
    /^function writeHead\(statusCode, reason, obj\) \{\s+if \(this\._header\) \{\s+throw new ERR_HTTP_HEADERS_SENT\('write'\);/,
  setHeader:
    /^function setHeader\(name, value\) \{\s+if \(this\._header\) \{\s+throw new ERR_HTTP_HEADERS_SENT\('set'\);/,
  setHeaders:
    /^function setHeaders\(headers\) \{\s+if \(this\._header\) \{\s+throw new ERR_HTTP_HEADERS_SENT\('set'\);/,
  appendHeader:
    /^function appendHeader\(name, value\) \{\s+if \(this\._header\) \{\s+throw new ERR_HTTP_HEADERS_SENT\('append'\);/,
  getHeaderNames: /^function getHeaderNames\(\) \{\s+return this\[kOutHeaders\] !== null \?/,
  write: /^function write\(chunk, encoding, callback\) \{[\s\S]+ = write_\(this, chunk, encoding, callback, false\);/,
  end: /^function end\(chunk, encoding, callback\) \{[\s\S]+new ERR_STREAM_WRITE_AFTER_END\(\)/,
  _implicitHeader: /^function _implicitHeader\(\) \{\s+this\.writeHead\(this\.statusCode\);\s+\}$/,
  _storeHeader: /^function _storeHeader\(firstLine, headers\) \{[\s\S]+processHeader\(this, state, /,
};

const own = ServerResponse.prototype as unknown as Readonly<HeadMethods>;

/** Whether all methods were Node's own when this file was loaded. A later replacement is a different function. */
const WERE_NATIVE = Object.entries(SOURCES).every(([name, source]) => {
  const method: unknown = own[name as keyof HeadMethods];
  return typeof method === 'function' && source.test(Function.prototype.toString.call(method));
});

const {
  writeHead: ownWriteHead,
  setHeader,
  setHeaders,
  appendHeader,
  getHeaderNames,
  write,
  end,
  _implicitHeader,
  _storeHeader,
} = own;

/**
 * Whether every method that takes part in a response's head is Node's own: on the response, on the prototypes of
 * Express, and on Node's prototype. False if uncertain, for example on an unknown version of Node.
 */
export function hasNativeMethods(response: ServerResponse): boolean {
  const its = response as unknown as Readonly<HeadMethods>;
  return (
    WERE_NATIVE &&
    its.writeHead === ownWriteHead &&
    its.end === end &&
    its.write === write &&
    its.setHeader === setHeader &&
    its.setHeaders === setHeaders &&
    its.appendHeader === appendHeader &&
    its.getHeaderNames === getHeaderNames &&
    its._implicitHeader === _implicitHeader &&
    its._storeHeader === _storeHeader
  );
}

/**
 * Writes the status and headers of a response. The body must follow with `write`, `end` or `flushHeaders`.
 *
 * Middleware and agents replace methods of responses to add or read headers at the latest possible moment. Not all of them
 * support every signature of `writeHead` (`on-headers` before 1.1 makes `c: o` of a flat list of names and values), and
 * those that wait for `end` can set nothing after the head was written. If any method is not Node's own, headers are
 * therefore set one by one and Node writes the head with the body, as for every response of Express.
 *
 * @param lines a flat list of names and values; it is not kept or changed.
 */
export function writeHead(response: ServerResponse, status: number, lines: readonly string[]): void {
  if (hasNativeMethods(response)) {
    response.writeHead(status, lines as string[]);
    return;
  }
  response.statusCode = status;
  for (let at = 0; at < lines.length; at += 2) response.setHeader(lines[at] as string, lines[at + 1] as string);
}
