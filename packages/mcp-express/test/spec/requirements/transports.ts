import { ALL, EVERY, NEWEST_ONLY, page, SINCE_2025_06_18, UNTIL_2025_06_18 } from '../requirement.js';

const { must, mustNot, should, shouldNot, may } = page('basic/transports');

const SENDING = 'sending-messages-to-the-server';
const LISTENING = 'listening-for-messages-from-the-server';
const RESUMING = 'resumability-and-redelivery';
const SESSIONS = 'session-management';

export const TRANSPORTS = [
  must('transports.utf-8', EVERY, '', 'Messages are UTF-8.'),
  must('transports.single-endpoint', ALL, 'streamable-http', 'One path takes both POST and GET.'),
  must('transports.origin-validated', ALL, 'security-warning', 'The Origin of every request is checked.'),
  must('transports.origin-403', NEWEST_ONLY, 'security-warning', 'One that is not allowed is answered 403.'),
  should('transports.bind-localhost', ALL, 'security-warning', 'On a local machine, only loopback is bound.'),
  should('transports.authentication', ALL, 'security-warning', 'Connections can be authenticated.'),

  must('transports.accepted-202', ALL, SENDING, 'A notification or response that is taken is 202 without a body.'),
  must('transports.not-accepted-status', ALL, SENDING, 'One that is not taken has a status of an HTTP error.'),
  must('transports.answer-form', ALL, SENDING, 'A request is answered by a stream or by one JSON object.'),
  should('transports.priming-event', NEWEST_ONLY, SENDING, 'A stream begins with an event of an id and empty data.'),
  should('transports.retry-before-close', NEWEST_ONLY, SENDING, 'A retry time precedes a close that is not the end.'),
  should('transports.stream-has-response', ALL, SENDING, 'The response is on the stream of its request.'),
  should('transports.related-messages', ALL, SENDING, 'What precedes the response has to do with the request.'),
  shouldNot(
    'transports.no-close-before-response',
    UNTIL_2025_06_18,
    SENDING,
    'The stream is not closed before the response, unless the session is over.',
  ),
  should('transports.end-after-response', ALL, SENDING, 'The stream ends after the response.'),
  shouldNot('transports.disconnect-no-cancel', ALL, SENDING, 'A lost connection does not cancel the request.'),

  must('transports.get-stream-or-405', ALL, LISTENING, 'GET is answered by a stream, or 405.'),
  should('transports.get-unrelated-messages', ALL, LISTENING, 'Its messages have nothing to do with running requests.'),
  mustNot('transports.get-no-response', ALL, LISTENING, 'No response is on it, unless it resumes a POST stream.'),
  should(
    'transports.get-retry-before-close',
    NEWEST_ONLY,
    LISTENING,
    'A close that is not the end tells a retry time.',
  ),
  must('transports.one-stream-per-message', ALL, 'multiple-connections', 'A message goes to one of the open streams.'),
  mustNot('transports.no-broadcast', ALL, 'multiple-connections', 'No message goes to several streams.'),

  must('transports.event-id.unique', ALL, RESUMING, 'No two events of a session share an id.'),
  should('transports.event-id.names-stream', NEWEST_ONLY, RESUMING, 'From an id alone its stream is known.'),
  may('transports.resume', ALL, RESUMING, 'Last-Event-ID on GET goes on with the stream after that event.'),
  mustNot('transports.replay-own-stream', ALL, RESUMING, 'Nothing of another stream is replayed.'),

  should('transports.session-id.secure', ALL, SESSIONS, 'Session ids cannot be guessed and do not repeat.'),
  must('transports.session-id.visible-ascii', ALL, SESSIONS, 'They consist of visible ASCII characters.'),
  should('transports.session-id.required', ALL, SESSIONS, 'Without one, all but initialize is 400.'),
  // By choice, an `initialize` that carries the id of an ended session is no request of that session: it opens another.
  must('transports.session-ended-404', ALL, SESSIONS, 'What comes for a session that has ended is 404.'),
  may('transports.session-delete', ALL, SESSIONS, 'DELETE ends a session.'),

  should(
    'transports.version-header.default',
    SINCE_2025_06_18,
    'protocol-version-header',
    'Without the header, what the session agreed on counts; 2025-03-26 where nothing tells.',
  ),
  must(
    'transports.version-header.invalid',
    SINCE_2025_06_18,
    'protocol-version-header',
    'A version that is none, or none of ours, is 400.',
  ),
];
