import { describe } from '@jest/globals';

/** What others got wrong, in few words. Each is walked by one `mistake`. Two owners after a take-over need two processes. */
export const MISTAKES = {
  'authentication on POST alone': 'GET and DELETE are served to whoever has a session id',
  'a session bound to the bytes of a token': 'every refresh looks like a theft',
  'an unknown session made a new one': 'clients never learn that they lost state',
  'an unknown session answered 401 or 400': 'clients refresh their tokens for ever, and never initialize',
  'replay keyed by the stream alone': 'events of one session are given to another',
  'event ids assigned by get-then-increment': 'two events have one id',
  'a second GET refused after the first dropped': 'the client collides with itself',
  'a GET that sends nothing until the first event': 'it hangs behind proxies',
  'an idle timer that fires during a call': 'the call is lost',
  'sessions that are never removed': 'memory grows',
  'a cancel that reaches nothing': 'the work goes on',
  'write() of false taken for a disconnect': 'the stream is cut short',
  'waiting for drain for ever': 'a stalled peer holds what it had',
  'sessions saved whole by two writers': 'one of two changes is lost',
  'initialize aborted or sent twice': '400 for ever',
  'priming events for everybody': 'clients that do not know them stumble',
} as const;

export function mistake(name: keyof typeof MISTAKES, tests: () => void): void {
  describe(`${name}: ${MISTAKES[name]}`, tests);
}
