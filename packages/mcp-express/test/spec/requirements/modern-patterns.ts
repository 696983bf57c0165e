import { MODERN, page } from '../requirement.js';

const mrtr = page('basic/patterns/mrtr');
const subscriptions = page('basic/patterns/subscriptions');
const cancellation = page('basic/patterns/cancellation');

const SERVER = 'server-requirements-basic-workflow';
const ERRORS = 'error-handling';

export const MRTR = [
  mrtr.must('mrtr.pattern', MODERN, '', 'What a client is asked stands in the result of its request.'),
  mrtr.mustNot('mrtr.other-methods', MODERN, 'supported-requests', 'Only tools, prompts and resources ask.'),
  mrtr.must('mrtr.keys-unique', MODERN, SERVER, 'No two questions of a request have one key.'),
  mrtr.must('mrtr.request-kinds', MODERN, SERVER, 'Forms, pages, completions and roots are asked for, nothing else.'),
  mrtr.must('mrtr.state-untrusted', MODERN, SERVER, 'A state that comes back is taken for what an attacker sends.'),
  mrtr.must('mrtr.state-protected', MODERN, SERVER, 'It cannot be changed unseen.'),
  mrtr.must('mrtr.state-rejected', MODERN, SERVER, 'One that was changed is refused.'),
  mrtr.should('mrtr.state-principal', MODERN, SERVER, 'So is that of somebody else.'),
  mrtr.should('mrtr.state-expiry', MODERN, SERVER, 'So is one that is too old.'),
  mrtr.should('mrtr.state-request', MODERN, SERVER, 'So is one of another request.'),
  mrtr.must('mrtr.state-once', MODERN, SERVER, 'Where each may be used only once, the server sees to it.'),
  mrtr.must('mrtr.not-empty', MODERN, SERVER, 'There are questions, or a state, or both.'),
  mrtr.mustNot('mrtr.undeclared', MODERN, SERVER, 'A client is not asked what it has not declared.'),
  mrtr.mustNot('mrtr.no-retry-assumed', MODERN, SERVER, 'Nothing waits for a client that may never come back.'),
  mrtr.should('mrtr.responses-validated', MODERN, ERRORS, 'What comes back is checked.'),
  mrtr.should('mrtr.protocol-errors', MODERN, ERRORS, 'What is malformed is a JSON-RPC error.'),
  mrtr.should('mrtr.extra-ignored', MODERN, ERRORS, 'What was not asked for is ignored.'),
  mrtr.should('mrtr.asked-again', MODERN, ERRORS, 'What was not answered is asked again.'),
];

export const SUBSCRIPTIONS = [
  subscriptions.mustNot('subscriptions.only-requested', MODERN, 'opening-a-stream', 'Nothing unasked is told.'),
  subscriptions.must(
    'subscriptions.acknowledged-first',
    MODERN,
    'acknowledgment',
    'The first message acknowledges the subscription and names it.',
  ),
  subscriptions.mustNot('subscriptions.nothing-before', MODERN, 'acknowledgment', 'Nothing comes before that.'),
  subscriptions.should(
    'subscriptions.graceful-end',
    MODERN,
    'graceful-closure',
    'A subscription that the server ends is ended by its response.',
  ),
];

export const MODERN_CANCELLATION = [
  cancellation.must(
    'cancellation.of-subscription',
    MODERN,
    '',
    'A subscription that the server ends is cancelled by a notification.',
    'The schema has this on stdio alone; over HTTP the response to the subscription says it.',
  ),
  cancellation.mustNot('cancellation.nothing-else', MODERN, '', 'The server cancels nothing else.'),
  cancellation.must(
    'cancellation.server-reference',
    MODERN,
    'behavior-requirements',
    'What it cancels is a subscription.',
  ),
  cancellation.must(
    'cancellation.disconnect',
    MODERN,
    'transport-specific-cancellation',
    'A client that disconnects has cancelled.',
  ),
  cancellation.should(
    'cancellation.timeouts',
    MODERN,
    'timeouts',
    'What is asked is not waited for without end.',
    'The server sends no requests that it could wait for; what a task asks is bounded by its life.',
  ),
];
