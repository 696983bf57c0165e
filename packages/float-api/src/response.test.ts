import { describe, expect, test } from '@jest/globals';
import { readPage } from './page.js';
import { resourceOf } from './resources.js';
import { errorOf, jsonValue, type ResponseContext, waitOf } from './response.js';
import type { RawResponse } from './transport.js';

const JSON_TYPE = { 'content-type': 'application/json; charset=UTF-8' };
const HTML_TYPE = { 'content-type': 'text/html' };
function answer(status: number, body: unknown, headers: Record<string, string> = JSON_TYPE): RawResponse {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, text, header: (name) => headers[name] };
}
const context: ResponseContext = { endpoint: 'POST /tasks', now: 0 };
const said = (status: number, message: string) => ({ name: 'x', message, code: 0, status });

describe('errorOf', () => {
  test.each([
    [401, said(401, 'Your request was made with invalid credentials.'), JSON_TYPE, 'unauthorized', /regenerated/],
    [403, '<html>403 Forbidden</html>', HTML_TYPE, 'forbidden', /no Authorization header reached Float/],
    [403, said(403, 'Not allowed'), JSON_TYPE, 'forbidden', /Not allowed/],
    [404, said(404, 'Object not found: 7'), JSON_TYPE, 'not-found', /Object not found: 7/],
    [404, said(404, 'Page not found.'), JSON_TYPE, 'not-found', /check the base URL/],
    [400, said(400, 'Invalid JSON'), JSON_TYPE, 'invalid', /Invalid JSON/],
    [429, said(429, 'Too many requests'), JSON_TYPE, 'rate-limited', /rate limit/],
    [503, '<html>upstream</html>', HTML_TYPE, 'unavailable', /answered 503/],
    [302, '', {}, 'bad-answer', /answered 302/],
  ])('%i %j', (status, body, headers, code, message) => {
    const error = errorOf(answer(status, body, headers), context);
    expect(error?.code).toBe(code);
    expect(error?.message).toMatch(message);
    expect(error?.message).toContain('POST /tasks');
    expect(error?.status).toBe(status);
  });

  test('a 403 of a feature names the feature, and that the key may lack the right: the status means both', () => {
    for (const text of ['Time Tracking is not enabled for this team', 'You are not allowed to perform this action.']) {
      const error = errorOf(answer(403, said(403, text)), { ...context, feature: 'time tracking' });
      expect(error?.code).toBe('feature-off');
      expect(error?.message).toMatch(
        /^time tracking is switched off for the Float team, or the API key has no right to it/,
      );
      expect(error?.message).toContain(text);
    }
  });

  test('a 422 list keeps every field', () => {
    const body = [
      { field: 'hours', message: 'Hours cannot be blank.' },
      { field: 'end_date', message: 'End date is wrong.' },
      { field: 'end_date', message: 'End date is early.' },
    ];
    const error = errorOf(answer(422, body), context);
    expect(error?.code).toBe('invalid');
    expect(error?.details).toEqual({
      hours: 'Hours cannot be blank.',
      end_date: 'End date is wrong. End date is early.',
    });
    expect(error?.message).toContain('hours: Hours cannot be blank.');
  });

  test('a 422 object keeps its message', () => {
    const error = errorOf(answer(422, said(422, 'Hours cannot be blank.')), context);
    expect(error?.details).toEqual({});
    expect(error?.message).toContain('Hours cannot be blank.');
  });

  test('a body that only claims to be JSON does not throw', () => {
    expect(errorOf(answer(500, '{"name":'), context)?.code).toBe('unavailable');
  });

  test('2xx is no error', () => {
    expect(errorOf(answer(204, '', {}), context)).toBeUndefined();
  });
});

describe('waitOf', () => {
  test.each([
    ['Retry-After in seconds', { 'retry-after': '7' }, 429, 7_000],
    ['Retry-After as a date', { 'retry-after': 'Thu, 01 Jan 1970 00:00:09 GMT' }, 503, 9_000],
    ['the reset of a used-up minute', { 'ratelimit-remaining': '0', 'ratelimit-reset': '33' }, 429, 33_000],
    ['a burst, which no header tells', { 'ratelimit-remaining': '150', 'ratelimit-reset': '33' }, 429, 1_000],
    ['nothing', {}, 429, undefined],
    ['a 500 with rate headers', { 'ratelimit-reset': '33' }, 500, undefined],
  ])('%s', (_case, headers: Record<string, string>, status, expected) => {
    expect(waitOf(answer(status, '', headers), 0)).toBe(expected);
  });
});

describe('reading a 2xx', () => {
  test('an empty body is no value', () => {
    expect(jsonValue(answer(204, '', {}), 'DELETE /people/1')).toBeUndefined();
  });

  test('HTML is a bad answer, not a crash', () => {
    expect(() => jsonValue(answer(200, '<html>', HTML_TYPE), 'GET /people')).toThrow(/expected JSON, got text\/html/);
  });

  const asked = { endpoint: 'GET /people', row: resourceOf('people'), page: 1, perPage: 2 };

  test('a full page without the page count may have another after it', () => {
    expect(readPage(answer(200, [{}, {}]), asked)).toMatchObject({ pages: undefined, total: 2 });
    expect(readPage(answer(200, [{}]), { ...asked, page: 3 })).toMatchObject({ pages: 3, total: 5 });
    expect(readPage(answer(200, [{}, {}, {}]), asked)).toMatchObject({ pages: 1, total: 3 });
  });

  test('the page count has two names', () => {
    const headers = { 'content-type': 'application/json', 'x-pagination-pages': '7' };
    expect(readPage(answer(200, [{}, {}], headers), asked)).toMatchObject({ pages: 7 });
  });

  test('a list may stand in an object, when it is the only one there', () => {
    expect(readPage(answer(200, { people: [{}], total: 1 }), asked).records).toEqual([{}]);
    for (const body of [{ people: [{}], projects: [] }, { people: 1 }, { people: [1] }, [[{}]]]) {
      expect(() => readPage(answer(200, body), asked)).toThrow(/expected a list/);
    }
  });
});
