import { ALL, page } from '../requirement.js';

const cancellation = page('basic/utilities/cancellation');
const ping = page('basic/utilities/ping');
const progress = page('basic/utilities/progress');

const BEHAVIOR = 'behavior-requirements';
const NOTES = 'implementation-notes';
const CONSIDERATIONS = 'implementation-considerations';
const ERRORS = 'error-handling';

export const CANCELLATION = [
  cancellation.must('cancellation.same-direction', ALL, BEHAVIOR, 'We cancel only what we ourselves have asked.'),
  cancellation.must('cancellation.in-progress', ALL, BEHAVIOR, 'We cancel only what has not been answered.'),
  cancellation.should('cancellation.stop-processing', ALL, BEHAVIOR, 'A cancelled request is told to stop.'),
  cancellation.should('cancellation.free-resources', ALL, BEHAVIOR, 'What it held is let go.'),
  cancellation.should('cancellation.no-response', ALL, BEHAVIOR, 'It is not answered.'),
  cancellation.should('cancellation.ignore-late-response', ALL, BEHAVIOR, 'An answer to what we cancelled is dropped.'),
  cancellation.must('cancellation.races', ALL, 'timing-considerations', 'A cancellation that comes late does no harm.'),
  cancellation.should('cancellation.log-reasons', ALL, NOTES, 'The reason of a cancellation is logged.'),
  cancellation.should(
    'cancellation.invalid-ignored',
    ALL,
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
  progress.must('progress.increases', ALL, 'progress-flow', 'Each value is greater than the one before.'),
  progress.should('progress.message', ALL, 'progress-flow', 'The message tells people something.'),
  progress.must('progress.token-given', ALL, BEHAVIOR, 'Only a token that came with a request is named.'),
  progress.must('progress.token-in-progress', ALL, BEHAVIOR, 'It is named only while that request runs.'),
  progress.should('progress.tokens-tracked', ALL, NOTES, 'Which tokens are active is known.'),
  progress.should('progress.rate-limited', ALL, NOTES, 'Notifications do not flood the other side.'),
  progress.must('progress.stops', ALL, NOTES, 'None follows the answer.'),
];
