import { ALL, EVERY, page } from '../requirement.js';

const cancellation = page('basic/utilities/cancellation');
const ping = page('basic/utilities/ping');
const progress = page('basic/patterns/progress');
/** Where 2026-07-28 has what it took over. */
const cancellationSince = page('basic/patterns/cancellation');

const BEHAVIOR = 'behavior-requirements';
const NOTES = 'implementation-notes';
const CONSIDERATIONS = 'implementation-considerations';
const ERRORS = 'error-handling';

export const CANCELLATION = [
  cancellation.must('cancellation.same-direction', ALL, BEHAVIOR, 'We cancel only what we ourselves have asked.'),
  cancellation.must('cancellation.in-progress', ALL, BEHAVIOR, 'We cancel only what has not been answered.'),
  cancellationSince.should('cancellation.stop-processing', EVERY, BEHAVIOR, 'A cancelled request is told to stop.'),
  cancellationSince.should('cancellation.free-resources', EVERY, BEHAVIOR, 'What it held is let go.'),
  cancellationSince.should('cancellation.no-response', EVERY, BEHAVIOR, 'It is not answered.'),
  cancellation.should('cancellation.ignore-late-response', ALL, BEHAVIOR, 'An answer to what we cancelled is dropped.'),
  cancellationSince.must(
    'cancellation.races',
    EVERY,
    'timing-considerations',
    'A cancellation that comes late does no harm.',
  ),
  cancellationSince.should('cancellation.log-reasons', EVERY, NOTES, 'The reason of a cancellation is logged.'),
  cancellationSince.should(
    'cancellation.invalid-ignored',
    EVERY,
    ERRORS,
    'One that is malformed or of no request is ignored.',
  ),
];

export const PING = [
  ping.must('ping.empty-result', ALL, BEHAVIOR, 'A ping is answered at once with an empty result.'),
  ping.should('ping.periodic', ALL, CONSIDERATIONS, 'Pings are sent to find dead connections.'),
  ping.should('ping.configurable', ALL, CONSIDERATIONS, 'How often can be set.'),
  ping.should('ping.timeout-fits', ALL, CONSIDERATIONS, 'The time to wait for one suits the network.'),
  ping.should('ping.not-excessive', ALL, CONSIDERATIONS, 'They are few.'),
  ping.should('ping.timeout-is-failure', ALL, ERRORS, 'One that is not answered is a lost connection.'),
  ping.should('ping.failures-logged', ALL, ERRORS, 'Failed ones are logged.'),
];

export const PROGRESS = [
  progress.must('progress.increases', EVERY, 'progress-flow', 'Each value is greater than the one before.'),
  progress.should('progress.message', EVERY, 'progress-flow', 'The message tells people something.'),
  progress.must('progress.token-given', EVERY, BEHAVIOR, 'Only a token that came with a request is named.'),
  progress.must('progress.token-in-progress', EVERY, BEHAVIOR, 'It is named only while that request runs.'),
  progress.should('progress.tokens-tracked', EVERY, NOTES, 'Which tokens are active is known.'),
  progress.should('progress.rate-limited', EVERY, NOTES, 'Notifications do not flood the other side.'),
  progress.must('progress.stops', EVERY, NOTES, 'None follows the answer.'),
];
