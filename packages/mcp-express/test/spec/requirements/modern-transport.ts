import { MODERN, page } from '../requirement.js';

const { must, mustNot, should } = page('basic/transports/streamable-http');

const SENDING = 'sending-messages';
const RECEIVING = 'receiving-messages';
const VERSION = 'protocol-version-header';
const ENCODING = 'value-encoding';
const PARAMS = 'server-behavior-for-custom-headers';
const VALIDATION = 'server-validation';
const EARLIER = 'earlier-streamable-http-revisions';

export const MODERN_TRANSPORT = [
  must('streamable-http.single-endpoint', MODERN, '', 'One path takes every POST.'),
  must('streamable-http.origin-validated', MODERN, '', 'The Origin of every request is checked.'),
  must('streamable-http.origin-403', MODERN, '', 'One that is not allowed is answered 403.'),
  should('streamable-http.bind-localhost', MODERN, '', 'On a local machine, only loopback is bound.'),
  should('streamable-http.authentication', MODERN, '', 'Connections can be authenticated.'),
  must('streamable-http.accepted-202', MODERN, SENDING, 'A notification that is taken is 202 without a body.'),
  must('streamable-http.not-accepted-status', MODERN, SENDING, 'One that is not taken has a status of an HTTP error.'),
  must('streamable-http.answer-form', MODERN, SENDING, 'A request is answered by a stream or by one JSON object.'),
  must('streamable-http.related-messages', MODERN, RECEIVING, 'What precedes the response has to do with the request.'),
  mustNot('streamable-http.no-requests', MODERN, RECEIVING, 'No request is on it.'),
  should('streamable-http.response-ends', MODERN, RECEIVING, 'The response ends the stream.'),
  should('streamable-http.no-buffering', MODERN, RECEIVING, 'Proxies are told not to buffer a stream.'),
  must('streamable-http.disconnect-cancels', MODERN, 'cancellation', 'Who closes the stream cancels the request.'),
  should('streamable-http.stop-work', MODERN, 'cancellation', 'Work on it stops.'),
  mustNot('streamable-http.nothing-after', MODERN, 'cancellation', 'Nothing more is sent for it.'),
  must('streamable-http.version-matches', MODERN, VERSION, 'The version of the header is that of the body, or 400.'),
  must('streamable-http.version-unsupported', MODERN, VERSION, 'One that is not served is 400 and -32022.'),
  must('streamable-http.method-unknown', MODERN, VERSION, 'A method that there is not is 404 and -32601.'),
  must('streamable-http.value-decoded', MODERN, ENCODING, 'An encoded value is decoded before it is compared.'),
  must(
    'streamable-http.sentinel-exact',
    MODERN,
    ENCODING,
    'The marks of an encoded value are read as they are written.',
  ),
  must('streamable-http.param-characters', MODERN, PARAMS, 'A header of an argument has nothing but what headers may.'),
  must('streamable-http.param-matches', MODERN, PARAMS, 'It is what the argument is, or 400 and -32020.'),
  mustNot(
    'streamable-http.param-absent',
    MODERN,
    PARAMS,
    'None is expected for an argument that is null or not there.',
  ),
  must('streamable-http.param-missing', MODERN, PARAMS, 'One is expected for an argument that is.'),
  must('streamable-http.header-name-case', MODERN, 'case-sensitivity', 'The case of header names does not matter.'),
  must('streamable-http.headers-required', MODERN, VALIDATION, 'Version, method and name headers must be there.'),
  must('streamable-http.headers-match', MODERN, VALIDATION, 'They must be what the body says.'),
  must('streamable-http.header-characters', MODERN, VALIDATION, 'They have nothing but what headers may.'),
  must('streamable-http.mismatch-answer', MODERN, VALIDATION, 'Otherwise the answer is 400 and -32020.'),
  should('streamable-http.integers-numerically', MODERN, VALIDATION, 'Integers are compared as numbers.'),
  should('streamable-http.post-only', MODERN, EARLIER, 'GET and DELETE are 405.'),
  should('streamable-http.session-id-ignored', MODERN, EARLIER, 'The id of a session is ignored, and none is given.'),
  should('streamable-http.last-event-id-ignored', MODERN, EARLIER, 'Nothing is resumed.'),
];
