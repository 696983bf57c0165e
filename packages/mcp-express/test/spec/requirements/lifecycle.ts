import { ALL, FIRST, page, SINCE_2025_06_18 } from '../requirement.js';

const { must, mustNot, should, shouldNot } = page('basic/lifecycle');

export const LIFECYCLE = [
  must('lifecycle.initialize-first', ALL, 'initialization', 'Nothing is served to who has not initialized.'),
  mustNot('lifecycle.initialize-not-batched', FIRST, 'initialization', 'An initialize within a batch opens nothing.'),
  must('lifecycle.server-info', ALL, 'initialization', 'The answer names our capabilities and who we are.'),
  shouldNot(
    'lifecycle.no-requests-before-initialized',
    ALL,
    'initialization',
    'A client that has not said that it is initialized is asked nothing but pings.',
  ),
  must('lifecycle.same-version', ALL, 'version-negotiation', 'A version we serve is answered with itself.'),
  must('lifecycle.other-version', ALL, 'version-negotiation', 'Any other is answered with one we serve.'),
  should('lifecycle.latest-version', ALL, 'version-negotiation', 'That one is our newest.'),
  must('lifecycle.respect-version', SINCE_2025_06_18, 'operation', 'A session is served in the version agreed.'),
  should('lifecycle.respect-version-first', FIRST, 'operation', 'A session is served in the version agreed.'),
  must(
    'lifecycle.negotiated-capabilities',
    SINCE_2025_06_18,
    'operation',
    'What one side has not declared, the other does not use.',
  ),
  should(
    'lifecycle.negotiated-capabilities-first',
    FIRST,
    'operation',
    'What one side has not declared, the other does not use.',
  ),
  should('lifecycle.request-timeouts', ALL, 'timeouts', 'A request to the client is not waited for without end.'),
  should('lifecycle.timeout-cancels', ALL, 'timeouts', 'One that is no longer waited for is cancelled.'),
  should('lifecycle.timeout-per-request', ALL, 'timeouts', 'The time to wait can be set for each request.'),
  should('lifecycle.maximum-timeout', ALL, 'timeouts', 'Progress does not put off the end of waiting without limit.'),
  should(
    'lifecycle.error-cases',
    ALL,
    'error-handling',
    'Wrong versions, missing capabilities, timeouts are survived.',
  ),
];
