import { ServerResponse } from 'node:http';

/** What has a part in the head of a response. Those with an underscore are called by Node itself. */
interface HeadMethods
  extends Pick<
    ServerResponse,
    'writeHead' | 'setHeader' | 'setHeaders' | 'appendHeader' | 'getHeaderNames' | 'write' | 'end'
  > {
  _implicitHeader(): void;
  _storeHeader(...args: never): void;
}

/**
 * How Node's own methods read. A tracing agent may have replaced any of them before this file was loaded, so that there is
 * no other original to compare with. The names in these texts exist inside Node only; what wraps a method has none of them.
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

/** When this file was loaded. What was replaced later is another function. */
const WERE_OWN = Object.entries(SOURCES).every(([name, source]) => {
  const method: unknown = own[name as keyof HeadMethods];
  return typeof method === 'function' && source.test(Function.prototype.toString.call(method));
});

const { writeHead, setHeader, setHeaders, appendHeader, getHeaderNames, write, end, _implicitHeader, _storeHeader } =
  own;

/**
 * Whether every method of a response that has a part in its head is Node's own: on the response, on the prototypes of
 * Express, and on that of Node. False where it is not certain, as on a version of Node that is not known yet.
 */
export function hasOwnMethods(response: ServerResponse): boolean {
  const its = response as unknown as Readonly<HeadMethods>;
  return (
    WERE_OWN &&
    its.writeHead === writeHead &&
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
